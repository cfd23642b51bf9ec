"""Reads of a story over time, as the desk sees them; hours that become days; counts erased."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles import reads
from articles.desk import readership
from articles.models import MostRead, ReadsADay, ReadsAnHour, SectionMember
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
MIDNIGHT = NOW - 12 * HOUR  # of the tests' newsroom


def read(story, *moments):
    for moment in moments:
        reads.count(story.pk, moment)


def history(browser, story):
    return browser.get(f"/admin/articles/article/{story.pk}/history/")


# --- The figures ---------------------------------------------------------------------------------


def test_a_read_counts_in_its_hour_and_day_of_the_newsroom(published):
    story = published()
    read(story, NOW, NOW - SECOND, NOW - HOUR, MIDNIGHT, MIDNIGHT - SECOND, NOW - 10 * DAY)
    read(published("Other"), NOW)
    found = readership.of_story(story.pk, NOW)
    assert [f"{hour:%H:%M}" for hour in found.hours[:2]] == ["13:00", "14:00"]
    assert found.by_hour == (*[0] * 10, 1, 1, *[0] * 10, 2, 1)
    assert found.by_day == (*[0] * 19, 1, *[0] * 8, 1, 4)
    assert found.total == 6


@pytest.mark.parametrize(
    ("midnight", "hours"),
    [
        (datetime(2026, 3, 28, 23, tzinfo=UTC), 23),  # the clocks go forward in the night after
        (datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
    ],
)
def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(published, settings, midnight, hours):
    settings.TIME_ZONE = "Europe/Berlin"
    story = published()
    read(story, *(midnight + n * HOUR for n in range(-1, hours + 1)))
    assert readership.of_story(story.pk, midnight + hours * HOUR).by_day[-3:] == (1, hours, 1)


def test_the_figures_cost_three_queries_for_however_many_reads(published):
    story = published()
    read(story, *(NOW - n * HOUR for n in range(200)))
    with CaptureQueriesContext(connection) as captured:
        assert readership.of_story(story.pk, NOW).total == 200
    assert len(captured) == 3


# --- Their charts --------------------------------------------------------------------------------


def test_the_history_of_a_story_shows_its_reads_as_bars_and_as_numbers(
    published, desk_of, reporter
):
    story = published()
    read(story, NOW, NOW, NOW - 3 * HOUR, NOW - 2 * DAY)
    page = html.fromstring(history(desk_of(reporter), story).content)
    by_hour, by_day = page.cssselect(".reads figure.chart")
    for figure, bars in (
        (by_hour, {"19 Jun, 09:00": "1", "19 Jun, 12:00": "2"}),
        (by_day, {"17 Jun": "1", "19 Jun": "3"}),
    ):
        shown = [title.text.rpartition(": ") for title in figure.cssselect("rect > title")]
        assert {when: count for when, _, count in shown} == bars
        told = {row[0].text: row[1].text for row in figure.cssselect("tbody tr")}
        assert {when: count for when, count in told.items() if count != "0"} == bars
        assert figure.cssselect("svg[role=img][aria-label]")
        assert "style" not in html.tostring(figure).decode()
    assert [figure.find(".//figcaption/span").text for figure in (by_hour, by_day)] == [
        "3", "4 in all",
    ]  # fmt: skip


def test_a_story_that_nobody_read_has_no_chart(published, desk_of, reporter):
    assert "Reads" not in history(desk_of(reporter), published()).content.decode()


def test_the_charts_stand_above_the_newest_lines_only(published, desk_of, reporter):
    story = published()
    read(story, NOW)
    browser = desk_of(reporter)
    assert "Reads a day" in history(browser, story).content.decode()
    below = browser.get(f"/admin/articles/article/{story.pk}/history/?before=2-9")
    assert below.status_code == 200
    assert "Reads a day" not in below.content.decode()


def test_who_may_not_open_a_story_does_not_see_its_reads(
    published, world, national, desk_of, reporter
):
    story = published()
    read(story, NOW)
    works_for = SectionMember.objects.create(user=reporter, section=national)
    assert history(desk_of(reporter), story).status_code == 404
    works_for.delete()
    SectionMember.objects.create(user=reporter, section=world)
    assert "Reads a day" in history(desk_of(reporter), story).content.decode()


# --- Hours become days ---------------------------------------------------------------------------


def sums():
    return ReadsAnHour.objects.aggregate(n=Sum("count"))["n"], ReadsADay.objects.aggregate(
        n=Sum("count")
    )["n"]


def fold():
    said = StringIO()
    call_command("fold_reads", stdout=said)
    return said.getvalue()


def test_hours_older_than_what_the_chart_shows_become_days_and_no_read_is_lost(published):
    story, other = published(), published("Other")
    first_shown = MIDNIGHT - 29 * DAY
    read(story, NOW, first_shown, first_shown - SECOND, first_shown - HOUR, NOW - 45 * DAY)
    read(other, first_shown - SECOND, NOW - 400 * DAY)
    before = [readership.of_story(s.pk, NOW) for s in (story, other)]
    assert fold() == "Days that were folded: 3.\n"
    assert sums() == (2, 5)
    assert [readership.of_story(s.pk, NOW) for s in (story, other)] == before
    days = ReadsADay.objects.order_by("day", "story").values_list("story", "day", "count")
    assert [(s, f"{day}", n) for s, day, n in days] == [
        (other.pk, "2025-05-15", 1), (story.pk, "2026-05-05", 1), (story.pk, "2026-05-20", 2),
        (other.pk, "2026-05-20", 1),
    ]  # fmt: skip


def test_folding_again_changes_nothing_and_what_came_late_is_added(published):
    story = published()
    read(story, NOW - 45 * DAY)
    assert [fold(), fold()] == ["Days that were folded: 1.\n", "Days that were folded: 0.\n"]
    read(story, NOW - 45 * DAY)
    fold()
    assert ReadsADay.objects.get().count == 2


# --- Erased by law -------------------------------------------------------------------------------


def test_an_erased_story_leaves_no_count_and_the_ranking_stands(client, published):
    story, other = published(), published("Other")
    read(story, NOW)
    for one in (story, other):
        read(one, NOW, NOW - 45 * DAY)
    readership.fold(NOW)
    reads.rank_if_due(NOW)
    do("erase", story, reason="Article 17", authority="The court of Halvern")
    for model in (ReadsAnHour, ReadsADay):
        assert list(model.objects.values_list("story", flat=True)) == [other.pk]
    assert list(MostRead.objects.values_list("story", "reads").order_by("place")) == [
        (0, 0), (other.pk, 1),
    ]  # fmt: skip
    assert "Other" in client.get("/most-read/").content.decode()
