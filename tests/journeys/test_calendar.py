"""The calendar by keyboard in a real browser: from day to day, and a story to another day."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from articles.desk import planning
from articles.models import Article, Publication
from tests.conftest import NOW, PROGRAM, person
from tests.desk.pressing import do
from tests.journeys.signing import come_back

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MONTH, WEEK, LIST = "/admin/calendar/", "/admin/calendar/?week=2026-W25", "/admin/budget/"


@pytest.fixture
def stories(clock, write, published):
    """One that is due today, one that goes out tomorrow, one that went out."""
    published("Ferry", at=NOW - 2 * HOUR)
    flood, river = write("Flood in the Old Town"), write("River")
    planning.plan(flood.pk, {"due_at": NOW + 3 * HOUR, "slugline": "FLOOD"}, by=PROGRAM, now=NOW)
    do("schedule", river, revision=1, at=NOW + DAY)
    return flood, river


@pytest.fixture
def desk(page, live_server, stories, violations):
    """A publisher’s tab; at its end no policy was breached."""
    come_back(page.context, live_server.url, person("Publisher"))
    yield page
    assert violations == []


@pytest.fixture
def calendar(desk, live_server):
    desk.goto(live_server.url + MONTH)
    return desk


def focused(page):
    return page.locator(":focus")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_arrows_go_from_day_to_day_and_pages_from_month_to_month(calendar, live_server):
    days = calendar.locator("a.day[tabindex='0']")
    expect(days).to_have_count(1)
    expect(days).to_have_attribute("aria-current", "date")
    days.focus()
    for key, day in (
        ("ArrowRight", "20"), ("ArrowDown", "27"), ("Home", "22"), ("End", "28"),
        ("ArrowUp", "21"), ("ArrowLeft", "20"),
    ):  # fmt: skip
        press(calendar, key)
        expect(focused(calendar)).to_have_attribute("href", f"{LIST}?day=2026-06-{day}")
    press(calendar, "PageDown")
    expect(calendar.get_by_role("heading", level=1)).to_have_text("July 2026")
    expect(focused(calendar)).to_have_class("day")
    press(calendar, "PageUp")
    expect(calendar.get_by_role("heading", level=1)).to_have_text("June 2026")


def test_a_story_that_is_due_is_carried_to_another_day(calendar, stories):
    calendar.get_by_role("link", name="due 15:00 FLOOD").focus()
    press(calendar, "m")
    said = calendar.get_by_role("status")
    expect(said).to_contain_text("Friday 19 June, 15:00. Arrows choose the day")
    press(calendar, "ArrowDown", "ArrowLeft")
    expect(said).to_have_text("Thursday 25 June, 15:00")
    press(calendar, "Enter")
    expect(calendar.get_by_text("“Flood in the Old Town” is moved")).to_be_visible()
    expect(focused(calendar)).to_contain_text("FLOOD")  # where it is now
    due = Article.objects.get(pk=stories[0].pk).due_at
    assert due == datetime(2026, 6, 25, 9, 30, tzinfo=UTC)


def test_what_is_scheduled_is_carried_within_its_week(desk, live_server, stories):
    desk.goto(live_server.url + WEEK)
    desk.get_by_role("link", name="12:00 goes out River").focus()
    press(desk, "m", "ArrowRight", "Enter")
    expect(desk.get_by_text("“River” is moved")).to_be_visible()
    assert Publication.objects.get(article=stories[1]).starts_at == NOW + 2 * DAY


def test_who_gives_up_moves_nothing(calendar, stories):
    calendar.get_by_role("link", name="due 15:00 FLOOD").focus()
    for way_out in ("Escape", "Tab"):
        press(calendar, "m", "ArrowRight", way_out)
        expect(calendar.get_by_role("status")).to_have_text("It stays where it is.")
        calendar.get_by_role("link", name="due 15:00 FLOOD").focus()
    calendar.get_by_role("link", name="went live 10:00 Ferry").focus()
    press(calendar, "m")
    expect(calendar.get_by_role("status")).to_contain_text("This one is not moved here.")
    assert Article.objects.get(pk=stories[0].pk).due_at == NOW + 3 * HOUR


def test_a_move_that_is_refused_says_why_and_asks_again(calendar, stories):
    calendar.get_by_role("link", name="goes out 12:00 River").focus()
    press(calendar, "m", "ArrowLeft", "ArrowLeft", "Enter")
    expect(calendar.get_by_text("That moment has passed.")).to_be_visible()
    expect(calendar.get_by_label("New day and time")).to_have_value("2026-06-18T12:00")
    calendar.get_by_label("New day and time").fill("2026-06-21T06:00")
    calendar.get_by_role("button", name="Move").click()
    expect(calendar.get_by_text("“River” is moved")).to_be_visible()


def test_without_script_a_story_is_moved_on_a_page_of_its_own(new_context, live_server, stories):
    context = new_context(java_script_enabled=False)
    come_back(context, live_server.url, person("Publisher"))
    page = context.new_page()
    page.goto(live_server.url + MONTH)
    page.get_by_role("link", name="Move “FLOOD”…").press("Enter")
    page.get_by_label("New day and time").fill("2026-06-22T09:00")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("“Flood in the Old Town” is moved")).to_be_visible()
    assert Article.objects.get(pk=stories[0].pk).due_at == datetime(2026, 6, 22, 3, 30, tzinfo=UTC)


def test_a_line_is_added_to_the_days_list_and_printed(desk, live_server):
    desk.add_init_script("window.print = () => { window.printed = true }")
    desk.goto(live_server.url + LIST)
    desk.get_by_text("Add a line").click()
    desk.get_by_label("Headline").fill("Ferries Cut")
    desk.get_by_label("Section").select_option("World")
    desk.get_by_label("Due").fill("2026-06-19T18:00")
    desk.get_by_role("button", name="Add the line").click()
    expect(desk.get_by_role("link", name="Ferries Cut")).to_be_visible()
    desk.get_by_role("button", name="Print").click()
    desk.wait_for_function("window.printed")
    desk.emulate_media(media="print")
    expect(desk.get_by_text("The Meridian, printed 19 Jun 2026")).to_be_visible()
    expect(desk.get_by_role("button", name="Print")).to_be_hidden()
