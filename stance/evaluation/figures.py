"""Figures of the HTML report as inline SVG; colours come from the page's CSS variables."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from stance.evaluation.metrics import ReliabilityBin
from stance.evaluation.resampling import Interval

_SIZE, _LEFT, _TOP = 220, 46, 12
_SAID = (1.0, 0.75, 0.5, 0.25)  # shares of rows answered, in the words of the curve
_LONGEST = 40  # characters of a name in a figure


def confusion_svg(confusion: Sequence[Sequence[int]], labels: Sequence[str]) -> Markup:
    """A confusion matrix: gold by row, predicted by column, shaded by the share of its row."""
    cell, left, top = 76, 80, 40
    size = cell * len(labels)
    parts = [
        Markup('<text class="axis" x="{}" y="14" text-anchor="middle">predicted</text>').format(
            left + size // 2
        )
    ]
    for i, label in enumerate(labels):
        middle = i * cell + cell // 2
        parts.append(_text(left + middle, top - 8, label, "middle"))
        parts.append(_text(left - 8, top + middle + 4, label, "end"))
    for i, row in enumerate(confusion):
        total = sum(row)
        for j, count in enumerate(row):
            share = count / total if total else 0.0
            x, y = left + j * cell, top + i * cell
            kind = "hit" if i == j else "miss"
            parts.append(
                Markup(
                    '<rect class="cell {}" x="{}" y="{}" width="{}" height="{}" '
                    'fill-opacity="{:.3f}"/>'
                ).format(kind, x + 1, y + 1, cell - 2, cell - 2, 0.06 + 0.45 * share)
            )
            parts.append(_text(x + cell // 2, y + cell // 2, str(count), "middle", "count"))
            shown = f"{share:.0%}" if total else "–"
            parts.append(_text(x + cell // 2, y + cell // 2 + 16, shown, "middle"))
    said = "; ".join(
        f"of {sum(row)} gold {label} "
        + ", ".join(f"{n} predicted {name}" for n, name in zip(row, labels, strict=True))
        for label, row in zip(labels, confusion, strict=True)
    )
    return _svg(left + size + 4, top + size + 4, "Confusion matrix", parts, said)


def reliability_svg(
    after: Sequence[ReliabilityBin], before: Sequence[ReliabilityBin] = ()
) -> Markup:
    """Accuracy against confidence in equal-width bins; the dotted line is perfect calibration.

    Args:
        after: bins of the calibrated probabilities.
        before: bins before calibration, drawn dashed, or nothing.
    """
    parts = [*_frame("confidence", "accuracy", 1.0), _line([(0, 0), (1, 1)], "ideal", 1.0)]
    for bins, kind in ((before, "before"), (after, "after")):
        points = [(b.confidence, b.accuracy) for b in bins]
        parts.append(_line(points, kind, 1.0))
        total = sum(b.n for b in bins)
        for (x, y), item in zip(points, bins, strict=True):
            radius = 2.5 + 5 * (item.n / total) ** 0.5
            across, down = _place(x, y, 1.0)
            parts.append(
                Markup(
                    '<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{:.1f}">'
                    "<title>{} rows, confidence {:.2f}, accuracy {:.2f}</title></circle>"
                ).format(kind, across, down, radius, item.n, x, y)
            )
    said = "; ".join(
        f"{b.n} rows at confidence {b.confidence:.2f}: {b.accuracy:.0%} right" for b in after
    )
    return _svg(_SIZE + _LEFT + 14, _SIZE + _TOP + 40, "Reliability diagram", parts, said)


def risk_coverage_svg(curve: Sequence[tuple[float, float]]) -> Markup:
    """Error rate among the rows kept, against the share of rows kept."""
    highest = max((risk for _, risk in curve), default=0.0)
    top = next(limit for limit in (0.1, 0.2, 0.3, 0.5, 1.0) if highest <= limit)
    points = list(curve)
    parts = [*_frame("share of statements answered", "error rate", top)]
    parts.append(_line(points, "after", top))
    if points:
        x, y = _place(*points[-1], top)
        parts.append(Markup('<circle class="after" cx="{:.1f}" cy="{:.1f}" r="3"/>').format(x, y))
    shown = [min(points, key=lambda point: abs(point[0] - share)) for share in _SAID if points]
    said = "; ".join(f"{risk:.0%} errors with {share:.0%} answered" for share, risk in shown)
    return _svg(_SIZE + _LEFT + 14, _SIZE + _TOP + 40, "Risk-coverage curve", parts, said)


def scores_svg(scores: Sequence[tuple[str, Interval, str]], caption: str) -> Markup:
    """Values with their intervals on one axis from 0 to 1, one below the other.

    Args:
        scores: name, value, and its class: ``after`` for a system, ``other`` for a baseline.
        caption: what the axis is.
    """
    row, left, width, top = 26, 12, 330, 10
    parts: list[Markup] = []
    bottom = top + 2 * row * len(scores)
    for i in range(5):
        x = left + width * i / 4
        line = Markup('<path class="grid" stroke="silver" d="M{:.1f},{}V{}"/>')
        parts.append(line.format(x, top, bottom))
        parts.append(_text(x, bottom + 15, f"{i / 4:g}", "middle"))
    for at, (name, value, kind) in enumerate(scores):
        y = top + 2 * row * at
        shown = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        parts.append(_text(left, y + 16, f"{shown}  {value.value:.3f}", "start", "name"))
        ends = [left + width * min(1.0, max(0.0, x)) for x in (value.low, value.high, value.value)]
        mark = Markup(
            "<g><title>{0}: {1:.3f} [{2:.3f}, {3:.3f}]</title>"
            '<path class="bound {4}" stroke="gray" d="M{5:.1f},{8}H{6:.1f}"/>'
            '<circle class="{4}" cx="{7:.1f}" cy="{8}" r="4"/></g>'
        )
        parts.append(mark.format(name, value.value, value.low, value.high, kind, *ends, y + 32))
    parts.append(_text(left + width / 2, bottom + 32, caption, "middle", "axis"))
    said = "; ".join(f"{name} {v.value:.3f} [{v.low:.3f}, {v.high:.3f}]" for name, v, _ in scores)
    return _svg(left + width + 14, bottom + 40, f"{caption} side by side", parts, said)


def _place(x: float, y: float, top: float) -> tuple[float, float]:
    return _LEFT + x * _SIZE, _TOP + (1 - y / top) * _SIZE


def _line(points: Sequence[tuple[float, float]], kind: str, top: float) -> Markup:
    if len(points) < 2:
        return Markup("")
    path = " ".join("{:.1f},{:.1f}".format(*_place(x, y, top)) for x, y in points)
    return Markup('<polyline class="line {}" fill="none" stroke="gray" points="{}"/>').format(
        kind, path
    )


def _frame(across: str, up: str, top: float) -> list[Markup]:
    parts = [
        Markup(
            '<rect class="frame" fill="none" stroke="gray" x="{}" y="{}" width="{}" height="{}"/>'
        ).format(_LEFT, _TOP, _SIZE, _SIZE)
    ]
    for i in range(5):
        share = i / 4
        x, y = _place(share, share * top, top)
        parts.append(_text(x, _TOP + _SIZE + 15, f"{share:g}", "middle"))
        parts.append(_text(_LEFT - 6, y + 4, f"{share * top:.3g}", "end"))
        parts.append(
            Markup('<path class="grid" stroke="silver" d="M{:.1f},{:.1f}H{:.1f}"/>').format(
                _LEFT, y, _LEFT + _SIZE
            )
        )
    parts.append(_text(_LEFT + _SIZE / 2, _TOP + _SIZE + 32, across, "middle", "axis"))
    middle = _TOP + _SIZE / 2
    parts.append(
        Markup(
            '<text class="axis" transform="translate(11 {:.1f}) rotate(-90)" '
            'text-anchor="middle">{}</text>'
        ).format(middle, up)
    )
    return parts


def _text(x: float, y: float, text: str, anchor: str, kind: str = "tick") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        kind, x, y, anchor, text
    )


def _svg(width: int, height: int, title: str, parts: Sequence[Markup], said: str) -> Markup:
    """A figure with what it shows in words, for those who do not see it."""
    return Markup(
        '<svg role="img" aria-label="{0}: {4}" viewBox="0 0 {1} {2}" width="{1}" height="{2}">'
        "<title>{0}</title>{3}</svg>"
    ).format(escape(title), width, height, Markup("").join(parts), said or "nothing to show")
