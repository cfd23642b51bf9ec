"""The keyboard's shortcuts on the desk, each pressed as somebody would who knows them."""

import re

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import expect

from articles.desk import workflow
from articles.models import Article, Publication
from tests.conftest import NOW, PROGRAM, person
from tests.journeys.signing import come_back

ADD = "/admin/articles/article/add/"


def body_of(tab):
    return tab.locator(".ProseMirror[contenteditable=true]")


@pytest.fixture
def begun(desk, live_server):
    """A new story, typed so far, with the cursor in its body."""
    desk.goto(live_server.url + ADD)
    body_of(desk).wait_for()
    desk.get_by_label("Section").select_option(label="World")
    desk.get_by_role("textbox", name="Headline").fill("Harbour Opens")
    body_of(desk).click()
    desk.keyboard.type("The harbour opened on Tuesday.")
    return desk


def test_control_s_saves_from_within_the_body(begun):
    with begun.expect_navigation():
        begun.keyboard.press("Control+s")
    expect(begun.get_by_role("heading", level=1)).to_contain_text("Harbour Opens")
    assert Article.objects.get().body == "<p>The harbour opened on Tuesday.</p>"


def test_control_s_twice_begins_one_story(begun):
    with begun.expect_navigation():
        begun.keyboard.press("Control+s")
        begun.keyboard.press("Control+s")
    expect(begun.get_by_role("heading", level=1)).to_contain_text("Harbour Opens")
    assert Article.objects.count() == 1


def test_control_enter_presses_the_blue_button_from_within_the_body(begun):
    with begun.expect_navigation():
        begun.keyboard.press("Control+Enter")
    expect(begun.get_by_text("draft · live").first).to_be_visible()
    assert Publication.objects.get().text.body == "<p>The harbour opened on Tuesday.</p>"


def test_control_enter_follows_the_blue_button_where_it_is_a_link(page, live_server, clock, write):
    """Who publishes and may not edit is led to the verb's page: there is nothing to save first."""
    reader = person("Reporter")
    reader.user_permissions.add(Permission.objects.get(codename="publish_article"))
    story = write()
    come_back(page.context, live_server.url, reader)
    page.goto(f"{live_server.url}/admin/articles/article/{story.pk}/change/")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/{story.pk}/verb/publish/")


def test_alt_shift_p_previews(desk, live_server, write):
    story = write()
    desk.goto(f"{live_server.url}/admin/articles/article/{story.pk}/change/")
    body_of(desk).click()
    desk.keyboard.press("Alt+Shift+P")
    desk.wait_for_url("**/preview/")


@pytest.fixture
def queue(write):
    """Two stories that wait for review, the older one first."""
    stories = [write("First In"), write("Second In")]
    for story in stories:
        workflow.take("submit", story.pk, by=PROGRAM, now=NOW)
    return stories


@pytest.fixture
def editors_desk(page, live_server, clock, db):
    come_back(page.context, live_server.url, person("Editor"))
    return page


@pytest.mark.parametrize("place", ["/admin/", "/admin/articles/article/", "/admin/budget/"])
def test_j_leads_to_the_queue_from_anywhere_and_through_it_in_a_story(
    editors_desk, live_server, queue, place
):
    editors_desk.goto(live_server.url + place)
    editors_desk.keyboard.press("j")
    forms = "/admin/articles/article/{}/change/"
    editors_desk.wait_for_url(re.compile(r"/change/$"))
    first = editors_desk.url
    editors_desk.locator("body").press("Alt+Shift+J")
    editors_desk.wait_for_url(lambda url: url != first and url.endswith("/change/"))
    known = {live_server.url + forms.format(story.pk) for story in queue}
    assert {first, editors_desk.url} == known


@pytest.mark.parametrize(
    ("key", "place"),
    [("n", ADD), ("d", "/admin/"), ("c", "/admin/calendar/"), ("b", "/admin/budget/"),
     ("q", "/admin/articles/article/?view=queue"), ("m", "/admin/articles/article/?view=mine")],
)  # fmt: skip
def test_a_single_key_leads_to_its_room(desk, live_server, key, place):
    desk.goto(f"{live_server.url}/admin/shortcuts/")
    desk.keyboard.press(key)
    desk.wait_for_url(live_server.url + place)


def test_the_slash_finds_and_keys_that_are_typed_lead_nowhere(desk, live_server):
    desk.goto(f"{live_server.url}/admin/")
    desk.keyboard.press("/")
    expect(desk.get_by_role("searchbox", name="Find a story")).to_be_focused()
    desk.keyboard.type("n d c")
    expect(desk.get_by_role("searchbox", name="Find a story")).to_have_value("n d c")


def test_single_keys_can_be_turned_off(desk, live_server):
    desk.goto(f"{live_server.url}/admin/")
    desk.keyboard.press("?")
    desk.get_by_role("checkbox", name="Shortcuts of a single key").uncheck()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog", name="Keyboard shortcuts")).to_have_count(0)
    # Whoever leaves is still here until the other page comes: what counts is that they set out.
    desk.evaluate("navigation.addEventListener('navigate', () => { window.left = true })")
    desk.keyboard.press("c")
    assert desk.evaluate("window.left") is None
    expect(desk.get_by_role("heading", name="My desk", level=1)).to_be_visible()
    assert desk.url == f"{live_server.url}/admin/"
