"""HTML views of records."""
