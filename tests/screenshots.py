"""make screenshots: every page of the demo newsroom, on a phone and a laptop, light and dark.

Writes build/screenshots/<page>-<width>-<scheme>.png; the few that the docs show are copied to
docs/pictures/.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests import browsers

PORT = "8791"
SITE = f"http://127.0.0.1:{PORT}"
PAGES = {
    "home": "/",
    "section": "/world/",
    "author": "/author/leila-marchetti-rao/",
    "tag": "/tag/railways/",
    "story": "/world/harbour-towns-agree-to-share-the-cost-of-a-new-sea-wall/",
    "story-plain": "/national/water-restored-in-tarnmouth-after-main-bursts-under-the-market/",
    "versions": "/business/grain-prices-ease-as-the-mirefield-harvest-beats-forecasts/versions/",
    "story-print": "/world/harbour-towns-agree-to-share-the-cost-of-a-new-sea-wall/?print",
    "about": "/about/",
    "corrections": "/corrections/",
    "search": "/search/?q=harbour",
    "search-nothing": "/search/?q=zqzq",
    "most-read": "/most-read/",
    "authors": "/authors/",
    "topics": "/topics/",
    "archive": "/archive/",
    "archive-month": f"/archive/{datetime.now(UTC):%Y/%m}/",
    "archive-day": f"/archive/{datetime.now(UTC):%Y/%m/%d}/",
    "feeds": "/feeds/",
    "404": "/nowhere/",
    "410": "/business/carrow-hills-slate-yard-finds-a-buyer/",
}
# Of the story that is found by a headline: its form, and the pages about it.
FOUND = "/admin/articles/article/?q="
LIVE, WITHDRAWN = f"{FOUND}Grain+Prices+Ease", f"{FOUND}Carrow+Hills+Slate"
RETURNED = f"{FOUND}Mirefield+Farmers"
DESK_PAGES = {
    "desk-mine": ("/admin/", ""),
    "desk-list": ("/admin/articles/article/", ""),
    "desk-queue": ("/admin/articles/article/?view=queue", ""),
    "desk-new": ("/admin/articles/article/add/", ""),
    "desk-front": ("/admin/front/", ""),
    "desk-pictures": ("/admin/articles/image/", ""),
    "desk-picture": ("/admin/articles/image/1/change/", ""),
    "desk-redirects": ("/admin/articles/redirect/", ""),
    "desk-redirect": ("/admin/articles/redirect/add/", ""),
    "desk-import": ("/admin/articles/redirect/import/", ""),
    "desk-calendar": ("/admin/calendar/", ""),
    "desk-week": (f"/admin/calendar/?week={datetime.now(UTC):%G-W%V}", ""),
    "desk-budget": ("/admin/budget/", ""),
    "desk-audit": ("/admin/articles/move/", ""),
    "desk-shortcuts": ("/admin/shortcuts/", ""),
    "desk-form": (f"{FOUND}Brenholt+Keeps", "change/"),
    "desk-publish": (f"{FOUND}Brenholt+Keeps", "verb/publish/"),
    "desk-found": (f"{FOUND}harbour", ""),
    "desk-sections": ("/admin/articles/section/", ""),
    "desk-authors": ("/admin/articles/author/", ""),
    "desk-author": ("/admin/articles/author/1/change/", ""),
    "desk-tags": ("/admin/articles/tag/", ""),
    "desk-merge": ("/admin/articles/tag/1/merge/", ""),
    "desk-nowhere": ("/admin/nowhere/", ""),
    "desk-history": (LIVE, "history/"),
    "desk-compare": (LIVE, "compare/"),
    "desk-preview": (LIVE, "preview/"),
    "desk-share": (LIVE, "share/"),
    "desk-notes": (RETURNED, "notes/"),
    "desk-receipt": (WITHDRAWN, "receipts/"),
    "desk-inbox": ("/admin/inbox/", ""),
    "desk-choices": ("/admin/inbox/choices/", ""),
    "desk-as-of": ("/admin/as-of/", ""),
}
ADMINISTRATORS = {"desk-people": ("/admin/accounts/user/", "")}
# Of the desk's, what docs/editors.md shows of each: a laptop by day, a phone by night.
SHOWN = (
    "mine", "queue", "list", "form", "publish", "calendar", "week", "budget", "history", "compare",
    "preview", "share", "notes", "inbox", "receipt", "as-of", "audit", "shortcuts", "sign-in",
    "new", "found", "choices", "sections", "authors", "author", "tags", "merge", "people",
    "nowhere", "front", "pictures", "picture", "redirects",
)  # fmt: skip
# Of the readers', what docs/readers.md shows: as much as is seen at first.
READERS = (
    "home", "section", "story", "story-print", "versions", "corrections", "search",
    "archive-month", "author", "topics", "most-read", "about", "404", "410",
)  # fmt: skip
IN_DOCS = (
    *(f"{name}-{how}" for name in READERS for how in ("1280-light", "320-dark")),
    "desk-form-1280-dark", "desk-mine-1280-dark", "desk-mine-320-light",
    *(f"desk-{name}-{how}" for name in SHOWN for how in ("1280-light", "320-dark")),
)  # fmt: skip
MOST_SHOWN = 1200  # pixels of a page's height
HEIGHTS = {320: 640, 1280: 860}  # what is seen of a page of the desk, whose bars stay in sight


def serve(folder: str) -> "subprocess.Popen[bytes]":
    """Start what make run starts, on a database of its own."""
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder}/shots.sqlite3",
        "DEMO_PASSWORD": "screenshots",
        "PORT": PORT,
    }
    run = [sys.executable, "deploy/demo_site.py"]
    # The worker of the demo prints its mails.
    return subprocess.Popen(
        run, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def wait(server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None:
        try:
            urllib.request.urlopen(SITE, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The site did not start.")


def sign_in(page: Page, who: str = "managing") -> None:
    page.goto(f"{SITE}/admin/")
    page.locator("#id_username").fill(f"{who}@meridian.example")
    page.locator("#id_password").fill("screenshots")
    page.locator("input[type=submit]").click()


def shoot(page: Page, name: str, path: str, folder: Path) -> None:
    page.goto(SITE + path)
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def shoot_desk(page: Page, name: str, path: str, room: str, folder: Path) -> None:
    page.goto(SITE + path)
    if room:
        form = page.locator("#result_list tbody th a").first.get_attribute("href") or ""
        page.goto(SITE + form)
        if room == "receipts/":
            page.get_by_role("button", name="See what the site answers").click()
        elif room != "change/":
            page.goto(SITE + form.partition("change/")[0] + room)
    if room == "change/":
        page.locator(".prose-editor [contenteditable=true]").first.wait_for()
    if room == "receipts/":  # the worker fetches what it shows
        page.wait_for_timeout(6000)
        page.reload()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"{name}.png")


def shoot_all(page: Page, how: str, folder: Path) -> None:
    """Every page, as wide and in the scheme that `how` says: “320-dark”."""
    width = int(how.partition("-")[0])
    page.set_viewport_size({"width": width, "height": 900})
    for name, path in PAGES.items():
        shoot(page, f"{name}-{how}", path, folder)
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    shoot(page, f"desk-sign-in-{how}", "/admin/login/", folder)
    for who, pages in (("managing", DESK_PAGES), ("admin", ADMINISTRATORS)):
        page.context.clear_cookies()
        sign_in(page, who)
        for name, (path, room) in pages.items():
            shoot_desk(page, f"{name}-{how}", path, room, folder)


def main() -> None:
    folder = ROOT / "build" / "screenshots"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chromium = browsers.find_or_get().get(browsers.VARIABLE)
    if not chromium:
        raise SystemExit("No Chromium was found or could be had.")
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        server = serve(data)
        try:
            wait(server)
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for scheme, width in product(("light", "dark"), HEIGHTS):
                shoot_all(browser.new_page(color_scheme=scheme), f"{width}-{scheme}", folder)
        finally:
            server.terminate()
            server.wait()
    pictures = ROOT / "docs" / "pictures"
    pictures.mkdir(exist_ok=True)
    for file in pictures.glob("*.png"):
        file.unlink()
    for name in IN_DOCS:
        # In 256 colours, which the eye does not miss and a checkout does not carry.
        with Image.open(folder / f"{name}.png") as picture:
            seen = picture.crop((0, 0, picture.width, min(picture.height, MOST_SHOWN)))
            small = seen.convert("RGB").quantize(256, dither=Image.Dither.NONE)
            small.save(pictures / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
