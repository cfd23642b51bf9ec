"""The charts of My desk as shapes: where each bar, point and word of an SVG stands.

All in attributes, as the policy allows no style. A coordinate is a string: a template would
write 1.5 as 1,5 where that is how people write it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from articles.desk.figures import Figures, Row

WIDTH = 310
_NAMES, _SUMS = 86, 26  # the widths of a section's name and of its sum
_HIGH, _LOW, _GAP = 44, 15, 11  # of the row of all sections, of a section's, and between them
_PLOT = 72  # the height of the other charts


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    kind: str  # its class
    words: str  # shown where a mouse rests on it


@dataclass(frozen=True)
class Point:
    x: str
    y: str
    radius: str
    words: str


@dataclass(frozen=True)
class Word:
    x: str
    y: str
    anchor: str
    words: str


@dataclass(frozen=True)
class Table:
    """All numbers of a chart: what a column is of, and a row a day or week."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Chart:
    title: str
    said: str
    label: str
    height: int
    axes: Sequence[str]  # paths
    bars: Sequence[Bar]
    lines: Sequence[str]  # the points of polylines
    points: Sequence[Point]
    words: Sequence[Word]
    table: Table

    @property
    def box(self) -> str:
        return f"0 0 {WIDTH} {self.height}"


def charts(figures: Figures) -> list[Chart]:
    """The charts of My desk, in the order of the page."""
    return [published(figures), hours(figures), corrections(figures)]


# --- Published a day: a row of bars for all sections, and one for each -----------------------


def published(figures: Figures) -> Chart:
    """A row of bars a section, one below the other: told apart by their names, not by colours."""
    total, days = figures.all_published, figures.days
    busiest = max((max(row.counts) for row in figures.published), default=0)
    bars: list[Bar] = []
    words: list[Word] = []
    axes: list[str] = []
    floor = 0
    for row in (total, *figures.published):
        height, most = (_HIGH, max(row.counts)) if row is total else (_LOW, busiest)
        floor += height + _GAP
        axes.append(f"M{_NAMES} {floor + 0.5:g}H{WIDTH - _SUMS}")
        words.append(Word("0", _at(floor - 1), "start", _short(row.name)))
        words.append(Word(_at(WIDTH), _at(floor - 1), "end", number_format(row.total)))
        bars += _row_of_bars(row, days, floor, height, most)
    step = (WIDTH - _NAMES - _SUMS) / len(days)
    words += [
        Word(_at(_NAMES + step * (n + 0.5)), _at(floor + 13), "middle", str(day.day))
        for n, day in enumerate(days)
        if (len(days) - 1 - n) % 3 == 0
    ]
    rows = [
        [_day(day), *(number_format(row.counts[n]) for row in (total, *figures.published))]
        for n, day in enumerate(days)
    ]
    return Chart(
        title=_("Published a day"),
        said=_("%(today)s today, %(mean)s a day on average")
        % {
            "today": number_format(total.counts[-1]),
            "mean": number_format(total.total / len(days), 1),
        },
        label=_(
            "Bar chart: stories first published, a row a section, %(since)s to %(until)s. "
            "All numbers are in the table below."
        )
        % {"since": _day(days[0]), "until": _day(days[-1])},
        height=floor + 18,
        axes=axes,
        bars=bars,
        lines=(),
        points=(),
        words=words,
        table=Table([_("Day"), total.name, *(row.name for row in figures.published)], rows),
    )


def _row_of_bars(row: Row, days: Sequence[date], floor: int, height: int, most: int) -> list[Bar]:
    step = (WIDTH - _NAMES - _SUMS) / len(days)
    return [
        Bar(
            _at(_NAMES + step * n + 1),
            _at(floor - height * count / most),
            _at(step - 3),
            _at(height * count / most),
            "hi" if n == len(days) - 1 else "b",
            f"{row.name}, {_day(days[n])}: {number_format(count)}",
        )
        for n, count in enumerate(row.counts)
        if count
    ]


# --- Hours from submitted to published -------------------------------------------------------


