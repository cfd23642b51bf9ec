"""The archive: which stories stand on which day, which years, months and days there are at all."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import override_settings
from lxml import html

from articles.models import Publication
from articles.pages import periods
from articles.states import EndsAs
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do, rewrite

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
KOLKATA = ZoneInfo("Asia/Kolkata")


def local(year, month, day, hour=12, minute=0, zone=KOLKATA):
    return datetime(year, month, day, hour, minute, tzinfo=zone)


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return html.fromstring(answer.content)


def headlines(client, path):
    return [found.text_content() for found in page(client, path).cssselect("main .hd a")]


def hrefs(page, css):
    return [link.get("href") for link in page.cssselect(css)]


@pytest.fixture
def some_years(published, clock):
    """A story of each of a few days, the newest two hours old."""
    for when in (
        local(2019, 12, 31, 23, 59), local(2024, 2, 29), local(2024, 2, 28), local(2024, 11, 5),
        local(2026, 5, 1, 0, 0), local(2026, 6, 17), local(2026, 6, 19, 10),
    ):  # fmt: skip
        published(f"Of {when:%Y-%m-%d}", at=when.astimezone(UTC))


# --- Which years, months and days there are -----------------------------------------------------


def test_the_archive_opens_with_the_newest_year_and_names_every_year_with_a_story(
    client, some_years
):
    found = page(client, "/archive/")
    assert found.cssselect("h1")[0].text_content() == "Archive"
    assert hrefs(found, "nav[aria-label=Years] li a") == [
        "/archive/2026/", "/archive/2024/", "/archive/2019/",
    ]  # fmt: skip
    assert hrefs(found, "nav[aria-label=Months] a") == ["/archive/2026/05/", "/archive/2026/06/"]
    assert headlines(client, "/archive/") == ["Of 2026-06-19", "Of 2026-06-17", "Of 2026-05-01"]


def test_a_year_names_its_months_with_their_newest_stories(client, some_years):
    found = page(client, "/archive/2024/")
    assert hrefs(found, "nav[aria-label=Months] a") == ["/archive/2024/02/", "/archive/2024/11/"]
    assert headlines(client, "/archive/2024/") == [
        "Of 2024-11-05", "Of 2024-02-29", "Of 2024-02-28",
    ]  # fmt: skip


def test_a_month_shows_its_calendar_its_days_and_the_nearest_months_with_a_story(
    client, some_years
):
    found = page(client, "/archive/2024/02/")
    assert hrefs(found, ".cal a") == ["#d28", "#d29"]
    assert [cell.text_content() for cell in found.cssselect(".cal th")][0] == "Mon"
    days = [cell.text_content().strip() for cell in found.cssselect(".cal td")]
    assert days == ["", "", "", *map(str, range(1, 30)), "", "", ""]
    assert headlines(client, "/archive/2024/02/") == ["Of 2024-02-29", "Of 2024-02-28"]
    assert hrefs(found, ".day h2 a") == ["/archive/2024/02/29/", "/archive/2024/02/28/"]
    assert hrefs(found, "nav[aria-label='Other months'] a") == [
        "/archive/2019/12/", "/archive/2024/11/",
    ]  # fmt: skip


def test_a_day_shows_its_stories_with_their_time_and_the_nearest_days_with_a_story(
    client, some_years
):
    found = page(client, "/archive/2026/06/17/")
    assert headlines(client, "/archive/2026/06/17/") == ["Of 2026-06-17"]
    (clock,) = found.cssselect("ol.axis time")
    assert (clock.text, clock.get("datetime")) == ("12:00", "2026-06-17T12:00:00+05:30")
    assert hrefs(found, "nav[aria-label='Other days'] a") == [
        "/archive/2026/05/01/", "/archive/2026/06/19/",
    ]  # fmt: skip


def test_before_the_first_story_the_archive_says_so(client, db, clock):
    assert "No story has been published yet." in page(client, "/archive/").text_content()
    page(client, "/archive/2026/", 404)


# --- What is not there --------------------------------------------------------------------------

NOT_THERE = (
    "/archive/2025/", "/archive/2026/07/", "/archive/2026/06/18/", "/archive/2026/06/20/",
    "/archive/2023/02/29/", "/archive/2026/13/", "/archive/2026/00/", "/archive/2026/06/31/",
    "/archive/2026/06/00/", "/archive/0000/", "/archive/0999/", "/archive/9999/",
    "/archive/9998/12/31/", "/archive/1000/01/01/", "/archive/26/", "/archive/02026/",
    "/archive/2026/006/", "/archive/2026/june/", "/archive/2026/06/19/10/", "/archive/-2026/",
    "/archive/٢٠٢٦/", "/archive/2026/0６/", "/archive/2026%0A/", "/archive/%00/", "/archive/2026//",
    "/archive/2026.0/", "/archive/2026/06/1e1/", f"/archive/{'9' * 5000}/",
)  # fmt: skip


@pytest.mark.parametrize("path", NOT_THERE)
def test_what_has_no_story_or_is_no_day_is_not_found(client, some_years, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("typed", "padded"),
    [
        ("/archive/2026/6/", "/archive/2026/06/"),
        ("/archive/2026/6/17/", "/archive/2026/06/17/"),
        ("/archive/2026/06/1/", "/archive/2026/06/01/"),
        ("/archive/2026/6/17/?before=5", "/archive/2026/06/17/?before=5"),
        ("/archive/2026/06", "/archive/2026/06/"),
    ],
)
def test_a_month_or_day_of_one_digit_leads_to_its_one_address(client, some_years, typed, padded):
    answer = client.get(typed)
    assert (answer.status_code, answer["Location"]) == (301, padded)


def test_each_address_names_itself_as_the_one_to_be_kept(client, some_years):
    for path in ("/archive/", "/archive/2026/", "/archive/2026/06/", "/archive/2026/06/17/"):
        (link,) = page(client, path).cssselect("link[rel=canonical]")
        assert link.get("href") == f"{settings.SITE_URL}{path}"


# --- A day with many stories --------------------------------------------------------------------


@pytest.fixture
def busy_day(published, clock):
    """45 stories of one day, some at one moment, and one of the days before and after."""
    published("Before", at=local(2026, 6, 9, 23, 59).astimezone(UTC))
    after = published("After", at=local(2026, 6, 11, 0, 0).astimezone(UTC))
    first = local(2026, 6, 10, 0, 0).astimezone(UTC)
    stories = [published(f"S{n:02}", at=first + timedelta(minutes=n // 2)) for n in range(45)]
    return stories, after


def test_a_day_is_read_to_its_end_each_story_once_newest_first(client, busy_day):
    seen, address = [], "/archive/2026/06/10/"
    while address:
        found = page(client, address)
        seen += [link.text_content() for link in found.cssselect("ol.axis .hd a")]
        older = hrefs(found, "nav[aria-label=Pages] a[rel=next]")
        address = f"/archive/2026/06/10/{older[0]}" if older else None
    assert seen == [f"S{number:02}" for number in reversed(range(45))]


def test_a_story_of_another_day_or_of_none_is_no_cursor(client, busy_day):
    stories, after = busy_day
    for before in (after.pk, 0, "", "x", "-1", 2**63, stories[0].pk):  # after the last: nothing
        assert client.get(f"/archive/2026/06/10/?before={before}").status_code == 404
    assert client.get(f"/archive/2026/06/10/?before={stories[1].pk}").status_code == 200


def test_a_month_shows_five_stories_of_a_day_and_leads_to_all_of_them(client, busy_day):
    (busy,) = page(client, "/archive/2026/06/").cssselect("#d10")
    assert [link.text_content() for link in busy.cssselect("h3")] == [
        "S44",
        "S43",
        "S42",
        "S41",
        "S40",
    ]
    (more,) = busy.cssselect("a.all")
    assert (more.text_content(), more.get("href")) == (
        "All of 10 June 2026",
        "/archive/2026/06/10/",
    )
    (quiet,) = page(client, "/archive/2026/06/").cssselect("#d9")
    assert not quiet.cssselect("a.all")


# --- What is public -----------------------------------------------------------------------------


def test_a_story_taken_down_leaves_the_archive_and_its_day_with_it(client, some_years, published):
    story = published("Alone", at=local(2026, 6, 3).astimezone(UTC))
    assert client.get("/archive/2026/06/03/").status_code == 200
    do("take_down", story, how=EndsAs.GONE, reason="A libel")
    assert client.get("/archive/2026/06/03/").status_code == 404
    for path in ("/archive/", "/archive/2026/", "/archive/2026/06/"):
        assert "Alone" not in client.get(path).content.decode()
    assert "#d3" not in hrefs(page(client, "/archive/2026/06/"), ".cal a")
    assert "/archive/2026/06/03/" not in client.get("/archive/2026/06/17/").content.decode()


def test_what_is_hidden_is_no_neighbour(client, some_years, published, write):
    later = local(2026, 6, 18).astimezone(UTC)
    do("take_down", published("Gone", at=later), how=EndsAs.GONE, reason="A libel")
    do("take_down", published("Before", at=local(2024, 3, 1).astimezone(UTC)), how=EndsAs.GONE,
       reason="A libel")  # fmt: skip
    do("schedule", write("To Come"), revision=1, at=NOW + 20 * DAY)
    for path, around in (
        ("/archive/2026/06/17/", ["/archive/2026/05/01/", "/archive/2026/06/19/"]),
        ("/archive/2026/06/19/", ["/archive/2026/06/17/"]),
        ("/archive/2026/06/", ["/archive/2026/05/"]),
        ("/archive/2024/11/", ["/archive/2024/02/", "/archive/2026/05/"]),
    ):
        assert hrefs(page(client, path), "nav[aria-label^=Other] a") == around
    assert hrefs(page(client, "/archive/"), "nav[aria-label=Years] li a")[0] == "/archive/2026/"


def test_a_scheduled_story_is_on_its_day_from_its_moment_on(client, write, clock):
    do("schedule", write("To Come"), revision=1, at=NOW + 24 * HOUR)
    assert client.get("/archive/2026/06/20/").status_code == 404
    assert client.get("/archive/2026/").status_code == 404
    clock.move_to(NOW + 24 * HOUR)
    assert headlines(client, "/archive/2026/06/20/") == ["To Come"]


def test_a_correction_changes_neither_day_nor_time(client, some_years, published):
    story = published("Wrong", at=local(2026, 6, 3, 9, 30).astimezone(UTC))
    before = Publication.objects.get(article=story).first_published_at
    revision = rewrite(story, headline="Right")
    do("publish", story, revision=revision, change="correction", note="It was wrong.")
    assert Publication.objects.at(NOW).get(article=story).first_published_at == before
    assert headlines(client, "/archive/2026/06/03/") == ["Right"]
    assert page(client, "/archive/2026/06/03/").cssselect("ol.axis time")[0].text == "09:30"


# --- Where a day begins -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 6, 16, 18, 29, 59, 999999, UTC), "2026/06/16"),
        (datetime(2026, 6, 16, 18, 30, tzinfo=UTC), "2026/06/17"),
        (datetime(2026, 6, 17, 18, 29, 59, 999999, UTC), "2026/06/17"),
        (datetime(2026, 6, 17, 18, 30, tzinfo=UTC), "2026/06/18"),
        (datetime(2025, 12, 31, 18, 30, tzinfo=UTC), "2026/01/01"),
        (datetime(2025, 12, 31, 18, 29, 59, 999999, UTC), "2025/12/31"),
    ],
)
def test_a_day_begins_and_ends_at_midnight_in_the_newsrooms_zone(client, published, clock, at, day):
    published("Here", at=at)
    for path in (day, day[:7], day[:4]):
        assert headlines(client, f"/archive/{path}/") == ["Here"]
    (found,) = hrefs(page(client, f"/archive/{day[:7]}/"), ".day h2 a")
    assert found == f"/archive/{day}/"


# Zones, days, and how many hours each has: clocks that go forward and back, at midnight too, and
# a day that a zone skipped.
HOURS = (
    ("Asia/Kolkata", date(2026, 3, 29), 24),
    ("Europe/Berlin", date(2026, 3, 29), 23),
    ("Europe/Berlin", date(2026, 10, 25), 25),
    ("America/New_York", date(2026, 3, 8), 23),
    ("Asia/Beirut", date(2026, 3, 29), 23),  # from 00:00 to 01:00
    ("Atlantic/Azores", date(2026, 10, 25), 25),  # 00:00 twice
    ("America/Sao_Paulo", date(2018, 2, 17), 25),  # 23:00 twice
    ("America/Sao_Paulo", date(2018, 11, 4), 23),
    ("Pacific/Apia", date(2011, 12, 30), 0),
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
)


@pytest.mark.parametrize(("zone", "day", "hours"), HOURS)
def test_a_day_is_as_long_as_its_clock_says_and_days_follow_each_other(zone, day, hours):
    zone = ZoneInfo(zone)
    span = periods.day_of(day, zone).span
    assert (span.until - span.since) / HOUR == hours
    assert periods.day_of(day + DAY, zone).span.since == span.until
    assert periods.day_of(day - DAY, zone).span.until == span.since
    moment = span.since
    while moment < span.until:
        assert moment.astimezone(zone).date() == day
        moment += HOUR / 4


def test_the_hour_that_comes_twice_is_of_one_day_and_in_its_order(client, published, clock):
    first, second = (datetime(2025, 10, 26, hour, 30, tzinfo=UTC) for hour in (0, 1))
    published("First Half Past Two", at=first)
    published("Second Half Past Two", at=second)
    with override_settings(TIME_ZONE="Europe/Berlin"):
        found = page(client, "/archive/2025/10/26/")
        assert [t.get("datetime") for t in found.cssselect("ol.axis time")] == [
            "2025-10-26T02:30:00+01:00", "2025-10-26T02:30:00+02:00",
        ]  # fmt: skip
        assert client.get("/archive/2025/10/25/").status_code == 404
