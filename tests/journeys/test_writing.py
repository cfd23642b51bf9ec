"""A story's way in a real browser: signed in, typed, published, read."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Article, Author, Publication
from tests.conftest import NOW, person


@pytest.fixture
def desk(page, live_server, clock, db):
    """A tab signed in as a publisher, through the form."""
    person("Publisher")
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("E-mail address").fill("publisher@newsroom.example")
    page.get_by_label("Password").fill("pass")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Stories").first).to_be_visible()
    return page


def choose(page, field, term):
    """Pick a row in one of the admin's autocompletes."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-search__field:visible").last.fill(term)
    page.locator(".select2-results__option", has_text=term).first.click()


def press(page, title, on):
    """Press one of the editor's buttons on what a key selects, which a mouse may miss."""
    page.keyboard.press(on)
    button = page.locator(f".prose-menubar__button[title='{title}']")
    expect(button).not_to_have_class(re.compile(r"\bdisabled\b"))
    button.click()


def test_a_publisher_writes_quotes_publishes_and_reads_the_story(desk, live_server, violations):
    desk.goto(f"{live_server.url}/admin/articles/article/add/")
    desk.get_by_label("Headline").fill("Harbour Opens")
    editor = desk.locator(".ProseMirror[contenteditable=true]").first
    editor.click()
    desk.keyboard.type("The harbour opened on Tuesday.")
    desk.keyboard.press("Enter")
    desk.keyboard.type("“It opened,” she said.")
    expect(editor).to_contain_text("“It opened,” she said.")
    press(desk, "pull quote", on="Shift+Home")
    choose(desk, "section", "World")
    desk.get_by_label("Tags").fill("Ports, Kestrel Bay")
    desk.get_by_role("button", name="Save and continue editing").click()
    article = Article.objects.get()
    assert article.body == (
        "<p>The harbour opened on Tuesday.</p><p>“It opened,” she said.</p>"
        '<figure class="pull"><blockquote><p>“It opened,” she said.</p></blockquote>'
        "<figcaption></figcaption></figure>"
    )
    desk.locator("form.verb-publish button").click()
    expect(desk.get_by_text("draft · live").first).to_be_visible()
    desk.goto(f"{live_server.url}/world/harbour-opens/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Harbour Opens")
    expect(desk.locator("figure.pull")).to_contain_text("“It opened,” she said.")
    assert violations == []


def test_a_story_is_scheduled_with_the_browsers_own_picker(desk, live_server, write, violations):
    article = write()
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    desk.locator("details.verb-schedule summary").click()
    desk.get_by_label("Goes live").fill("2026-06-20T06:00")
    desk.locator("details.verb-schedule button").click()
    expect(desk.get_by_text(re.compile("goes live tomorrow 06:00")).first).to_be_visible()
    assert Publication.objects.get().starts_at > NOW
    assert violations == []


def test_a_link_is_an_address_and_nothing_else(desk, live_server, violations):
    desk.goto(f"{live_server.url}/admin/articles/article/add/")
    # The form puts the cursor into its first field as it loads, out of any other.
    desk.get_by_label("Headline").fill("Harbour Opens")
    editor = desk.locator(".ProseMirror[contenteditable=true]").first
    editor.click()
    desk.keyboard.type("harbour")
    expect(editor).to_have_text("harbour")
    press(desk, "insert link", on="Control+a")
    expect(desk.locator("dialog input")).to_have_count(1)
    desk.locator("dialog input").fill("https://example.org/harbour")
    desk.keyboard.press("Enter")
    expect(editor.locator("a")).to_have_attribute("href", "https://example.org/harbour")
    assert violations == []


def test_bylines_are_posted_in_the_order_they_were_picked(desk, live_server, write):
    for name in ("Ada Moss", "Bo Lind"):
        Author.objects.create(name=name, slug=name.split()[0].lower())
    article = write()
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    choose(desk, "authors", "Bo Lind")
    choose(desk, "authors", "Ada Moss")
    desk.get_by_role("button", name="Save and continue editing").click()
    names = list(article.bylines.values_list("author__name", flat=True))
    assert names == ["Bo Lind", "Ada Moss"]
