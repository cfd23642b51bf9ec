"""What a reader's eyes ask for: colours and text size by choice, still pages, strong contrast."""

import pytest
from playwright.sync_api import expect

from tests.journeys import sight

STORY = "/world/harbour-opens/"
PAPER = {"light": "rgb(249, 250, 248)", "dark": "rgb(17, 24, 30)"}
BAR = {"light": "#f9faf8", "dark": "#11181e"}  # of the browser, above the page
OTHER = {"light": "dark", "dark": "light"}
NAMES = {"light": "Light", "dark": "Dark"}
# Notes what html says as soon as there is a body, and what colour each frame has.
WATCH = """
  window.colours = new Set()
  new MutationObserver((_, watch) => {
    if (!document.body) return
    watch.disconnect()
    window.first = document.documentElement.dataset.scheme
  }).observe(document, { childList: true, subtree: true })
  const look = () => {
    if (document.body) window.colours.add(getComputedStyle(document.body).backgroundColor)
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
"""
NO_STORAGE = """
  Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("refused", "SecurityError") },
  })
"""
BARS = "[...document.getElementsByName('theme-color')].map((bar) => bar.content)"
DRAWN = {".side .tick": "borderInlineStartColor", ".axis-b": "backgroundColor"}
# The choices that are too small: axe passes over a control that is seen by what stands around it.
SMALL = """
  [...document.querySelectorAll("[type=radio]")].map((one) => one.getBoundingClientRect())
    .filter(({ width, height }) => width < 24 || height < 24)
"""
MOVING = """
  [...document.querySelectorAll("*")].flatMap((one) => ["", "::before", "::after"]
    .map((part) => getComputedStyle(one, part))
    .filter((style) => style.transitionDuration !== "0s" || style.animationName !== "none"
      || style.scrollBehavior !== "auto")
    .map(() => one.outerHTML.slice(0, 120)))
"""


