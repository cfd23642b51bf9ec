"""Reading the paper in a real browser, with scripts on and off, on a phone and a laptop."""

import pytest
from playwright.sync_api import expect

from tests.conftest import NOW

PAGES = (
    "/", "/world/", "/national/", "/author/ilse-hartmann/", "/tag/ports/", "/corrections/",
    "/world/harbour-opens/", "/national/tides-rise/", "/national/tides-rise/versions/",
    "/feeds/", "/most-read/", "/nowhere/",
)  # fmt: skip


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reader_goes_from_home_to_a_tag(new_context, live_server, paper, scripts):
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto(live_server.url)
    expect(page.get_by_role("heading", level=1)).to_contain_text("The Meridian")
    page.get_by_role("navigation", name="Sections").first.get_by_role("link", name="World").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("World")
    page.get_by_role("link", name="Harbour Opens").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour Opens")
    page.wait_for_load_state()
    expect(page.get_by_text("3 minutes ago")).to_have_count(0)  # its own time is exact
    page.get_by_role("complementary").get_by_role("link", name="Tides Rise").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tides Rise")
    page.get_by_role("link", name="Ilse Hartmann").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ilse Hartmann")
    page.get_by_role("link", name="Harbour Opens").click()
    page.get_by_role("link", name="Ports", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ports")
    expect(page.get_by_role("link", name="Trade Report 0")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_reader_searches_by_the_keyboard_alone(new_context, live_server, paper, width):
    page = new_context(java_script_enabled=False).new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/world/harbour-opens/")
    masthead = page.get_by_role("banner").get_by_role("search")
    if width == 320:
        masthead.get_by_role("link", name="Search").press("Enter")
        page.get_by_label("Search for").fill("tides")
    else:
        masthead.get_by_role("searchbox", name="Search The Meridian").fill("tides")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Search for")).to_have_value("tides")
    page.get_by_role("main").get_by_role("link", name="Tides Rise").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tides Rise")


def test_a_label_stays_true_in_an_open_tab(page, live_server, paper):
    page.clock.install(time=NOW)
    page.goto(f"{live_server.url}/world/harbour-opens/")
    label = page.locator("time", has_text="59 minutes ago")
    expect(label).to_have_count(1)
    moment = label.get_attribute("datetime")
    page.clock.fast_forward(60_000)
    expect(page.locator(f'time[datetime="{moment}"]')).to_have_text("1 hour ago")
    page.clock.fast_forward(6 * 24 * 3_600_000)
    expect(page.locator(f'time[datetime="{moment}"]')).to_have_text("6 days ago")
    page.clock.fast_forward(24 * 3_600_000)
    expect(page.locator(f'time[datetime="{moment}"]')).to_have_text("19 Jun 2026")


def test_the_skip_link_is_first_and_leads_to_the_news(page, live_server, paper):
    page.goto(f"{live_server.url}/world/harbour-opens/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_attribute("id", "main")


def test_every_file_a_page_loads_is_the_papers_own(page, live_server, paper):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(live_server.url + path)
    assert asked
    assert all(url.startswith((live_server.url, "data:")) for url in asked)
