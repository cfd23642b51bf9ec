"""Pictures in a real browser: a focal point by a click, a story’s picture by the keyboard."""

import pytest
from playwright.sync_api import expect

from articles.desk import renditions
from articles.models import Article, Image
from tests import files
from tests.journeys import sight
from tests.journeys.signing import come_back
from tests.journeys.tabs import EDITOR

pytestmark = pytest.mark.looks


@pytest.fixture
def inside(page, live_server, reporter, clock):
    come_back(page.context, live_server.url, reporter)
    return page


def test_a_click_sets_the_focal_point_and_the_crops_follow(inside, live_server, add_picture):
    image = add_picture()
    inside.goto(f"{live_server.url}/admin/articles/image/{image.pk}/change/")
    square = inside.locator("svg.crop").nth(2)
    expect(square).to_have_attribute("viewBox", "200 0 800 800")
    shown = inside.locator(".focal svg")
    box = shown.bounding_box()
    shown.click(position={"x": box["width"] * 0.9, "y": box["height"] * 0.25})
    expect(inside.get_by_label("Focal point, across %")).to_have_value("90")
    expect(inside.get_by_label("Focal point, down %")).to_have_value("25")
    expect(square).to_have_attribute("viewBox", "400 0 800 800")
    inside.get_by_label("Focal point, across %").fill("10")
    expect(square).to_have_attribute("viewBox", "0 0 800 800")
    inside.get_by_role("button", name="Save", exact=True).click()
    inside.wait_for_url("**/image/")
    assert Image.objects.get().focal == (10, 25)


def test_a_file_is_added_described_and_chosen_for_a_story_by_the_keyboard(
    inside, live_server, write, reporter, violations
):
    inside.goto(f"{live_server.url}/admin/articles/image/add/")
    picture = {"name": "lock.jpg", "mimeType": "image/jpeg", "buffer": files.photo()}
    inside.get_by_label("File").set_input_files(picture)
    inside.get_by_role("button", name="Add", exact=True).click()
    inside.get_by_label("Description").fill("A lock at high water")
    inside.get_by_role("button", name="Save", exact=True).click()
    inside.wait_for_url("**/image/")
    image = Image.objects.get()
    renditions.make(image.pk)
    story = write("Tides Rise", by=reporter)
    inside.goto(f"{live_server.url}/admin/articles/article/{story.pk}/change/")
    inside.locator(EDITOR).wait_for()
    inside.get_by_role("button", name="Choose a picture").first.press("Enter")
    dialog = inside.get_by_role("dialog", name="Choose a picture")
    expect(dialog.get_by_label("Search the library")).to_be_focused()
    inside.keyboard.type("lock")
    dialog.get_by_label("A lock at high water").focus()
    inside.keyboard.press("Space")
    inside.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    field = inside.get_by_role("spinbutton", name="Picture")
    expect(field).to_have_value(str(image.pk))
    expect(inside.locator("img.picked")).to_be_visible()
    inside.get_by_role("button", name="Save", exact=True).first.click()
    inside.wait_for_load_state()
    assert Article.objects.get().picture == image
    assert violations == []


def test_a_picture_is_put_into_the_text_with_words_of_its_own(
    inside, live_server, write, reporter, add_picture, violations
):
    image = add_picture("A lock at high water", make=True)
    story = write("Tides Rise", by=reporter, body="<p>Before.</p><p>After.</p>")
    inside.goto(f"{live_server.url}/admin/articles/article/{story.pk}/change/")
    text = inside.locator(EDITOR)
    text.get_by_text("Before.").click()
    inside.keyboard.press("End")
    inside.get_by_role("toolbar", name="Text tools").get_by_label("Picture").click()
    dialog = inside.get_by_role("dialog", name="Choose a picture")
    dialog.get_by_label("A lock at high water").check()
    dialog.get_by_role("button", name="Choose", exact=True).click()
    inside.keyboard.type("The lock on Monday.")
    text.get_by_label("Description").fill('Gates & "water"')
    text.get_by_text("The lock on Monday.").click()
    inside.keyboard.press("End")
    inside.keyboard.press("Enter")
    inside.keyboard.type("Between.")
    assert faults_of(inside) == []
    inside.get_by_role("button", name="Save", exact=True).first.click()
    inside.wait_for_load_state()
    assert Article.objects.get().body == (
        f'<p>Before.</p><figure class="picture" data-image="{image.pk}">'
        '<img alt="Gates &amp; &quot;water&quot;"><figcaption>The lock on Monday.</figcaption>'
        "</figure><p>Between.</p><p>After.</p>"
    )
    inside.goto(f"{live_server.url}/admin/articles/article/{story.pk}/change/")
    expect(text.get_by_label("Description")).to_have_value('Gates & "water"')
    expect(text.locator("figure img")).to_have_js_property("complete", value=True)
    assert text.locator("figure img").evaluate("img => img.naturalWidth") == 320
    assert violations == []


def faults_of(page):
    page.emulate_media(
        reduced_motion="reduce"
    )  # half-way through a change nothing is as it will be
    return sight.faults_by_day_and_by_night(page)
