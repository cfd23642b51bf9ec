"""story.js, in a real tab: a story is told of once, after 3 s in view, if its reader allows it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from articles.models import ReadsAnHour
from tests.conftest import NOW, person
from tests.desk.pressing import HOUR
from tests.journeys.signing import come_back
from tests.pages.test_most_read import FIREFOX

SITE = Path(__file__).parents[2] / "static" / "site"
STORY = "/world/harbour-opens/"
# Chromium says that it is headless, which is a robot's word.
BROWSER = {"user_agent": FIREFOX}
NO_TRACKING = "Object.defineProperty(navigator, 'doNotTrack', {get: () => '1'})"
PRIVACY = "Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true})"


@pytest.fixture
def open_tab(new_context, live_server, paper):
    """Open a page in a tab whose clock stands; say what it tells the server."""

    def open_tab(path=STORY, *, script="", **browser):
        tab = new_context(**{**BROWSER, **browser}).new_page()
        tab.told = []
        tab.on("request", lambda asked: asked.method == "POST" and tab.told.append(asked))
        if script:
            tab.add_init_script(script)
        if browser.get("java_script_enabled", True):
            tab.clock.install(time=NOW - HOUR)  # it ticks until it is stopped
            tab.clock.pause_at(NOW)
        tab.goto(live_server.url + path)
        return tab

    return open_tab


def wait(tab, seconds):
    """Let so much of the tab's time go by, and whatever it sent come in."""
    tab.clock.run_for(round(1000 * seconds))
    tab.evaluate("fetch('/static/site/mark.svg').then(() => 0)")


def counted():
    return list(ReadsAnHour.objects.values_list("count", flat=True))


def hide(tab, *, hidden):
    tab.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {get: () => hidden, "
        "configurable: true}); document.dispatchEvent(new Event('visibilitychange')) }",
        hidden,
    )


def test_all_scripts_of_the_readers_pages_are_small():
    sizes = {file.name: len(file.read_bytes()) for file in SITE.glob("*.js")}
    assert sum(sizes.values()) <= 4096


def test_a_story_in_view_for_three_seconds_is_counted_once(open_tab):
    tab = open_tab()
    wait(tab, 2.9)
    assert tab.told == []
    with tab.expect_response("**/most-read/") as answer:
        wait(tab, 0.2)
    assert answer.value.status == 204
    wait(tab, 3600)
    hide(tab, hidden=True)
    hide(tab, hidden=False)
    wait(tab, 3600)
    assert len(tab.told) == 1
    assert counted() == [1]
    assert tab.context.cookies() == []


def test_a_tab_that_is_not_looked_at_is_counted_when_it_is(open_tab):
    tab = open_tab(
        script="Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})"
    )
    wait(tab, 60)
    assert tab.told == []
    hide(tab, hidden=False)
    wait(tab, 2)
    hide(tab, hidden=True)
    wait(tab, 60)
    assert tab.told == []
    hide(tab, hidden=False)
    with tab.expect_response("**/most-read/"):
        wait(tab, 4)
    assert counted() == [1]


@pytest.mark.parametrize("script", [NO_TRACKING, PRIVACY], ids=["DNT", "GPC"])
def test_who_does_not_want_to_be_tracked_is_not_told_of(open_tab, script):
    tab = open_tab(script=script)
    wait(tab, 60)
    assert tab.told == []


@pytest.mark.parametrize("path", ["/", "/world/", "/most-read/", "/nowhere/"])
def test_no_other_page_tells_anything(open_tab, path):
    tab = open_tab(path)
    wait(tab, 60)
    assert tab.told == []


def test_a_preview_tells_nothing(new_context, live_server, paper):
    tab = new_context(**BROWSER).new_page()
    come_back(tab.context, live_server.url, person("Publisher"))
    told = []
    tab.on("request", lambda asked: told.append(asked.url))
    tab.clock.install(time=NOW)
    tab.goto(f"{live_server.url}/admin/articles/article/{paper.pk}/proof/1/")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Tides Rise")
    tab.clock.run_for(60_000)
    assert any("story.js" in url for url in told)
    assert not any("most-read" in url for url in told)


def test_with_scripts_off_a_story_is_whole_and_counts_nothing(open_tab):
    tab = open_tab(java_script_enabled=False)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Harbour Opens")
    assert tab.told == []


def test_who_counted_stands_in_the_ranking(open_tab, new_context, live_server):
    tab = open_tab()
    with tab.expect_response("**/most-read/"):
        wait(tab, 4)
    tab.goto(live_server.url)
    most = tab.get_by_role("region", name="Most Read")
    expect(most.get_by_role("listitem")).to_have_count(1)
    most.get_by_role("link", name="Most Read").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Most Read")
    expect(tab.get_by_role("link", name="Harbour Opens")).to_be_visible()
