"""The calendar: what stands on which day, whose it is to see, to move, and what it costs."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.desk import calendar, days
from articles.models import Article, SectionMember
from tests.conftest import NOW
from tests.desk.calendar_page import MONTH, chips, due, shown
from tests.desk.pressing import do, rewrite
from tests.desk.telling import HOUR, colleague

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MOST = 15  # queries


@pytest.fixture(autouse=True)
def _clock(clock):
    """It is noon on Friday, 19 June 2026."""


@pytest.fixture
def desk(desk_of, publisher):
    return desk_of(publisher)


# --- What stands where ----------------------------------------------------------------------------


def test_a_month_shows_what_is_due_goes_out_changes_ends_and_went_out(desk, write, published):
    due(write("Flood"), NOW + 3 * HOUR, slugline="flood")
    live = published("Ferry", at=NOW - 2 * DAY)
    do("set_end", live, at=NOW + 5 * DAY)
    do("schedule", live, revision=rewrite(live, standfirst="More."), at=NOW + DAY)
    new = write("River")
    do("schedule", new, revision=1, at=NOW + 2 * DAY, until=NOW + 3 * DAY)
    do("embargo", write("Budget"), until=NOW + 4 * DAY)
    assert shown(desk) == {
        "2026-06-17": ["12:00 went live Ferry"],
        "2026-06-19": ["15:00 due FLOOD"],
        "2026-06-20": ["12:00 changes Ferry"],
        "2026-06-21": ["12:00 goes out River"],
        "2026-06-22": ["12:00 ends River"],
        "2026-06-23": ["12:00 embargo ends Budget"],
        "2026-06-24": ["12:00 ends Ferry"],
    }


def test_a_day_begins_at_the_newsrooms_midnight(desk, write):
    midnight = datetime(2026, 6, 19, 18, 30, tzinfo=UTC)  # of the 20th, in Asia/Kolkata
    due(write("Before"), midnight - timedelta(minutes=1))
    due(write("After"), midnight)
    assert shown(desk) == {"2026-06-19": ["23:59 due Before"], "2026-06-20": ["00:00 due After"]}


def test_what_came_out_is_due_no_more(desk, published, write):
    out = published("Ferry", at=NOW - 2 * HOUR)
    due(out, NOW - 3 * HOUR)
    due(write("Late"), NOW - 3 * HOUR)
    assert shown(desk)["2026-06-19"] == ["09:00 due Late", "10:00 went live Ferry"]


def test_what_was_withdrawn_or_withheld_stands_nowhere(desk, published):
    gone, vanished = published("Gone"), published("Vanished")
    do("take_down", gone, how="gone", reason="Wrong", authority="The editor")
    do("schedule", vanished, revision=1, at=NOW + DAY, change="update")
    do("take_down", vanished, how="vanished", reason="Wrong", authority="The court")
    assert shown(desk) == {}


def test_a_shape_says_where_a_story_that_is_due_is_on_the_desk(desk, write, publisher):
    story = write("Flood", by=publisher)
    due(story, NOW + HOUR)
    shapes = []
    for verb in ("submit", "approve"):
        shapes.append(calendar.slots(publisher, NOW, NOW + DAY, t=NOW).slots[0].shape)
        desk.post(f"/admin/articles/article/{story.pk}/verb/{verb}/", {"revision": 1})
    shapes.append(calendar.slots(publisher, NOW, NOW + DAY, t=NOW).slots[0].shape)
    assert shapes == ["draft", "review", "ready"]


def test_a_full_day_shows_what_is_still_to_be_done_and_leads_to_its_week(desk, write, published):
    for n in range(4):
        published(f"Out {n}", at=NOW - (5 - n) * HOUR)
    due(write("Flood"), NOW + HOUR)
    answer = desk.get(MONTH)
    page = answer.content.decode()
    day = next(d for week in answer.context["weeks"] for d in week if d.is_today)
    assert [chip.title for chip in day.shown] == ["Out 0", "Out 1", "Flood"]
    assert "and 2 more" in page
    assert 'href="/admin/calendar/?week=2026-W25#day-2026-06-19"' in page
    assert len(shown(desk, "/admin/calendar/?week=2026-W25")["2026-06-19"]) == 5


def test_a_section_is_shown_by_itself(desk, write, national):
    due(write("Flood"), NOW + HOUR)
    due(write("Ferry", section=national.pk), NOW + HOUR)
    assert shown(desk, f"{MONTH}&section=national") == {"2026-06-19": ["13:00 due Ferry"]}


def test_only_what_a_person_may_open_is_shown(desk_of, write, published, world, national):
    jun = colleague("Jun Park", "Reporter", national)
    due(write("Theirs"), NOW + HOUR)
    due(write("Assigned"), NOW + HOUR, assignee_id=None)
    due(write("Own", section=national.pk), NOW + HOUR)
    published("Out")
    do("schedule", write("Coming"), revision=1, at=NOW + DAY)
    assert shown(desk_of(jun)) == {"2026-06-19": ["13:00 due Own"]}


def test_a_story_of_another_section_shows_to_whom_it_is_assigned(desk_of, write, national):
    jun = colleague("Jun Park", "Reporter", national)
    story = write("Assigned")
    due(story, NOW + HOUR)
    Article.objects.filter(pk=story.pk).update(assignee=jun)
    assert shown(desk_of(jun)) == {"2026-06-19": ["13:00 due Assigned"]}


def test_who_may_read_no_story_is_refused(desk_of, administrator):
    administrator.groups.clear()
    assert desk_of(administrator).get(MONTH).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "?month=2026-13",
        "?month=1",
        "?week=2026-W54",
        "?week=2026-06",
        "?month=0001-01",
        "?section=no",
    ],
)
def test_what_names_no_month_week_or_section_is_not_found(desk, address):
    assert desk.get(f"/admin/calendar/{address}").status_code == 404


# --- Weeks, months and clocks that change ---------------------------------------------------------


def test_a_month_is_shown_in_whole_weeks_from_monday(desk):
    weeks = desk.get("/admin/calendar/?month=2026-11").context["weeks"]
    assert [len(week) for week in weeks] == [7] * 6
    assert (weeks[0][0].day.isoformat(), weeks[-1][-1].day.isoformat()) == (
        "2026-10-26", "2026-12-06",
    )  # fmt: skip


def test_weeks_begin_on_the_day_that_the_language_says(desk, settings):
    settings.LANGUAGE_CODE = "en-us"
    week = desk.get("/admin/calendar/?week=2026-W48").context["week"]
    assert [week[0].day.isoformat(), week[-1].day.isoformat()] == ["2026-11-22", "2026-11-28"]
    assert days.week_name(week[0].day) == "2026-W48"


@pytest.mark.parametrize("language", ["en-gb", "en-us", "fa"])
def test_a_weeks_name_leads_back_to_it(language, settings):
    settings.LANGUAGE_CODE = language
    from_here = datetime(2020, 12, 20, tzinfo=UTC).date()
    for n in range(800):
        week = days.week_of(from_here + n * DAY)
        assert days.week_of(days.read_week(days.week_name(week[0]))) == week


def test_earlier_and_later_are_the_months_and_weeks_beside(desk):
    def beside(address):
        context = desk.get(f"/admin/calendar/{address}").context
        return [parse_qs(urlsplit(context[to]).query) for to in ("earlier", "later")]

    assert beside("?month=2026-01") == [{"month": ["2025-12"]}, {"month": ["2026-02"]}]
    assert beside("?week=2026-W53") == [{"week": ["2026-W52"]}, {"week": ["2027-W01"]}]


def test_a_day_of_25_hours_holds_its_two_hours_of_one_name(desk, write, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    for name, at in (
        ("Midnight", datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),
        ("First", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Second", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("Last", datetime(2026, 10, 25, 22, 59, tzinfo=UTC)),
        ("Next", datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
    ):
        due(write(name), at)
    assert shown(desk, "/admin/calendar/?month=2026-10") == {
        "2026-10-25": [
            "00:00 due Midnight", "02:30 CEST due First", "02:30 CET due Second",
            "23:59 due Last",
        ],
        "2026-10-26": ["00:00 due Next"],
    }  # fmt: skip
    assert "2026-10-26" in shown(desk, "/admin/calendar/?week=2026-W44")
    assert list(shown(desk, "/admin/calendar/?week=2026-W43")) == ["2026-10-25"]


def test_a_day_of_23_hours_is_one_column_of_its_week(desk, write, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    due(write("Sunday"), datetime(2027, 3, 28, 21, 59, tzinfo=UTC))
    due(write("Monday"), datetime(2027, 3, 28, 22, 0, tzinfo=UTC))
    assert shown(desk, "/admin/calendar/?month=2027-03") == {
        "2027-03-28": ["23:59 due Sunday"],
        "2027-03-29": ["00:00 due Monday"],
    }


# --- What it costs --------------------------------------------------------------------------------


def queries_of(desk, address):
    desk.get(address)  # what a process asks once
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(address).status_code == 200
    return [query["sql"] for query in captured]


def fill(published, write, number):
    for n in range(number):
        story = published(f"Out {n}", at=NOW - (n + 1) * HOUR)
        due(story, NOW + n * HOUR)
        do("schedule", write(f"Coming {n}"), revision=1, at=NOW + (n + 1) * HOUR)


@pytest.mark.parametrize(
    "address", [MONTH, "/admin/calendar/?week=2026-W25", "/admin/calendar/?month=1998-02"]
)
def test_a_page_costs_as_many_queries_full_as_empty(
    desk_of, publisher, world, published, write, address
):
    SectionMember.objects.create(user=publisher, section=world)
    desk = desk_of(publisher)
    ContentType.objects.get_for_model(Article)
    before = len(queries_of(desk, address))
    fill(published, write, 12)
    after = queries_of(desk, address)
    assert len(after) == before <= MOST, "\n".join(sql[:200] for sql in after)


def test_more_than_a_page_shows_is_cut_and_says_so(desk, write, monkeypatch):
    monkeypatch.setattr(calendar, "MOST", 3)
    for n in range(4):
        due(write(f"Flood {n}"), NOW + n * HOUR)
    answer = desk.get(MONTH)
    assert "There is more here than one page shows." in answer.content.decode()
    assert len(chips(answer)["2026-06-19"]) == 3
