"""The numbers of My desk's charts, of Moves and versions that the verbs left; and their shapes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles.admin import charts
from articles.desk import workflow
from articles.desk.figures import DAYS, SECTIONS, WEEKS, figures
from articles.models import Section
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do, rewrite

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
MIDNIGHT = NOW - 12 * HOUR  # of the tests' newsroom
MONDAY = MIDNIGHT - timedelta(days=4)


def by_section(found, day=-1):
    return {row.name: row.counts[day] for row in found.published}


# --- What was published ----------------------------------------------------------------------


def test_a_story_counts_on_the_newsrooms_day_and_in_the_section_it_first_went_out_in(
    published, national
):
    published("Before Midnight", at=MIDNIGHT - MINUTE)
    published("At Midnight", at=MIDNIGHT)
    published("At Home", at=NOW - HOUR, section=national.pk)
    found = figures(NOW)
    assert by_section(found) == {"World": 1, "National": 1}
    assert by_section(found, day=-2) == {"World": 1, "National": 0}
    assert found.all_published.counts == (*[0] * 12, 1, 2)
    assert len(found.days) == DAYS
    assert f"{found.days[-1]}" == "2026-06-19"


def test_an_update_a_scheduled_story_and_one_older_than_a_fortnight_count_nothing(published, write):
    old = MIDNIGHT - timedelta(days=13)
    story = published("Old", at=old - MINUTE)
    published("Just In", at=old)
    rewrite(story, headline="Old, Updated")
    do("publish", story, revision=2)
    do("schedule", write("To Come"), revision=1, at=NOW + HOUR)
    assert figures(NOW).all_published.counts == (1, *[0] * 13)


def test_a_story_that_vanished_is_counted_no_more_and_one_taken_down_is(published):
    for how in ("vanished", "gone"):
        do("take_down", published(how), how=how, reason="W", authority="The court")
    assert by_section(figures(NOW)) == {"World": 1}


def test_the_busiest_sections_have_their_own_row_and_the_others_one_together(published):
    for n in range(SECTIONS + 2):
        section = Section.objects.create(name=f"S{n}", slug=f"s{n}")
        for story in range(n + 1):
            published(f"{n} {story}", section=section.pk)
    rows = figures(NOW).published
    assert [row.name for row in rows] == [*(f"S{n}" for n in range(9, 1, -1)), "Other sections"]
    assert rows[-1].total == 3
    assert figures(NOW).all_published.total == 55


@pytest.mark.parametrize(
    ("zone", "now", "length"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 21, tzinfo=UTC), 23),  # 23:00, clocks went forward
        ("Europe/Berlin", datetime(2026, 10, 25, 22, tzinfo=UTC), 25),  # 23:00, clocks went back
    ],
)
def test_the_day_on_which_the_clocks_change_is_as_long_as_it_is(
    published, settings, zone, now, length
):
    settings.TIME_ZONE = zone
    ends = now + HOUR  # the next midnight
    for at in (ends - length * HOUR, ends - length * HOUR - MINUTE, ends - HOUR - MINUTE):
        published(f"{at}", at=at)
    assert figures(now).all_published.counts[-2:] == (1, 2)


# --- How long it took ------------------------------------------------------------------------


def went_out(write, name, hours, at=NOW - HOUR):
    """A story that was first submitted so many hours before its readers had it."""
    story = write(name, now=at - hours * HOUR - MINUTE)
    workflow.take("submit", story.pk, by=PROGRAM, now=at - hours * HOUR)
    do("publish", story, revision=1, now=at)
    return story


def test_the_median_of_a_day_from_the_first_submission_to_readers(write, published):
    for n, hours in enumerate((1, 2, 9)):
        went_out(write, f"Story {n}", hours)
    went_out(write, "Yesterday", 5, at=MIDNIGHT - MINUTE)
    published("Nobody Submitted It")
    found = figures(NOW).hours
    assert found == (*[None] * 12, 5, 2)


def test_a_story_that_was_sent_back_is_measured_from_its_first_submission(write):
    story = write("Flood", now=NOW - 9 * HOUR)
    for verb, hours in (("submit", 8), ("send_back", 7), ("submit", 3)):
        workflow.take(verb, story.pk, by=PROGRAM, now=NOW - hours * HOUR, reason="Who?")
    do("publish", story, revision=1, now=NOW)
    assert figures(NOW).hours[-1] == 8


# --- What was corrected ----------------------------------------------------------------------


def test_corrections_and_clarifications_count_in_the_week_they_went_out_in(published):
    story = published("Flood", at=MONDAY - timedelta(days=90))
    changes = (
        ("correction", MONDAY - MINUTE), ("correction", MONDAY), ("clarification", MONDAY + HOUR),
        ("correction", NOW), ("legal", NOW + MINUTE), ("update", NOW + 2 * MINUTE),
    )  # fmt: skip
    for n, (change, at) in enumerate(changes):
        revision = rewrite(story, body=f"<p>The harbour opened on Tuesday {n}.</p>", now=at)
        note = "It was so." if change in ("correction", "clarification") else ""
        do("publish", story, revision=revision, now=at, change=change, note=note, reason="So.")
    corrected, clarified = figures(NOW + HOUR).corrections
    assert corrected.counts == (*[0] * 10, 1, 2)
    assert clarified.counts == (*[0] * 11, 1)
    assert len(figures(NOW).weeks) == WEEKS
    assert f"{figures(NOW).weeks[-1]}" == "2026-06-15"


# --- Their shapes ----------------------------------------------------------------------------


@pytest.fixture
def drawn(desk_of, reporter, published, national, write, clock):
    """The charts as My desk draws them, of a fortnight with something on several days."""
    for n in range(7):
        values = {"section": national.pk} if n % 3 else {}
        published(f"Story {n}", at=NOW - n * timedelta(days=1.4) - HOUR, **values)
        went_out(write, f"Submitted {n}", n + 1, at=NOW - n * timedelta(days=2) - HOUR)
    story = published("Wrong")
    do("publish", story, revision=rewrite(story, standfirst="So."), change="correction", note="So.")
    tree = html.fromstring(desk_of(reporter).get("/admin/").content.decode())
    return tree.cssselect("figure.chart")


def numbers(figure):
    """The numbers of a chart's table: of which row and column, what."""
    head = [cell.text for cell in figure.cssselect("thead th")]
    for row in figure.cssselect("tbody tr"):
        day, *cells = [cell.text for cell in row]
        for name, cell in zip(head[1:], cells, strict=True):
            yield (name, day), cell


