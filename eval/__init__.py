"""Evaluation harness: ``python -m eval CONFIG``. Uses the library; is never used by it."""
