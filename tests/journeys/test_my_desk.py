"""My desk in a real browser: from it to an approved story, and how it looks on every width."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from articles.desk import notes, planning, workflow
from articles.models import Article, OpenForm
from tests.conftest import NOW, PROGRAM, person
from tests.desk.pressing import HOUR, do, rewrite
from tests.journeys.signing import come_back


@pytest.fixture
def house(clock, published, write, national):
    """A desk where every part of the page has rows, for an editor who also publishes."""
    ada, eve = person("Reporter", display_name="Ada Moss"), person("Publisher")
    urgent = write("Barrier Vote Delayed", by=ada, standfirst="Costs doubled.")
    calm = write("Ferry Operator Cuts Evening Crossings", by=ada, section=national.pk)
    for story in (urgent, calm):
        workflow.take("submit", story.pk, by=ada, now=NOW - HOUR, reason="Page 14 has the costs.")
    planning.plan(urgent.pk, {"due_at": NOW + HOUR, "length": 700}, by=eve, now=NOW)
    late = write("River Survey, Street by Street", by=ada)
    planning.plan(late.pk, {"assignee_id": eve.pk, "due_at": NOW - 20 * HOUR}, by=PROGRAM, now=NOW)
    notes.add(calm.pk, "Which ports, @publisher?", by=ada, now=NOW)
    for n in range(4):
        story = published(f"Trade Report {n}", at=NOW - n * timedelta(days=2))
        revision = rewrite(story, standfirst=f"As it was {n}.")
        kind = "clarification" if n % 2 else "correction"
        do("publish", story, revision=revision, change=kind, note="It was so.")
        rewrite(story, standfirst=f"More {n}.")
    # Almost 34 minutes: the clock goes on while the browser opens the page.
    soon = NOW + timedelta(minutes=33, seconds=55)
    do("schedule", write("Rail Buses Today"), revision=1, at=soon)
    mine = write("The Allotment That Feeds a Ward", by=eve, now=NOW)
    OpenForm.objects.create(article=mine, person=eve, at=NOW, typed="[]", typed_at=NOW)
    return eve


@pytest.fixture
def desk(page, live_server, house):
    come_back(page.context, live_server.url, house)
    page.goto(f"{live_server.url}/admin/")
    return page


def test_from_my_desk_to_the_next_story_approved_in_three_actions(desk, violations):
    waits = desk.locator(".waits li")
    review = waits.filter(has_text="Barrier Vote Delayed")
    expect(review).to_contain_text("Review it. Ada Moss asked 1 h ago: “Page 14 has the costs.”")
    review.get_by_role("link", name="Review").click()  # 1
    expect(desk).to_have_url(re.compile(r"/article/\d+/change/"))
    approve = desk.get_by_role("button", name="Approve", exact=True)
    asked = desk.get_by_role("link", name="Approve", exact=True)
    expect(approve.or_(asked).first).to_be_visible()
    desk.wait_for_load_state()
    if asked.count():
        asked.first.click()  # 2, where a page asks about it first
    approve.click()  # 3 at most
    expect(desk.get_by_text("Approve: done.")).to_be_visible()
    desk.wait_for_load_state()
    expect(desk.get_by_text("In review")).to_have_count(0)
    assert Article.objects.get(headline="Barrier Vote Delayed").status == "ready"
    desk.get_by_role("link", name="My desk").first.click()
    row = desk.locator(".waits li").filter(has_text="Barrier Vote Delayed")
    expect(row).to_contain_text("Publish it.")
    assert violations == []


def test_the_countdown_goes_on_by_the_servers_clock_and_moves_nothing(page, house, live_server):
    page.clock.install(time=NOW + timedelta(days=400))  # a browser whose own clock is wrong
    come_back(page.context, live_server.url, house)
    page.goto(f"{live_server.url}/admin/")
    left = page.locator(".coming .left").first
    expect(left).to_have_text("in 33 min")
    before = left.evaluate("e => JSON.stringify(e.closest('ol').getBoundingClientRect())")
    page.clock.run_for(60_000)
    expect(left).to_have_text("in 32 min")
    assert left.evaluate("e => JSON.stringify(e.closest('ol').getBoundingClientRect())") == before
    page.clock.run_for(32 * 60_000)
    expect(left).to_have_text(re.compile("in less than a minute|just now"))


def test_on_a_phone_everything_that_is_pressed_is_large_enough(desk):
    desk.set_viewport_size({"width": 320, "height": 900})
    for pressed in desk.locator("#content a:visible, #content summary:visible").all():
        box = pressed.bounding_box()
        assert box["height"] >= 24, pressed.inner_text()
    for button in desk.locator("#content a.btn:visible").all():
        assert button.bounding_box()["height"] >= 40
