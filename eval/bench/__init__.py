"""Speed, side by side in one run: ``python -m eval.bench``. Nothing is asserted about time."""
