"""The charts of My desk as shapes: where each bar, point and word of an SVG stands.

All in attributes, as the policy allows no style. A coordinate is a string: a template would
write 1.5 as 1,5 where that is how people write it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from articles.desk.figures import Figures, Row

WIDTH = 310
_NAMES, _SUMS = 86, 26  # the widths of a section's name and of its sum
_HIGH, _LOW, _GAP = 44, 15, 11  # of the row of all sections, of a section's, and between them
PLOT = 72  # the height of the other charts


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
    rows = (total, *figures.published)
    busiest = max((max(row.counts) for row in figures.published), default=0)
    bars: list[Bar] = []
    words: list[Word] = []
    axes: list[str] = []
    floor = 0
    for row in rows:
        height, most = (_HIGH, max(row.counts)) if row is total else (_LOW, busiest)
        floor += height + _GAP
        axes.append(f"M{_NAMES} {floor + 0.5:g}H{WIDTH - _SUMS}")
        words.append(Word("0", at(floor - 1), "start", _short(row.name)))
        words.append(Word(at(WIDTH), at(floor - 1), "end", number_format(row.total)))
        bars += _row_of_bars(row, days, floor, height, most)
    return Chart(
        title=_("Published a day"),
        said=_said_published(total),
        label=_(
            "Bar chart: stories first published, a row a section, %(since)s to %(until)s. "
            "All numbers are in the table below."
        )
        % _span(days),
        height=floor + 18,
        axes=axes,
        bars=bars,
        lines=(),
        points=(),
        words=[*words, *_under(days, _number, floor + 13, _NAMES, WIDTH - _SUMS)],
        table=_table(_("Day"), days, rows),
    )


def _said_published(total: Row) -> str:
    return _("%(today)s today, %(mean)s a day on average") % {
        "today": number_format(total.counts[-1]),
        "mean": number_format(total.total / len(total.counts), 1),
    }


def _row_of_bars(row: Row, days: Sequence[date], floor: int, height: int, most: int) -> list[Bar]:
    step = (WIDTH - _NAMES - _SUMS) / len(days)
    return [
        Bar(
            at(_NAMES + step * n + 1),
            at(floor - height * count / most),
            at(step - 3),
            at(height * count / most),
            "hi" if n == len(days) - 1 else "b",
            f"{row.name}, {_day(days[n])}: {number_format(count)}",
        )
        for n, count in enumerate(row.counts)
        if count
    ]


# --- Hours from submitted to published -------------------------------------------------------


def hours(figures: Figures) -> Chart:
    days, values = figures.days, figures.hours
    most = max([value for value in values if value is not None] + [1])
    floor = 14 + PLOT
    points = _points(days, values, floor, most)
    return Chart(
        title=_("From submitted to published"),
        said=_("median hours a day; today %(hours)s")
        % {"hours": _("none yet") if values[-1] is None else _hours(values[-1])},
        label=_(
            "Line chart: median hours from a story’s first submission to its publication, "
            "%(since)s to %(until)s. All numbers are in the table below."
        )
        % _span(days),
        height=floor + 18,
        axes=[f"M0 {floor + 0.5:g}H{WIDTH}"],
        bars=(),
        lines=_runs(values, points),
        points=points,
        words=[*_under(days, _number, floor + 14), *_peak(values)],
        table=_table_of_hours(days, values),
    )


def _points(
    days: Sequence[date], values: Sequence[float | None], floor: int, most: float
) -> list[Point]:
    step = WIDTH / len(days)
    return [
        Point(
            at(step * (n + 0.5)),
            at(floor - PLOT * value / most),
            "4" if n == len(days) - 1 else "2.5",
            f"{_day(days[n])}: {_hours(value)}",
        )
        for n, value in enumerate(values)
        if value is not None
    ]


def _peak(values: Sequence[float | None]) -> list[Word]:
    """The longest of the hours, above its point."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    peak = values.index(max(known))
    x = WIDTH / len(values) * (peak + 0.5)
    return [Word(at(x), "9", _anchor(peak, len(values)), _hours(max(known)))]


def _table_of_hours(days: Sequence[date], values: Sequence[float | None]) -> Table:
    numbers = [
        [_day(day), "–" if value is None else number_format(value, 1)]
        for day, value in zip(days, values, strict=True)
    ]
    return Table([_("Day"), _("Hours")], numbers)


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
    floor, all_of_them = 24 + PLOT, filled.total + hollow.total
    keys = [Bar("1", "1", "8", "8", "b", ""), Bar("111", "1", "8", "8", "open", "")]
    named = [Word("14", "9", "start", filled.name), Word("124", "9", "start", hollow.name)]
    said = ngettext("%(n)s in 12 weeks", "%(n)s in 12 weeks", all_of_them)
    return Chart(
        title=_("Corrections a week"),
        said=said % {"n": number_format(all_of_them)},
        label=_(
            "Bar chart: corrections and clarifications, by the week that begins on a Monday, "
            "%(since)s to %(until)s. All numbers are in the table below."
        )
        % _span(weeks),
        height=floor + 18,
        axes=[f"M0 {floor + 0.5:g}H{WIDTH}"],
        bars=[*keys, *_stacked_bars(weeks, filled, hollow, floor)],
        lines=(),
        points=(),
        words=[*named, *_under(weeks, _day, floor + 14)],
        table=_table(_("Week of"), weeks, (filled, hollow)),
    )


def _stacked_bars(weeks: Sequence[date], filled: Row, hollow: Row, floor: int) -> list[Bar]:
    step = WIDTH / len(weeks)
    pairs = list(zip(filled.counts, hollow.counts, strict=True))
    most = max([below + above for below, above in pairs] + [1])
    return [
        Bar(
            at(step * n + 3),
            at(floor - PLOT * (under + count) / most),
            at(step - 6),
            at(PLOT * count / most),
            kind,
            f"{row.name}, {_day(weeks[n])}: {number_format(count)}",
        )
        for n, (below, above) in enumerate(pairs)
        for row, count, under, kind in ((filled, below, 0, "b"), (hollow, above, below, "open"))
        if count
    ]


# --- What charts share -----------------------------------------------------------------------


def _under(
    dates: Sequence[date], said: Callable[[date], str], y: int, left: int = 0, right: int = WIDTH
) -> list[Word]:
    """The words below an axis from left to right: every third date, the last one among them."""
    step = (right - left) / len(dates)
    return [
        Word(at(left + step * (n + 0.5)), at(y), "middle", said(day))
        for n, day in enumerate(dates)
        if (len(dates) - 1 - n) % 3 == 0
    ]


def _span(dates: Sequence[date]) -> dict[str, str]:
    return {"since": _day(dates[0]), "until": _day(dates[-1])}


def _table(of: str, dates: Sequence[date], rows: Sequence[Row]) -> Table:
    """A column of dates, and one a row of counts."""
    numbers = [
        [_day(day), *(number_format(row.counts[n]) for row in rows)] for n, day in enumerate(dates)
    ]
    return Table([of, *(row.name for row in rows)], numbers)


def at(value: float) -> str:
    """A coordinate."""
    return f"{round(value, 1):g}"


def _number(day: date) -> str:
    return str(day.day)


def _day(day: date) -> str:
    return date_format(day, pgettext("date format", "j M"))


def _short(name: str) -> str:
    return name if len(name) <= 15 else name[:14].rstrip() + "…"


def _anchor(place: int, of: int) -> str:
    return {0: "start", of - 1: "end"}.get(place, "middle")
