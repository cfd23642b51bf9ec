"""The story form is calm: nothing in it moves by itself, and its one style is the one we know."""

import base64
import hashlib
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from articles.admin.story_form import EDITOR_STYLE
from articles.models import OpenForm
from tests.conftest import NOW, person
from tests.desk.pressing import do, rewrite
from tests.journeys.tabs import SIGN_OF_LIFE

pytestmark = pytest.mark.looks

BODY = "<p>The harbour opened on Tuesday.</p>" * 3
# Shifts of the page that no key or click of the last half second explains (Layout Instability).
WATCH = """
window.shifts = []
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    if (shift.hadRecentInput) continue
    const what = shift.sources.map(({ node }) => node?.outerHTML?.slice(0, 90) ?? node?.nodeName)
    // The checks grow and shrink with what they find, and so moves what stands below them.
    const isBeside = shift.sources.every(({ node }) => node?.parentElement?.closest(".story-side"))
    window.shifts.push([shift.value, isBeside, ...what])
  }
}).observe({ type: "layout-shift", buffered: true })
"""
# Of the last change, the browser tells after the frame that shows it.
SHIFTS = """() => new Promise((done) =>
  requestAnimationFrame(() => setTimeout(() => done(window.shifts))))"""

# What has the focus, if something lies over it that is not part of it.
HIDDEN = """() => {
  const it = document.activeElement
  if (!it || it === document.body || it.closest(".submit-row, .storybar, #header")) return []
  const { top, bottom, left, width } = it.getBoundingClientRect()
  const seen = document.elementFromPoint(left + width / 2, (top + bottom) / 2)
  const own = it.closest(".f, .form-row, .toolbar, .panel") ?? it
  return seen && (own.contains(seen) || seen.contains(it)) ? [] : [it.outerHTML.slice(0, 120)]
}"""


@pytest.fixture
def watched(desk):
    desk.add_init_script(WATCH)
    return desk


def shifts(tab):
    """What moved; less than a thousandth is a word that came into its own place."""
    return [one for one in tab.evaluate(SHIFTS) if one[0] > 0.001]


@pytest.fixture
def busy(write, published, clock):
    """A live story with much to say in its bars: a change, an embargo, a colleague in it."""
    story = published("Harbour Opens", body=BODY, standfirst="At last.")
    rewrite(story, standfirst="After eleven years of talks.")
    do("embargo", story, until=NOW.replace(hour=20))
    other = person("Editor", display_name="Leila Marchetti-Rao Of The Long Name")
    OpenForm.objects.create(article=story, person=other, at=NOW)
    return story


@pytest.mark.parametrize("width", [320, 800, 1280])
@pytest.mark.parametrize("which", ["new", "busy"])
def test_nothing_moves_when_the_form_opens_or_says_something(
    watched, live_server, busy, width, which
):
    watched.set_viewport_size({"width": width, "height": 900})
    path = f"{busy.pk}/change/" if which == "busy" else "add/"
    watched.goto(f"{live_server.url}/admin/articles/article/{path}")
    watched.locator(".toolbar").wait_for()
    watched.wait_for_load_state("networkidle")
    assert shifts(watched) == []
    held = []  # else it might be kept before anybody looks
    watched.route(SIGN_OF_LIFE, lambda route: held.append(route), times=1)
    with watched.expect_request(SIGN_OF_LIFE):
        watched.get_by_role("textbox", name="Headline").fill("Harbour Opens Late")
    expect(watched.locator(".open-form-state")).to_have_text("Typing…")
    held[0].continue_()
    expect(watched.locator(".open-form-state")).to_contain_text("Kept", timeout=15_000)
    assert [moved for moved in shifts(watched) if not moved[1]] == []


@contextmanager
def in_two_halves(html, cut):
    """Serve a page up to `cut` and the rest once it is asked for: its address, and how to ask."""
    first, *rest = (part.encode() for part in html.partition(cut))
    asked = threading.Event()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(first)
            asked.wait(timeout=20)
            self.wfile.write(b"".join(rest))

        def log_message(self, *_words):
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/", asked.set
        asked.set()
        server.shutdown()


PAINTED = """() => document.querySelector("#user-tools .new")
  && performance.getEntriesByType("paint").length"""


@pytest.mark.parametrize("width", [320, 800, 1280])
def test_nothing_in_the_header_moves_when_half_of_the_page_comes_later(watched, live_server, width):
    watched.set_viewport_size({"width": width, "height": 900})
    html = watched.request.get(f"{live_server.url}/admin/").text()
    html = html.replace("<head>", f'<head><base href="{live_server.url}/">')
    with in_two_halves(html, '<details class="menu">') as (address, come):
        watched.goto(address, wait_until="commit")
        watched.wait_for_function(PAINTED, polling=50)
        watched.evaluate(SHIFTS)  # a frame later
        come()
        watched.wait_for_load_state()
        moved = [one for one in watched.evaluate(SHIFTS) if "user-tools" in str(one)]
    assert moved == []


@pytest.mark.parametrize("width", [320, 800, 1280])
def test_the_bars_stay_as_high_as_they_are_whatever_they_say(watched, live_server, busy, width):
    watched.set_viewport_size({"width": width, "height": 900})
    watched.goto(f"{live_server.url}/admin/articles/article/{busy.pk}/change/")
    expect(watched.locator(".open-form-others")).to_contain_text("Leila")
    bars = {".storybar": 48, ".submit-row": 60 if width > 767 else 150}
    before = {name: watched.locator(name).first.bounding_box()["height"] for name in bars}
    assert all(height <= bars[name] for name, height in before.items()), before
    rewrite(busy, standfirst="After twelve years of talks.")
    watched.get_by_role("textbox", name="Headline").fill("Harbour Opens Late")
    expect(watched.locator("#bar-note")).to_contain_text(
        "saved this story meanwhile", timeout=15_000
    )
    after = {name: watched.locator(name).first.bounding_box()["height"] for name in bars}
    assert after == before


def test_what_the_keyboard_reaches_is_not_under_a_bar_on_a_phone(desk, live_server, busy):
    desk.set_viewport_size({"width": 320, "height": 900})
    desk.goto(f"{live_server.url}/admin/articles/article/{busy.pk}/change/")
    desk.locator(".toolbar").wait_for()
    desk.get_by_role("textbox", name="Headline").focus()
    hidden = []
    for _key in range(60):
        desk.keyboard.press("Tab")
        hidden += desk.evaluate(HIDDEN)
    assert hidden == []


def test_the_editors_one_style_is_the_one_that_the_policy_lets_in(desk, live_server, violations):
    """A new version of the editor may change it: then EDITOR_STYLE is to be its hash."""
    desk.goto(f"{live_server.url}/admin/articles/article/add/")
    desk.locator(".toolbar").wait_for()
    styles = desk.evaluate("[...document.querySelectorAll('style')].map((one) => one.textContent)")
    hashed = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in styles]
    assert [f"'sha256-{one}'" for one in hashed] == [EDITOR_STYLE]
    assert violations == []
