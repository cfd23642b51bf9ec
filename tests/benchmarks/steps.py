"""python -m tests.benchmarks.steps: what publishing a story takes in Chromium, and approving one.

Against the demo newsroom as make run serves it, on loopback. A field filled, a button pressed or a
row picked is one action; the seconds are those that the person waits for the site, not those that
they type. Prints both, for the docs.
"""

import tempfile
import time
from collections.abc import Callable

from playwright.sync_api import Page, sync_playwright

from tests import browsers, screenshots

BODY = "The council met on Monday evening.\nIt will vote on the plan next week."


def done(actions: list[Callable[[], object]], settled: Callable[[], object]) -> tuple[int, float]:
    """How many actions there are, and the seconds until what they led to was done."""
    start = time.perf_counter()
    for act in actions:
        act()
    settled()
    return len(actions), time.perf_counter() - start


def publish(page: Page) -> tuple[int, float]:
    """From the sign-in to a published story of two paragraphs with section, author and tag."""
    page.goto(f"{screenshots.SITE}/admin/")
    author = page.locator(".field-authors .select2-search__field")
    return done(
        [
            lambda: page.get_by_label("E-mail address").fill("publisher@meridian.example"),
            lambda: page.get_by_label("Password").fill("screenshots"),
            lambda: page.get_by_role("button", name="Log in").click(),
            lambda: page.get_by_role("link", name="New story").first.click(),
            lambda: page.get_by_role("textbox", name="Headline").fill("Council Meets On Plan"),
            lambda: page.locator(".ProseMirror[contenteditable=true]").click(),
            lambda: page.keyboard.insert_text(BODY),
            lambda: page.get_by_label("Section").select_option(label="National"),
            lambda: author.fill("Jonas"),
            lambda: page.locator(".select2-results__option", has_text="Jonas Feldt").click(),
            lambda: page.get_by_label("Tags").fill("Councils"),
            lambda: page.get_by_role("button", name="Publish now", exact=True).click(),
        ],
        lambda: page.get_by_text("draft · live").first.wait_for(),
    )


def approve(page: Page) -> tuple[int, float]:
    """From My desk to the next story that waits for review, approved."""
    page.goto(f"{screenshots.SITE}/admin/")
    page.locator("#id_username").fill("editor@meridian.example")
    page.locator("#id_password").fill("screenshots")
    page.locator("input[type=submit]").click()
    page.get_by_role("heading", name="My desk", level=1).wait_for()
    page.wait_for_load_state()
    return done(
        [
            lambda: page.get_by_role("link", name="Review").first.click(),
            lambda: page.get_by_role("button", name="Approve", exact=True).click(),
        ],
        lambda: page.get_by_text("Approve: done").first.wait_for(),
    )


def main() -> None:
    chromium = browsers.find_or_get()[browsers.VARIABLE]
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        server = screenshots.serve(data)
        try:
            screenshots.wait(server)
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for words, journey in (("publish a story", publish), ("approve the next", approve)):
                count, seconds = journey(browser.new_page())
                print(f"{words:20}{count:>4} actions{seconds:>7.1f} s waited")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
