"""story.js, in a real browser: that a story changed is told to who read it before, by their
browser alone."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests.conftest import NOW
from tests.desk.pressing import do, rewrite

HERE = "/world/harbour-opens/"
SAYS = "This story changed since you read it on 19 June 2026: see what changed"
BLOCKED = (
    "Object.defineProperty(window, 'localStorage',"
    " {get() { throw new DOMException('blocked', 'SecurityError') }})"
)


@pytest.fixture
def story(paper):
    return Article.objects.get(slug="harbour-opens")


@pytest.fixture
def visit(context, live_server):
    """Open the story in a new tab of a reader's browser, whose clock stands still."""

    def visit(path=HERE, *, width=1280, before=""):
        tab = context.new_page()
        tab.set_viewport_size({"width": width, "height": 800})
        tab.clock.set_fixed_time(NOW)
        tab.add_init_script(before)
        tab.faults = []
        tab.on("pageerror", lambda error: tab.faults.append(str(error)))
        tab.on("console", lambda said: said.type == "error" and tab.faults.append(said.text))
        tab.goto(live_server.url + path)
        return tab

    return visit


def change(story, text, kind="update", *, ago=1):
    """Publish another text, so many minutes before the reader comes."""
    now = NOW - timedelta(minutes=ago)
    revision = rewrite(story, now=now, body=f"<p>{text}</p>")
    do("publish", story, revision=revision, now=now, change=kind)


def line(tab):
    return tab.get_by_role("status")


def test_a_returning_reader_is_told_once_that_a_story_changed_and_led_to_what_did(story, visit):
    change(story, "It opened, and it rained.", ago=2)
    first = visit()
    expect(line(first)).to_have_text("", use_inner_text=True)
    expect(visit().locator("#changed")).to_be_hidden()
    change(story, "It opened, and it rained again.")
    back = visit()
    expect(line(back)).to_have_text(SAYS, use_inner_text=True)
    back.get_by_role("link", name="see what changed").click()
    expect(back).to_have_url(f"{back.url.partition(HERE)[0]}{HERE}versions/")
    expect(back.locator("ins").nth(1)).to_contain_text("again")
    expect(visit().locator("#changed")).to_be_hidden()


def test_a_story_read_before_it_had_a_history_is_remembered_and_another_is_not_mixed_up(
    story, visit
):
    visit()
    visit("/national/tides-rise/")
    change(story, "It rained.")
    expect(line(visit())).to_have_text(SAYS, use_inner_text=True)
    assert "changed since" not in visit("/national/tides-rise/").locator("body").inner_text()


def test_a_typo_is_no_news(story, visit):
    change(story, "It opened, and it rained.", ago=2)
    visit()
    change(story, "It opened, and it raind.", kind="typo")
    expect(visit().locator("#changed")).to_be_hidden()


def test_the_last_200_stories_are_kept_and_nothing_of_them_is_sent(story, visit):
    change(story, "It rained.")
    filled = "if (!localStorage.read) localStorage.read = JSON.stringify("
    filled += "Array.from({length: 300}, (_, n) => [`${n + 1e6}`, 1, 1]))"
    tab = visit(before=filled)
    read = tab.evaluate("JSON.parse(localStorage.read)")
    assert len(read) == 200
    assert read[-1][0] == str(story.pk)
    sent = []
    tab.on("request", lambda request: sent.append((request.method, request.url)))
    tab.reload()
    tab.wait_for_load_state("networkidle")
    assert sent
    assert all(method == "GET" and "?" not in url for method, url in sent)


@pytest.mark.parametrize("kept", ["no JSON", "7", '{"a": 1}', "[[]]", "null"])
def test_what_else_may_lie_in_storage_is_no_error(story, visit, kept):
    change(story, "It rained.")
    tab = visit(before=f"localStorage.read = {kept!r}")
    expect(tab.locator("#changed")).to_be_hidden()
    assert tab.faults == []


def test_with_storage_blocked_nothing_is_told_and_nothing_fails(story, visit):
    change(story, "It rained.")
    tab = visit(before=BLOCKED)
    expect(tab.locator("h1")).to_be_visible()
    expect(tab.locator("#changed")).to_be_hidden()
    assert tab.faults == []


def test_a_page_at_another_address_such_as_a_preview_keeps_nothing(story, visit, context):
    change(story, "It rained.")
    page = visit().content()
    context.route("**/elsewhere/", lambda route: route.fulfill(body=page, content_type="text/html"))
    tab = visit("/elsewhere/", before="localStorage.clear()")
    assert tab.evaluate("localStorage.length") == 0


def test_without_scripts_nothing_shows(story, browser, live_server):
    change(story, "It rained.")
    reader = browser.new_context(java_script_enabled=False)
    tab = reader.new_page()
    tab.goto(live_server.url + HERE)
    expect(tab.locator("#changed")).to_be_hidden()
    reader.close()


MEASURED = """
window.moved = 0;
new PerformanceObserver(found => found.getEntries().forEach(e => { window.moved += e.value }))
  .observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("width", [390, 1280])
def test_the_line_moves_nothing_that_was_seen(story, visit, width):
    change(story, "It rained. " * 200, ago=2)
    visit(width=width)
    change(story, "It rained again. " * 200)
    tab = visit(width=width, before=MEASURED)
    expect(line(tab)).to_have_text(SAYS, use_inner_text=True)
    tab.wait_for_load_state("networkidle")
    # The script runs before the first paint as a rule; else, two lines on a phone are 0.03.
    assert tab.evaluate("window.moved") <= 0.05
