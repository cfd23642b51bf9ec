"""What is typed beside a story, a note or a plan: it takes the text along, and is not lost."""

import re

import pytest
from playwright.sync_api import expect

from articles.desk import planning
from articles.models import Publication
from tests.conftest import NOW, PROGRAM, person
from tests.journeys.signing import come_back
from tests.journeys.tabs import change, pause, save, state

KEPT = re.compile(r"^Kept \d\d:\d\d")


@pytest.fixture
def story(write):
    return write("Harbour Opens")


@pytest.fixture
def tab(desk, live_server, story):
    """A tab with the story open, its editor ready and its clock one that a test may push on."""
    desk.clock.install(time=NOW)
    desk.goto(live_server.url + change(story))
    desk.locator(".toolbar").wait_for()
    return desk


def headline(tab):
    return tab.get_by_role("textbox", name="Headline")


def write_note(tab, words):
    tab.get_by_role("heading", name="Notes").click()
    tab.get_by_label("Add a note").fill(words)


def write_plan(tab, length):
    tab.locator(".plan summary").click()
    tab.get_by_label("Length").fill(length)


def asked(tab, answer, press):
    """Press something of which the browser asks whether to leave, and answer that."""
    tab.once("dialog", lambda dialog: getattr(dialog, answer)())
    with tab.expect_event("dialog") as asking:
        press()
    assert asking.value.type == "beforeunload"


def leave(tab):
    """Press what leads away from the story."""
    tab.get_by_role("link", name="My desk").first.click()


def test_a_plan_saved_beside_an_unsaved_text_takes_the_text_along(desk, live_server, write):
    story = write("Harbour Opens")
    desk.on("dialog", lambda asked: pytest.fail(f"asked: {asked.type}"))
    desk.goto(f"{live_server.url}/admin/articles/article/{story.pk}/change/")
    desk.locator(".toolbar").wait_for()
    desk.get_by_role("textbox", name="Headline").fill("Harbour Opens Late")
    desk.locator(".plan summary").click()
    desk.get_by_label("Length").fill("800")
    desk.get_by_role("button", name="Save the plan").click()
    expect(desk.get_by_text("The plan is saved.")).to_be_visible()
    expect(desk.get_by_role("textbox", name="Headline")).to_have_value("Harbour Opens Late")
    story.refresh_from_db()
    assert (story.length, story.headline) == (800, "Harbour Opens")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("was changed successfully")).to_be_visible()
    story.refresh_from_db()
    assert (story.length, story.headline) == (800, "Harbour Opens Late")


def test_a_note_typed_beside_the_story_is_not_left_without_asking(tab, story):
    write_note(tab, "Ask the harbour master.")
    asked(tab, "dismiss", lambda: leave(tab))
    tab.get_by_role("button", name="Add", exact=True).click()
    expect(tab.get_by_text("The note is written.")).to_be_visible()
    assert story.notes.get().text == "Ask the harbour master."


def test_a_note_is_not_left_without_asking_by_who_may_only_read_the_story(
    page, live_server, clock, story
):
    come_back(page.context, live_server.url, person("Reporter"))
    tab = page
    tab.goto(live_server.url + change(story))
    expect(tab.get_by_text("You may read this story, and not change it.")).to_be_visible()
    write_note(tab, "Ask the harbour master.")
    asked(tab, "dismiss", lambda: leave(tab))
    expect(tab.get_by_label("Add a note")).to_have_value("Ask the harbour master.")


def test_a_text_whose_save_was_stayed_from_is_kept_and_saved_by_the_next_press(tab, story):
    write_note(tab, "Ask the harbour master.")
    headline(tab).fill("Harbour Opens Late")
    asked(tab, "dismiss", lambda: save(tab))
    pause(tab)
    expect(state(tab)).to_have_text(KEPT)
    asked(tab, "accept", lambda: save(tab))  # at once, and the note still is guarded
    expect(tab.get_by_text("was changed successfully")).to_be_visible()
    story.refresh_from_db()
    assert story.headline == "Harbour Opens Late"