def ground(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def letters(page):
    """How large the page sets its text, in CSS pixels."""
    return page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")


def choose(page, name):
    page.get_by_role("radio", name=name, exact=True).check()


@pytest.mark.parametrize("scheme", PAPER)
def test_a_choice_of_colours_wins_over_the_system_on_every_page_and_after_a_reload(
    page, live_server, paper, violations, scheme
):
    page.emulate_media(color_scheme=OTHER[scheme])
    page.goto(live_server.url)
    assert ground(page) == PAPER[OTHER[scheme]]
    choose(page, NAMES[scheme])
    assert ground(page) == PAPER[scheme]
    for path in ("/world/", STORY, "/nowhere/"):
        page.goto(live_server.url + path)
        assert ground(page) == PAPER[scheme]
    page.reload()
    assert ground(page) == PAPER[scheme]
    expect(page.get_by_role("radio", name=NAMES[scheme], exact=True)).to_be_checked()
    assert page.evaluate(BARS) == [BAR[scheme]] * 2
    choose(page, "As the system")
    assert ground(page) == PAPER[OTHER[scheme]]
    assert page.evaluate(BARS) == list(BAR.values())
    assert violations == []


@pytest.mark.parametrize("scheme", PAPER)
def test_no_frame_of_a_page_has_other_colours_than_the_chosen(page, live_server, paper, scheme):
    page.emulate_media(color_scheme=OTHER[scheme])
    page.goto(live_server.url)
    choose(page, NAMES[scheme])
    page.add_init_script(WATCH)
    page.goto(live_server.url + STORY)
    page.wait_for_function("window.colours.size")
    assert page.evaluate("window.first") == scheme
    assert page.evaluate("[...window.colours]") == [PAPER[scheme]]


def test_text_is_as_large_as_chosen_and_goes_with_the_reader(page, live_server, paper):
    page.goto(live_server.url)
    assert letters(page) == 18
    choose(page, "Larger")
    assert letters(page) == 22.5
    page.goto(live_server.url + STORY)
    assert letters(page) == 22.5
    choose(page, "Large")
    assert letters(page) == 20.25
    page.go_back()
    assert letters(page) == 20.25
    choose(page, "Normal")
    assert letters(page) == 18


def test_the_keyboard_chooses(page, live_server, paper):
    page.goto(live_server.url)
    page.get_by_role("radio", name="As the system").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert ground(page) == PAPER["dark"]
    outline = "getComputedStyle(document.activeElement.nextElementSibling).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("name", "size")
    expect(page.get_by_role("group", name="Text size")).to_be_visible()


def test_where_nothing_can_be_kept_the_system_decides_and_nothing_is_offered(
    page, live_server, paper, violations
):
    page.add_init_script(NO_STORAGE)
    page.emulate_media(color_scheme="dark")
    page.goto(live_server.url)
    assert ground(page) == PAPER["dark"]
    expect(page.get_by_role("group", name="Colours")).to_be_hidden()
    assert violations == []


def test_without_scripts_the_system_decides_and_nothing_is_offered(new_context, live_server, paper):
    page = new_context(java_script_enabled=False, color_scheme="dark").new_page()
    page.goto(live_server.url)
    expect(page.locator("body")).to_have_css("background-color", PAPER["dark"])
    expect(page.get_by_role("group", name="Colours")).to_be_hidden()


def test_print_is_black_on_white_of_one_size_and_says_where_it_is_from(page, live_server, paper):
    page.goto(live_server.url + STORY)
    choose(page, "Dark")
    choose(page, "Larger")
    page.emulate_media(media="print")
    assert ground(page) == "rgb(255, 255, 255)"
    assert letters(page) == 13.5
    expect(page.get_by_role("navigation")).to_have_count(0)  # none that is seen
    expect(page.get_by_role("radio")).to_have_count(0)
    expect(page.get_by_text("This version: 19 June 2026, 11:57")).to_contain_text(STORY)


def test_the_print_view_is_the_same_on_a_screen(page, live_server, paper):
    page.goto(f"{live_server.url}{STORY}?print")
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("radio")).to_have_count(0)
    expect(page.get_by_text("This version: 19 June 2026, 11:57")).to_be_visible()


def test_nothing_moves_for_who_asks_for_less_motion(page, live_server, paper):
    page.emulate_media(reduced_motion="reduce")
    for path in ("/", STORY):
        page.goto(live_server.url + path)
        assert page.evaluate(MOVING) == []


@pytest.mark.looks
def test_the_line_and_its_ticks_are_drawn_in_the_systems_own_ink(page, live_server, paper):
    page.emulate_media(forced_colors="active")
    page.goto(live_server.url + STORY)
    ink = page.evaluate("getComputedStyle(document.body).color")
    for what, drawn in DRAWN.items():
        part = page.locator(what).first
        assert ink in part.evaluate(f"(one) => getComputedStyle(one, '::before').{drawn}"), what
    neat = page.locator(".neat").first
    assert ink in neat.evaluate("(one) => getComputedStyle(one).backgroundImage")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.looks
def test_stronger_contrast_is_given_to_who_asks_for_it(page, live_server, paper):
    page.emulate_media(contrast="more")
    page.goto(live_server.url + STORY)
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert page.locator(".meta").evaluate("(one) => getComputedStyle(one).color") == ink


@pytest.mark.looks
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", PAPER)
def test_a_page_in_chosen_colours_and_large_text_is_accessible_and_fits(
    page, live_server, paper, scheme, width
):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=OTHER[scheme])
    page.goto(live_server.url)
    choose(page, NAMES[scheme])
    for size in ("Normal", "Larger"):
        choose(page, size)
        for path in ("/", STORY):
            page.goto(live_server.url + path)
            assert sight.width(page) <= width
            assert sight.faults(page) == []
            assert sight.faults(page, rules=["target-size"]) == []  # 24 pixels: WCAG 2.5.8
            assert page.evaluate(SMALL) == []
