"""labels.js, in a real tab: the words of relative_time.py, at every moment that they change."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils.html import escape
from playwright.sync_api import Page

from articles.pages import holes
from articles.pages.relative_time import words_for_script
from articles.templatetags.reader import ago

SCRIPT = Path(__file__).parents[2] / "static" / "site" / "labels.js"
OPENED = datetime(2026, 6, 19, 6, 30, 15, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86_400))
TURNS = [count * MINUTE for count in range(1, 61)]
TURNS += [count * HOUR for count in range(1, 25)] + [count * DAY for count in range(1, 9)]
AGES = sorted({turn + shift for turn in TURNS for shift in (-SECOND, 0 * SECOND, SECOND)})

Open = Callable[..., Page]


@pytest.fixture
def open_tab(page: Page) -> Open:
    """Open a page of labels, served at OPENED, in a tab whose clock stands where it is put."""

    def open_tab(thens: list[datetime], *, words: str = "", at: datetime = OPENED) -> Page:
        labels = "".join(ago(then) for then in thens)
        tag = f'<script src="/labels.js" defer data-words="{escape(words or words_for_script())}">'
        served = holes.fill(f"<!DOCTYPE html>{tag}</script>{labels}".encode(), OPENED).content
        page.clock.install(time=at - HOUR)  # it ticks until it is stopped
        page.clock.pause_at(at)
        page.route("**/*", lambda route: route.fulfill(body=served, content_type="text/html"))
        page.route("**/labels.js", lambda route: route.fulfill(path=SCRIPT))
        page.goto("http://paper.example/")
        return page

    return open_tab


def read(tab: Page) -> list[str]:
    return tab.locator("time").all_text_contents()


def served(thens: list[datetime], at: datetime) -> list[str]:
    """What the server writes into a page that it serves at a moment."""
    page = holes.fill("\n".join(holes.hole(then) for then in thens).encode(), at).content
    return page.decode().split("\n")


def test_the_script_is_small():
    assert len(SCRIPT.read_bytes()) <= 2048


def test_an_old_page_reads_as_if_it_were_served_now(open_tab):
    thens = [OPENED - age for age in AGES]
    later = OPENED + timedelta(hours=30, minutes=7)
    assert read(open_tab(thens, at=later)) == served(thens, later)


def test_every_label_changes_in_the_second_in_which_the_server_would_change_it(open_tab):
    thens = [OPENED - age for age in AGES]
    tab, now = open_tab(thens), OPENED
    for step in (0, 1, 43, 1, 14, 1, 3539, 1, 60, 82_800, 6 * 86_400, 86_400):
        tab.clock.run_for(step * 1000)
        now += step * SECOND
        assert read(tab) == served(thens, now), now - OPENED


def test_a_moment_between_two_seconds_is_not_rounded(open_tab):
    then = OPENED - MINUTE + timedelta(milliseconds=700)
    tab = open_tab([then])
    tab.clock.run_for(699)
    assert read(tab) == ["just now"]
    tab.clock.run_for(1)
    assert read(tab) == ["1 minute ago"]


def test_a_future_moment_keeps_the_servers_words_until_it_comes(open_tab):
    then = OPENED + MINUTE
    tab = open_tab([then])
    tab.clock.run_for(59_999)
    assert read(tab) == served([then], OPENED)
    tab.clock.run_for(1)
    assert read(tab) == ["just now"]


def test_a_tab_that_slept_catches_up_when_it_is_seen(open_tab):
    tab = open_tab([OPENED])
    tab.clock.set_system_time(OPENED + 3 * HOUR)  # no timer runs while a machine sleeps
    assert read(tab) == ["just now"]
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert read(tab) == ["3 hours ago"]


def test_a_label_that_is_true_is_not_touched(open_tab):
    tab = open_tab([OPENED - HOUR])
    tab.evaluate(
        "new MutationObserver(all => { window.touched = all.length })"
        ".observe(document, {subtree: true, childList: true, characterData: true})"
    )
    tab.evaluate("dispatchEvent(new Event('pageshow'))")
    assert tab.evaluate("window.touched") is None


def test_each_number_takes_the_form_that_its_language_gives_it(open_tab):
    forms = {"now": "ted", "hour": [["x"], "0" * 23], "day": [["x"], "0" * 6]}
    forms["minute"] = [["%d minutu", "%d minuty", "%d minut"], "0111" + "2" * 55]
    thens = [OPENED - count * MINUTE for count in (0, 1, 3, 5)]
    tab = open_tab(thens, words=json.dumps(forms))
    assert read(tab) == ["ted", "1 minutu", "3 minuty", "5 minut"]
