"""(statement, target, context) to calibrated stance and sentiment."""