def hours(figures: Figures) -> Chart:
    days, values = figures.days, figures.hours
    known = [value for value in values if value is not None]
    most = max([*known, 1])
    floor, step = 14 + _PLOT, WIDTH / len(days)
    points = [
        Point(
            _at(step * (n + 0.5)),
            _at(floor - _PLOT * value / most),
            "4" if n == len(days) - 1 else "2.5",
            f"{_day(days[n])}: {_hours(value)}",
        )
        for n, value in enumerate(values)
        if value is not None
    ]
    words = [
        Word(_at(step * (n + 0.5)), _at(floor + 14), "middle", str(day.day))
        for n, day in enumerate(days)
        if (len(days) - 1 - n) % 3 == 0
    ]
    if known:
        peak = values.index(max(known))
        words.append(
            Word(_at(step * (peak + 0.5)), "9", _anchor(peak, len(days)), _hours(max(known)))
        )
    today = _hours(known[-1]) if known and values[-1] is not None else _("none yet")
    return Chart(
        title=_("From submitted to published"),
        said=_("median hours a day; today %(hours)s") % {"hours": today},
        label=_(
            "Line chart: median hours from a story’s first submission to its publication, "
            "%(since)s to %(until)s. All numbers are in the table below."
        )
        % {"since": _day(days[0]), "until": _day(days[-1])},
        height=floor + 18,
        axes=[f"M0 {floor + 0.5:g}H{WIDTH}"],
        bars=(),
        lines=_runs(values, points),
        points=points,
        words=words,
        table=Table(
            [_("Day"), _("Hours")],
            [
                [_day(day), "–" if value is None else number_format(value, 1)]
                for day, value in zip(days, values, strict=True)
            ],
        ),
    )


def _runs(values: Sequence[float | None], points: Sequence[Point]) -> list[str]:
    """A line through days that follow each other; a day with nothing to measure breaks it."""
    runs: list[list[str]] = [[]]
    left = iter(points)
    for value in values:
        if value is None:
            runs.append([])
        else:
            point = next(left)
            runs[-1].append(f"{point.x},{point.y}")
    return [" ".join(run) for run in runs if len(run) > 1]


def _hours(value: float) -> str:
    return _("%(n)s h") % {"n": number_format(value, 1)}


# --- Corrections a week ----------------------------------------------------------------------


def corrections(figures: Figures) -> Chart:
    """Corrections filled, clarifications hollow on top of them."""
    weeks, (filled, hollow) = figures.weeks, figures.corrections
    most = max([a + b for a, b in zip(filled.counts, hollow.counts, strict=True)] + [1])
    floor, step = 24 + _PLOT, WIDTH / len(weeks)
    bars: list[Bar] = []
    words = [
        Word("14", "9", "start", filled.name),
        Word("124", "9", "start", hollow.name),
    ]
    keys = [Bar("1", "1", "8", "8", "b", ""), Bar("111", "1", "8", "8", "open", "")]
    for n, (below, above) in enumerate(zip(filled.counts, hollow.counts, strict=True)):
        stacked = ((filled, below, 0, "b"), (hollow, above, below, "open"))
        for row, count, under, kind in stacked:
            if count:
                bars.append(
                    Bar(
                        _at(step * n + 3),
                        _at(floor - _PLOT * (under + count) / most),
                        _at(step - 6),
                        _at(_PLOT * count / most),
                        kind,
                        f"{row.name}, {_day(weeks[n])}: {number_format(count)}",
                    )
                )
        if (len(weeks) - 1 - n) % 3 == 0:
            words.append(Word(_at(step * (n + 0.5)), _at(floor + 14), "middle", _day(weeks[n])))
    said = ngettext("%(n)s in 12 weeks", "%(n)s in 12 weeks", filled.total + hollow.total)
    return Chart(
        title=_("Corrections a week"),
        said=said % {"n": number_format(filled.total + hollow.total)},
        label=_(
            "Bar chart: corrections and clarifications, by the week that begins on a Monday, "
            "%(since)s to %(until)s. All numbers are in the table below."
        )
        % {"since": _day(weeks[0]), "until": _day(weeks[-1])},
        height=floor + 18,
        axes=[f"M0 {floor + 0.5:g}H{WIDTH}"],
        bars=[*keys, *bars],
        lines=(),
        points=(),
        words=words,
        table=Table(
            [_("Week of"), filled.name, hollow.name],
            [
                [_day(week), number_format(filled.counts[n]), number_format(hollow.counts[n])]
                for n, week in enumerate(weeks)
            ],
        ),
    )


# --- Small things ----------------------------------------------------------------------------


def _at(value: float) -> str:
    return f"{round(value, 1):g}"


def _day(day: date) -> str:
    return date_format(day, pgettext("date format", "j M"))


def _short(name: str) -> str:
    return name if len(name) <= 15 else name[:14].rstrip() + "…"


def _anchor(place: int, of: int) -> str:
    return {0: "start", of - 1: "end"}.get(place, "middle")
