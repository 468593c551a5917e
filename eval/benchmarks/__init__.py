"""Public benchmarks, read from the user's own copy: one small loader for each published format."""
