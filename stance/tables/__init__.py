"""Tables of statements in and out."""
