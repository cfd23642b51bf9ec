"""What is typed beside a story, a note or a plan: it takes the text along, and is not lost."""

import pytest
from playwright.sync_api import expect


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


def test_a_note_typed_beside_the_story_is_not_left_without_asking(desk, live_server, write):
    story = write("Harbour Opens")
    desk.goto(f"{live_server.url}/admin/articles/article/{story.pk}/change/")
    desk.locator(".toolbar").wait_for()
    desk.get_by_role("heading", name="Notes").click()
    desk.get_by_label("Add a note").fill("Ask the harbour master.")
    desk.once("dialog", lambda dialog: dialog.dismiss())
    with desk.expect_event("dialog") as asked:
        desk.get_by_role("link", name="My desk").first.click()
    assert asked.value.type == "beforeunload"
    desk.get_by_role("button", name="Add", exact=True).click()
    expect(desk.get_by_text("The note is written.")).to_be_visible()
    assert story.notes.get().text == "Ask the harbour master."
