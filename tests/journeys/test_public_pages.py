"""Every kind of page of the demo newsroom, as readers take it: by eye, by keyboard, by script."""

from io import StringIO

import pytest
from django.core.management import call_command

from articles.kinds import StoryKind
from articles.models import Publication
from tests.conftest import NOW
from tests.journeys import sight

pytestmark = pytest.mark.looks

PAGES = (
    "/", "/world/", "/national/", "/author/leila-marchetti-rao/", "/tag/railways/", "/corrections/",
    "/feeds/", "/most-read/", "/search/", "/search/?q=harbour", "/search/?q=zqzq",
    "/archive/", "/archive/2026/", "/archive/2026/06/", "/archive/2026/06/19/",
    "/authors/", "/authors/l/", "/topics/", "/nowhere/",
    "/business/carrow-hills-slate-yard-finds-a-buyer/",  # gone
    "/business/grain-prices-ease-as-the-mirefield-harvest-beats-forecasts/",  # corrected
    "/business/grain-prices-ease-as-the-mirefield-harvest-beats-forecasts/versions/",
    "/world/harbour-towns-agree-to-share-the-cost-of-a-new-sea-wall/",
    "/world/harbour-towns-agree-to-share-the-cost-of-a-new-sea-wall/?print",
)  # fmt: skip

# Pictures that are not shown, each looked for as a reader who comes down to it does.
BROKEN = """async () => {
  const broken = []
  for (const img of document.images) {
    img.loading = "eager"
    try { await img.decode() } catch { }
    if (!img.naturalWidth) broken.push(img.currentSrc)
  }
  return broken
}"""
# What the tabulator key has to come to; of the choices of one name it comes to one.
TABBABLE = """() => new Set([...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled)
  .map((one) => one.type === "radio" ? one.name : one)).size"""
# What stands in focus, and whether its mark is seen.
FOCUSED = """() => {
  const one = document.activeElement
  if (one === document.body) return null
  window.walked ??= []
  const place = walked.indexOf(one)
  if (place < 0) walked.push(one)
  const style = getComputedStyle(one.type === "radio" ? one.parentElement : one)
  const own = getComputedStyle(one)
  return {
    new: place < 0,
    marked: [style, own].some((s) => s.outlineStyle !== "none" || s.boxShadow !== "none"),
    html: one.outerHTML.slice(0, 120),
  }
}"""
# What a page says, without what its clock says: a script sets that right.
WORDS = """() => {
  const main = document.querySelector("main").cloneNode(true)
  for (const said of main.querySelectorAll("time, [hidden], script")) said.remove()
  return main.textContent.split(/\\s+/).join(" ")
}"""


@pytest.fixture
def demo(clock, db):
    """The demo newsroom, and the addresses of its pages."""
    call_command("demo", stdout=StringIO())
    pages = Publication.objects.at(NOW).filter(kind=StoryKind.PAGE)
    return [*PAGES, *pages.values_list("path", flat=True)]


def test_all_are_accessible_fit_show_their_pictures_and_keep_the_policy(
    page, live_server, demo, violations
):
    wrong = []
    for path in demo:
        for width, scheme in ((1280, "light"), (320, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(live_server.url + path)
            found = sight.faults(page) + page.evaluate(BROKEN)
            if sight.width(page) > width:
                found.append("wider than the window")
            wrong += [f"{path} at {width} px, {scheme}: {fault}" for fault in found]
    assert wrong == [], "\n".join(wrong)
    assert violations == []


def test_the_keyboard_comes_to_all_there_is_and_shows_where_it_is(page, live_server, demo):
    wrong = []
    for path in demo:
        page.goto(live_server.url + path)
        reached = 0
        while reached < 500:
            page.keyboard.press("Tab")
            at = page.evaluate(FOCUSED)
            if at is None or not at["new"]:
                break
            reached += 1
            if not at["marked"]:
                wrong.append(f"{path}: {at}")
        if reached != (there := page.evaluate(TABBABLE)):
            wrong.append(f"{path}: came to {reached} of {there}")
    assert wrong == [], "\n".join(wrong)


def test_all_say_the_same_without_scripts(page, new_context, live_server, demo):
    without = new_context(java_script_enabled=False).new_page()
    for path in demo:
        words = []
        for tab in (page, without):
            tab.goto(live_server.url + path)
            words.append(tab.evaluate(WORDS))
        assert words[0] == words[1], path
        assert len(words[0]) > 100, path
