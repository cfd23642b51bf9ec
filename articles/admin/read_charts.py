"""The charts of a story's reads as shapes: a bar an hour of the last day, and a bar a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from articles.admin.charts import PLOT, WIDTH, Bar, Chart, Table, Word, at
from articles.desk.readership import Readership

_A_WORD = 6  # bars; below them stands what every sixth is of


@dataclass(frozen=True)
class _Series:
    """Counts from left to right, and how what they are of is written below, and in full."""

    counts: Sequence[int]
    below: Sequence[str]
    full: Sequence[str]


def read_charts(readership: Readership) -> list[Chart]:
    """The charts of a story that was read, in the order of the page; none of another."""
    if not readership.total:
        return []
    hour, day = pgettext("date format", "H:i"), pgettext("date format", "j M")
    day_and_hour = pgettext("date format", "j M, H:i")
    days = _words(readership.days, day)
    hours = _Series(
        readership.by_hour, _words(readership.hours, hour), _words(readership.hours, day_and_hour)
    )
    total = ngettext("%(n)s in all", "%(n)s in all", readership.total)
    return [
        _chart(_("Reads in the last 24 hours"), _("Hour"), hours, number_format(sum(hours.counts))),
        _chart(
            _("Reads a day"),
            _("Day"),
            _Series(readership.by_day, days, days),
            total % {"n": number_format(readership.total)},
        ),
    ]


def _words(moments: Sequence[date], form: str) -> list[str]:
    return [date_format(moment, form) for moment in moments]


def _chart(title: str, of: str, series: _Series, said: str) -> Chart:
    label = _("Bar chart: %(title)s, %(since)s to %(until)s. All numbers are in the table below.")
    numbers = [number_format(count) for count in series.counts]
    return Chart(
        title=title,
        said=said,
        label=label % {"title": title, "since": series.full[0], "until": series.full[-1]},
        height=PLOT + 18,
        axes=[f"M0 {PLOT + 0.5:g}H{WIDTH}"],
        bars=_bars(series),
        lines=(),
        points=(),
        words=_below(series.below),
        table=Table([of, _("Reads")], list(zip(series.full, numbers, strict=True))),
    )


def _bars(series: _Series) -> list[Bar]:
    """What is not over yet, the last one, stands out."""
    step, last, most = WIDTH / len(series.counts), len(series.counts) - 1, max(series.counts)
    return [
        Bar(
            at(step * n + 1),
            at(PLOT - PLOT * count / most),
            at(step - 2),
            at(PLOT * count / most),
            "hi" if n == last else "b",
            f"{series.full[n]}: {number_format(count)}",
        )
        for n, count in enumerate(series.counts)
        if count
    ]


def _below(words: Sequence[str]) -> list[Word]:
    step = WIDTH / len(words)
    return [
        Word(at(step * (n + 0.5)), at(PLOT + 14), "middle", said)
        for n, said in enumerate(words)
        if n % _A_WORD == _A_WORD // 2
    ]