def test_what_is_typed_before_and_after_staying_is_one_text(tab):
    write_note(tab, "Ask the harbour master.")
    headline(tab).fill("Harbour Opens Late")
    asked(tab, "dismiss", lambda: save(tab))
    pause(tab)
    expect(state(tab)).to_have_text(KEPT)
    headline(tab).fill("Harbour Opens Late At Night")
    pause(tab)
    expect(state(tab)).to_have_text(KEPT)
    tab.get_by_label("Add a note").fill("")
    save(tab)
    expect(tab.get_by_text("was changed successfully")).to_be_visible()
    expect(headline(tab)).to_have_value("Harbour Opens Late At Night")
    expect(tab.locator(".unsaved")).to_have_count(0)


def test_words_typed_after_leaving_while_the_save_is_under_way_are_offered(tab, live_server, story):
    held = []
    tab.route("**/change/", lambda route: held.append(route), times=1)
    write_note(tab, "Ask the harbour master.")
    headline(tab).fill("Harbour Opens Late")
    headline(tab).press("End")
    button = tab.get_by_role("button", name="Save", exact=True)
    with tab.expect_request(lambda request: request.url.endswith("/change/")):
        asked(tab, "accept", lambda: button.dispatch_event("click"))  # the focus stays
    tab.keyboard.type(" At Night")
    held[0].continue_()
    expect(tab.get_by_text("was changed successfully")).to_be_visible()
    story.refresh_from_db()
    assert story.headline == "Harbour Opens Late"
    tab.goto(live_server.url + change(story))
    tab.get_by_role("button", name="Put it back").press("Enter")
    expect(headline(tab)).to_have_value("Harbour Opens Late At Night")


def test_a_plan_whose_saving_was_stayed_from_is_not_left_without_asking(tab):
    write_note(tab, "Ask the harbour master.")
    write_plan(tab, "800")
    asked(tab, "dismiss", lambda: tab.get_by_role("button", name="Save the plan").click())
    tab.get_by_label("Add a note").fill("")
    asked(tab, "dismiss", lambda: leave(tab))
    expect(tab.get_by_label("Length")).to_have_value("800")


@pytest.mark.parametrize("keys", ["Control+Enter", "Control+s"])
def test_the_keys_that_finish_a_story_finish_the_note_that_is_typed_beside_it(tab, story, keys):
    write_note(tab, "Ask the harbour master.")
    headline(tab).fill("Harbour Opens Late")
    tab.get_by_label("Add a note").press(keys)
    expect(tab.get_by_text("The note is written.")).to_be_visible()
    expect(headline(tab)).to_have_value("Harbour Opens Late")
    assert story.notes.get().text == "Ask the harbour master."
    story.refresh_from_db()
    assert (story.headline, Publication.objects.count()) == ("Harbour Opens", 0)


def test_a_plan_that_is_asked_back_keeps_the_text_that_was_typed_beside_it(tab, story):
    headline(tab).fill("Harbour Opens Late")
    write_plan(tab, "800")
    planning.plan(story.pk, {"length": 300}, by=PROGRAM, now=NOW)
    tab.get_by_role("button", name="Save the plan").click()
    expect(tab.get_by_text("changed this meanwhile to: 300")).to_be_visible()
    tab.get_by_role("button", name="Save the plan").click()
    expect(tab.get_by_text("The plan is saved.")).to_be_visible()
    expect(headline(tab)).to_have_value("Harbour Opens Late")


def test_a_note_that_is_asked_back_keeps_the_text_that_was_typed_beside_it(tab, story):
    headline(tab).fill("Harbour Opens Late")
    tab.get_by_role("heading", name="Notes").click()
    tab.get_by_role("button", name="Add", exact=True).click()
    expect(tab.get_by_text("This field is required.")).to_be_visible()
    tab.get_by_label("A note for colleagues").fill("Ask the harbour master.")
    tab.get_by_role("button", name="Add the note").click()
    expect(tab.get_by_text("The note is written.")).to_be_visible()
    expect(headline(tab)).to_have_value("Harbour Opens Late")
