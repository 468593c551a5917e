"""Exceptions raised by the library.

Every error is a :class:`StanceError` and also the builtin kind a caller would expect, so
``except ValueError`` keeps working. Messages say what came, what is allowed and what to do.
"""

from __future__ import annotations


class StanceError(Exception):
    """Base class of every error the library raises on purpose."""


class ConfigError(StanceError, ValueError):
    """A configuration file has an unknown key, a wrong type or a value out of range."""


class LabelError(StanceError, ValueError):
    """A label name is unknown, or a checkpoint does not name its labels."""


class SpanError(StanceError, ValueError):
    """A span is out of range or does not slice back to its text."""


class DataError(StanceError, ValueError):
    """An input file, row or field cannot be used."""


class ModelLoadError(StanceError, OSError):
    """A checkpoint, adapter or backbone is missing, damaged or of the wrong kind."""


class CalibrationError(StanceError, ValueError):
    """Calibration data are too few, or lack a class."""


class MissingExtraError(StanceError, ImportError):
    """An optional dependency is needed and not installed."""