def test_the_table_below_a_chart_says_what_its_bars_say(drawn):
    for figure in (drawn[0], drawn[2]):
        told = dict(numbers(figure))
        bars = [title.text.rpartition(": ") for title in figure.cssselect("rect > title")]
        drawn_as = {tuple(what.rsplit(", ", 1)): count for what, _, count in bars}
        assert drawn_as == {what: count for what, count in told.items() if count != "0"}
        assert drawn_as


def test_a_bar_is_as_high_as_its_number(drawn):
    heights = {}
    for bar in drawn[0].cssselect("rect"):
        name, _, count = bar.find("title").text.rpartition(": ")
        if not name.startswith("All"):
            heights.setdefault(int(count), set()).add(bar.get("height"))
    one = float(*heights[1])
    assert all(abs(float(*high) - n * one) < 0.2 for n, high in heights.items())


def test_a_line_has_a_point_a_measured_day_and_breaks_where_none_was_measured(drawn):
    told = {day: cell for (_, day), cell in numbers(drawn[1]) if cell != "–"}
    points = [title.text.split(": ") for title in drawn[1].cssselect("circle > title")]
    assert {day: hours.removesuffix(" h") for day, hours in points} == told
    assert len(told) == 7
    assert drawn[1].cssselect("polyline") == [], "no two of these days follow each other"


def test_a_chart_is_a_picture_with_a_name_and_its_numbers_below_it(drawn):
    assert len(drawn) == 3
    for figure in drawn:
        (picture,) = figure.cssselect("figcaption + svg[role=img][aria-label]")
        assert "style" not in html.tostring(figure).decode()
        assert figure.cssselect("details.nums > .scroll > table th[scope=col]")
        assert picture.get("aria-label").endswith("All numbers are in the table below.")


def test_the_charts_of_an_empty_house_are_drawn_of_nothing():
    for chart in charts.charts(figures(NOW)):
        assert len(chart.table.rows) in (DAYS, WEEKS)
        assert not chart.lines
        assert not [bar for bar in chart.bars if bar.words]


def test_the_numbers_cost_two_queries_and_no_object_a_story(published):
    for n in range(30):
        published(f"Story {n}", at=NOW - n * HOUR)
    with CaptureQueriesContext(connection) as captured:
        assert figures(NOW).all_published.total == 30
    assert len(captured) == 2
    assert "COUNT(" in captured[0]["sql"]
