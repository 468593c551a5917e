"""The classifier as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from stance.errors import DataError, LabelError, MissingExtraError
from stance.integrations.loading import shared_classifier
from stance.labels import Stance, parse_label

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.utils.validation import check_is_fitted
except ImportError as error:
    raise MissingExtraError(
        "StanceEstimator needs scikit-learn: pip install 'newsstance[sklearn]'"
    ) from error

if TYPE_CHECKING:
    import pandas as pd

    from stance.checkpoint import PrecisionChoice

_OPTIONAL = ("context", "speaker")


class StanceEstimator(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # untyped bases
    """Stance toward a target, as scikit-learn's tools expect a classifier.

    It judges without training; :meth:`fit` learns your names of the labels and, with ``adapt``, a
    correction of the checkpoint's probabilities. It never abstains. The model itself is loaded when
    it is first needed and shared by all clones of a process, so that cross-validation and
    ``n_jobs`` cost what the scoring costs.

    Args:
        target: what the stance is toward; None where a data frame has a column ``target``.
        checkpoint: as in :func:`stance.load`: a bundled model, an adapter folder or a config.
        precision: as in :func:`stance.load`.
        device: as in :func:`stance.load`.
        adapt: fit a multinomial logistic regression of your labels on the checkpoint's logarithmic
            probabilities (as Platt 1999 did for support vector machines, for three classes).

    Attributes:
        classes_: ``[3]``, your name of each stance, sorted; set by :meth:`fit`.
    """

    def __init__(
        self,
        target: str | None = None,
        *,
        checkpoint: str = "default",
        precision: PrecisionChoice = "auto",
        device: str | None = None,
        adapt: bool = False,
    ) -> None:
        # As scikit-learn's `clone` needs it: each argument under its own name, unchanged.
        self.target = target
        self.checkpoint = checkpoint
        self.precision = precision
        self.device = device
        self.adapt = adapt

    def fit(
        self, X: Sequence[str] | pd.DataFrame, y: Sequence[str] | None = None
    ) -> StanceEstimator:
        """Learn the names of the labels and, with ``adapt``, the correction.

        Args:
            X: ``[n]`` statements; or a data frame with a column ``statement`` and, where there are
                any, ``target``, ``context`` and ``speaker``.
            y: ``[n]`` labels: ``favor``, ``against``, ``neutral``, or other names for them that
                :mod:`stance.labels` knows (``support``, ``oppose`` and so on), in one spelling.
                None where nothing is to be learned.

        Raises:
            LabelError: a label is unknown, or one stance has two names.
            DataError: X and y differ in length, or a statement or target is missing, or ``adapt``
                has no labels or but one class.
        """
        names: dict[Stance, str] = {}
        for label in [] if y is None else list(dict.fromkeys(map(str, y))):
            stance = parse_label(Stance, label)
            if names.setdefault(stance, label) != label:
                raise LabelError(f"y calls one stance {names[stance]!r} and {label!r}: use one")
        given = set(names)
        for stance in Stance:
            names.setdefault(stance, stance.value)
        if len(set(names.values())) < len(names):
            raise LabelError(f"y calls two stances by one name: {', '.join(names.values())}")
        self.classes_ = np.array(sorted(names.values()))
        self._order = [
            next(i for i, stance in enumerate(Stance) if names[stance] == name)
            for name in self.classes_
        ]
        if y is not None and len(y) != len(X):
            raise DataError(f"{len(y)} labels for {len(X)} statements: give one for each")
        self._correction = None
        if self.adapt:
            if y is None or len(given) < 2:
                raise DataError("adapt=True learns from labels of two stances or more: give them")
            from sklearn.linear_model import LogisticRegression

            self._correction = LogisticRegression(max_iter=1000)
            self._correction.fit(np.log(self._shares(X)), np.asarray(list(map(str, y))))
        return self

    def predict_proba(self, X: Sequence[str] | pd.DataFrame) -> npt.NDArray[np.float64]:
        """Probabilities ``[n, 3]``, columns as in ``classes_``.

        Raises:
            NotFittedError: :meth:`fit` was not called.
            DataError: as :meth:`stance.StanceClassifier.predict`.
        """
        check_is_fitted(self, "classes_")
        shares = self._shares(X)
        if self._correction is None:
            return shares
        corrected = np.zeros_like(shares)
        columns = np.searchsorted(self.classes_, self._correction.classes_)
        corrected[:, columns] = self._correction.predict_proba(np.log(shares))
        return corrected

    def predict(self, X: Sequence[str] | pd.DataFrame) -> npt.NDArray[np.str_]:
        """The most probable of ``classes_`` for each statement, ``[n]``.

        Raises:
            NotFittedError: :meth:`fit` was not called.
            DataError: as :meth:`stance.StanceClassifier.predict`.
        """
        shares = self.predict_proba(X)
        chosen: npt.NDArray[np.str_] = self.classes_[shares.argmax(axis=1)]
        return chosen

    def _shares(self, X: Sequence[str] | pd.DataFrame) -> npt.NDArray[np.float64]:
        """The checkpoint's probabilities ``[n, 3]`` in the order of ``classes_``, above 0."""
        columns = self._columns(X)
        classifier = shared_classifier(self.checkpoint, self.precision, self.device, True)
        found = classifier.predict(
            columns["statement"],
            columns["target"],
            columns.get("context"),
            speakers=columns.get("speaker"),
            progress=False,
        )
        shares = np.array(
            [[p.stance_probabilities[stance] for stance in Stance] for p in found], np.float64
        ).reshape(-1, len(Stance))
        return np.maximum(shares[:, self._order], 1e-9)

    def _columns(self, X: Sequence[str] | pd.DataFrame) -> dict[str, list[Any]]:
        """Statements and targets, and contexts and speakers where there are any."""
        import pandas as pd

        if not isinstance(X, pd.DataFrame):
            columns = {"statement": list(X)}
        elif "statement" in X.columns:
            known = [name for name in ("statement", "target", *_OPTIONAL) if name in X.columns]
            columns = {name: list(X[name]) for name in known}
        else:
            raise DataError(f"the data frame has no column 'statement', but {list(X.columns)}")
        if self.target is not None:
            columns["target"] = [self.target] * len(columns["statement"])
        if "target" not in columns:
            raise DataError(
                "no target: give StanceEstimator(target=...), or a data frame with that column"
            )
        return columns
