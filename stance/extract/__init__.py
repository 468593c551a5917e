"""Article text to attributed statements."""
