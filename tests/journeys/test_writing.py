"""A story's way in a real browser: signed in, typed, published, read."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Article, Author, Publication
from tests.conftest import NOW, person


def choose(page, field, term):
    """Pick a row in one of the admin's autocompletes."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-search__field:visible").last.fill(term)
    page.locator(".select2-results__option", has_text=term).first.click()


def press(page, name, on):
    """Press one of the editor's buttons on what a key selects, which a mouse may miss."""
    page.keyboard.press(on)
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def test_a_publisher_writes_quotes_publishes_and_reads_the_story(desk, live_server, violations):
    desk.goto(f"{live_server.url}/admin/articles/article/add/")
    desk.get_by_role("textbox", name="Headline").fill("Harbour Opens")
    editor = desk.locator(".ProseMirror[contenteditable=true]").first
    editor.click()
    desk.keyboard.type("The harbour opened on Tuesday.")
    desk.keyboard.press("Enter")
    desk.keyboard.type("“It opened,” she said.")
    expect(editor).to_contain_text("“It opened,” she said.")
    press(desk, "Pull quote", on="Shift+Home")
    desk.get_by_label("Section").select_option(label="World")
    desk.get_by_label("Tags").fill("Ports, Kestrel Bay")
    desk.get_by_role("button", name="Publish now", exact=True).click()
    expect(desk.get_by_text("draft · live").first).to_be_visible()
    article = Article.objects.get()
    assert article.body == (
        "<p>The harbour opened on Tuesday.</p><p>“It opened,” she said.</p>"
        '<figure class="pull"><blockquote><p>“It opened,” she said.</p></blockquote>'
        "<figcaption></figcaption></figure>"
    )
    desk.goto(f"{live_server.url}/world/harbour-opens/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Harbour Opens")
    expect(desk.locator("figure.pull")).to_contain_text("“It opened,” she said.")
    assert violations == []


def test_a_story_is_scheduled_with_the_browsers_own_picker(desk, live_server, write, violations):
    article = write()
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    desk.get_by_role("button", name="Schedule…").click()
    desk.get_by_label("Goes live").fill("2026-06-20T06:00")
    desk.locator("form.verb-schedule button").click()
    expect(desk.get_by_text(re.compile("goes live tomorrow 06:00")).first).to_be_visible()
    assert Publication.objects.get().starts_at > NOW
    assert violations == []


def test_a_link_is_an_address_and_nothing_else(desk, live_server, violations):
    desk.goto(f"{live_server.url}/admin/articles/article/add/")
    # The form puts the cursor into its first field as it loads, out of any other.
    desk.get_by_role("textbox", name="Headline").fill("Harbour Opens")
    editor = desk.locator(".ProseMirror[contenteditable=true]").first
    editor.click()
    desk.keyboard.type("harbour")
    expect(editor).to_have_text("harbour")
    press(desk, "Link", on="Control+a")
    field = desk.get_by_role("dialog", name="Link").get_by_role("textbox")
    expect(field).to_have_count(1)
    field.fill("https://example.org/harbour")
    desk.keyboard.press("Enter")
    expect(editor.locator("a")).to_have_attribute("href", "https://example.org/harbour")
    assert violations == []


def test_what_is_wrong_with_the_body_leads_into_its_editor(desk, live_server, write, violations):
    article = write(body="<p>The harbour</p>")
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    editor = desk.locator(".ProseMirror[contenteditable=true]")
    editor.click()
    desk.keyboard.insert_text("\x0e")
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.get_by_role("alert").get_by_role("link", name="Body").click()
    expect(editor).to_be_focused()
    assert violations == []


def test_a_link_to_the_body_that_is_taken_before_the_editor_came_leads_into_it_then(
    desk, live_server, write
):
    article = write(body="")
    held = []
    desk.route("**/toolbar*.js", lambda route: held.append(route))
    with desk.expect_request("**/toolbar*.js"):
        desk.goto(
            f"{live_server.url}/admin/articles/article/{article.pk}/change/", wait_until="commit"
        )
    expect(desk.locator("output.count").first).not_to_be_empty()  # counted by the links' script
    desk.locator("#checks").get_by_role("link", name="Body").click()
    (toolbar,) = held
    toolbar.continue_()
    expect(desk.locator(".ProseMirror[contenteditable=true]")).to_be_focused()


def test_a_check_on_the_page_of_a_publish_leads_into_the_editor(desk, live_server, write, clock):
    article = write(body="")
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/verb/publish/")
    desk.get_by_role("link", name="Go to: Body").click()
    expect(desk.locator(".ProseMirror[contenteditable=true]")).to_be_focused()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_a_link_to_the_body_shows_its_first_line_below_the_bars(desk, live_server, write, width):
    desk.set_viewport_size({"width": width, "height": 900})
    article = write(body="<p>The harbour opened.</p>" * 60)
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/#id_body")
    expect(desk.locator(".ProseMirror[contenteditable=true]")).to_be_focused()
    bars, line = desk.locator(".toolbar").bounding_box(), desk.locator(".ProseMirror p").first
    assert desk.evaluate("scrollY") > 0
    assert line.bounding_box()["y"] >= bars["y"] + bars["height"]


def test_bylines_are_posted_in_the_order_they_were_picked(desk, live_server, write):
    for name in ("Ada Moss", "Bo Lind"):
        Author.objects.create(name=name, slug=name.split()[0].lower())
    article = write()
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    choose(desk, "authors", "Bo Lind")
    choose(desk, "authors", "Ada Moss")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("was changed successfully")).to_be_visible()
    names = list(article.bylines.values_list("author__name", flat=True))
    assert names == ["Bo Lind", "Ada Moss"]


def test_from_sign_in_to_a_published_story_takes_twelve_actions(page, live_server, clock, db):
    """With section, author and tag. A field filled, a button pressed or a row picked is one."""
    person("Publisher")
    Author.objects.create(name="Ada Moss", slug="ada-moss")
    page.goto(f"{live_server.url}/admin/")
    body = page.locator(".ProseMirror[contenteditable=true]")
    author = page.locator(".field-authors .select2-search__field")
    row = page.locator(".select2-results__option", has_text="Ada Moss")
    actions = [
        lambda: page.get_by_label("E-mail address").fill("publisher@newsroom.example"),
        lambda: page.get_by_label("Password").fill("pass"),
        lambda: page.get_by_role("button", name="Log in").click(),
        lambda: page.get_by_role("link", name="New story").first.click(),
        lambda: page.get_by_role("textbox", name="Headline").fill("Harbour Opens"),
        body.click,
        lambda: page.keyboard.type("It opened on Tuesday.\nIt rained."),
        lambda: page.get_by_label("Section").select_option(label="World"),
        lambda: author.fill("Ada"),
        row.click,
        lambda: page.get_by_label("Tags").fill("Ports"),
        page.get_by_role("button", name="Publish now", exact=True).click,
    ]
    for act in actions:
        act()
        page.wait_for_load_state()  # a form that is still loading takes the focus for itself
    assert len(actions) <= 12
    expect(page.get_by_text("draft · live").first).to_be_visible()
    assert Publication.objects.get().authors == [Author.objects.get().pk]
    assert Article.objects.get().body == "<p>It opened on Tuesday.</p><p>It rained.</p>"
