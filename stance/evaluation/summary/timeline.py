"""Shares over months as inline SVG; colours come from the page's CSS variables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from stance.evaluation.prevalence import GroupShares, Share

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_LEFT, _RIGHT, _TOP, _PLOT, _BARS = 44, 26, 12, 190, 44
_GAP = 16  # between the shares and the bars


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a timeline.

    Attributes:
        number: months since the year 0.
        cell: number of its cell on the page.
        shares: of its statements.
    """

    number: int
    cell: int
    shares: GroupShares


def months_of(cells: Sequence[tuple[int, GroupShares]]) -> list[Month]:
    """The months, in time; groups that are no month of the form ``2026-03`` are left out."""
    found = []
    for cell, shares in cells:
        match = _MONTH.fullmatch(shares.group)
        if shares.by == "month" and match:
            found.append(Month(12 * int(match[1]) + int(match[2]) - 1, cell, shares))
    return sorted(found, key=lambda month: month.number)


def timeline_svg(months: Sequence[Month], column: str, *, width: int, title: str) -> Markup:
    """Shares of favor and against with their intervals, and the number of statements below.

    A line breaks where a month has no statement, or no share of this kind.

    Args:
        months: from :func:`months_of`, at least one.
        column: ``naive`` or ``corrected``, of :class:`stance.evaluation.prevalence.ClassShares`.
        width: of the drawing in pixels.
        title: its text alternative.
    """
    first, last = months[0].number, months[-1].number
    step = (width - _LEFT - _RIGHT) / (last - first + 1)

    def across(month: Month) -> float:
        return _LEFT + (month.number - first + 0.5) * step

    parts = [*_axes(width), *_ticks(months, step, first, width)]
    aside = min(3.0, step / 8)  # or two intervals of one month would hide each other
    for name, shift in (("against", aside), ("favor", -aside)):
        points = [
            (month, across(month) + shift, share)
            for month in months
            if (share := getattr(month.shares.classes[name], column)) is not None
        ]
        parts += _line(name, points)
    parts += _bars(months, [across(month) for month in months], step)
    height = _TOP + _PLOT + _GAP + _BARS + 22
    return Markup(
        '<svg role="img" aria-label="{0}" viewBox="0 0 {1} {2}" width="{1}" height="{2}">{3}</svg>'
    ).format(title, width, height, Markup("").join(parts))


def _down(share: float) -> float:
    return _TOP + (1 - share) * _PLOT


def _axes(width: int) -> list[Markup]:
    parts = []
    for percent in (0, 25, 50, 75, 100):
        y = _down(percent / 100)
        parts.append(
            Markup('<path class="grid" d="M{},{:.1f}H{}"/>').format(_LEFT, y, width - _RIGHT)
        )
        parts.append(_text(_LEFT - 6, y + 4, f"{percent} %", "end"))
    return parts


def _ticks(months: Sequence[Month], step: float, first: int, width: int) -> list[Markup]:
    """Names of months, as many as fit; of years where there are too many months."""
    room = max(1, int((width - _LEFT - _RIGHT) // 58))
    span = months[-1].number - first + 1
    every = next((n for n in (1, 2, 3, 6, 12) if span / n <= room), 12 * -(-span // (12 * room)))
    parts = []
    start = first if every < 12 else -(-first // 12) * 12  # the first January
    for number in range(start, first + span, every):
        year, month = divmod(number, 12)
        name = f"{year}-{month + 1:02d}" if every < 12 else str(year)
        x = _LEFT + (number - first + 0.5) * step
        parts.append(_text(x, _TOP + _PLOT + _GAP + _BARS + 16, name, "middle"))
    return parts


def _line(name: str, points: Sequence[tuple[Month, float, Share]]) -> list[Markup]:
    """The intervals as a band, the shares as a line with marks, broken at gaps."""
    bands, lines, marks = [], [], []
    runs = groupby(enumerate(points), key=lambda item: item[1][0].number - item[0])
    for _, run in runs:
        part = [point for _, point in run]
        upper = [f"{x:.1f},{_down(share.high):.1f}" for _, x, share in part]
        lower = [f"{x:.1f},{_down(share.low):.1f}" for _, x, share in reversed(part)]
        if len(part) > 1:
            bands.append(Markup('<polygon points="{}"/>').format(" ".join(upper + lower)))
            path = " ".join(f"{x:.1f},{_down(share.value):.1f}" for _, x, share in part)
            lines.append(Markup('<polyline points="{}"/>').format(path))
        else:
            ends = f"M{upper[0]}L{lower[0]}"
            lines.append(Markup('<path class="whisker" d="{}"/>').format(ends))
        marks += [_mark(name, x, _down(share.value)) for _, x, share in part]
    inner = Markup("").join([*bands, *lines, *marks])
    return [Markup('<g class="series {}">{}</g>').format(name, inner)]


def _mark(name: str, x: float, y: float) -> Markup:
    """A disc for favor, a diamond for against."""
    if name == "favor":
        return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="4"/>').format(x, y)
    corners = f"{x:.1f},{y - 5:.1f} {x + 5:.1f},{y:.1f} {x:.1f},{y + 5:.1f} {x - 5:.1f},{y:.1f}"
    return Markup('<polygon class="mark" points="{}"/>').format(corners)


def _bars(months: Sequence[Month], places: Sequence[float], step: float) -> list[Markup]:
    """A bar a month for its statements; what a pointer finds anywhere above it leads to them."""
    most = max(month.shares.statements for month in months)
    foot = _TOP + _PLOT + _GAP + _BARS
    wide = max(1.0, min(28.0, 0.7 * step))
    parts = [_text(_LEFT - 6, foot - _BARS + 9, f"{most:,}", "end")]
    for month, x in zip(months, places, strict=True):
        high = max(1.0, _BARS * month.shares.statements / most)
        parts.append(
            Markup(
                '<g class="month" data-cell="{}"><title>{}</title>'
                '<rect class="count" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
                '<rect class="reach" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/></g>'
            ).format(
                month.cell,
                f"{month.shares.group}: {month.shares.statements:,} statements",
                *(x - wide / 2, foot - high, wide, high),
                *(x - step / 2, _TOP, step, foot - _TOP),
            )
        )
    return parts


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        x, y, anchor, text
    )
