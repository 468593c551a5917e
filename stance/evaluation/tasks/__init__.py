"""The evaluators: one module for each task."""
