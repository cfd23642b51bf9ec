"""A preview and a share link in a real browser: framed, by keyboard, without script, for one."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from articles.models import Article, Publication, ShareView
from tests.conftest import person
from tests.desk.pressing import rewrite
from tests.journeys.signing import sign_in


@pytest.fixture
def story(paper):
    """A live story with a change that is not public."""
    person("Editor")
    live = Article.objects.get(headline="Harbour Opens")
    rewrite(live, headline="“Harbour Opens at Last”")
    return live


@pytest.fixture
def address(live_server, story):
    return f"{live_server.url}/admin/articles/article/{story.pk}"


def shown(page):
    """The one frame that is shown."""
    expect(page.locator("iframe:visible")).to_have_count(1)
    return page.locator("iframe:visible").element_handle()


def expect_framed(page, width):
    """The frame that is shown is laid out `width` wide, and all of it is in sight."""
    frame = shown(page)
    frame.content_frame().wait_for_function("width => innerWidth === width", arg=width)
    page.wait_for_function("f => f.getBoundingClientRect().right <= innerWidth", arg=frame)


@pytest.mark.parametrize("wide", [320, 1280])
def test_a_change_is_looked_at_as_on_a_laptop_and_as_on_a_phone(
    page, live_server, address, violations, wide
):
    page.set_viewport_size({"width": wide, "height": 900})
    sign_in(page, live_server.url, "editor@newsroom.example").goto(f"{address}/preview/")
    title = page.frame_locator("iframe:visible").get_by_role("heading", level=1)
    expect(title).to_have_text("“Harbour Opens at Last”")
    expect_framed(page, 1280)
    page.get_by_label("laptop").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_title("on a phone")).to_be_visible()
    expect(title).to_have_text("“Harbour Opens at Last”")
    expect_framed(page, 390)
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    shown(page).content_frame().wait_for_function(
        "[...document.fonts].some(f => f.family === 'Newsreader' && f.status === 'loaded')"
    )
    assert violations == []


def test_a_link_of_the_previewed_page_opens_in_a_tab_of_its_own(
    page, live_server, address, violations
):
    sign_in(page, live_server.url, "editor@newsroom.example").goto(f"{address}/preview/")
    with page.expect_popup() as opened:
        # By the keyboard: the driver's mouse does not know that the frame is made smaller.
        link = page.frame_locator("iframe:visible").get_by_role("link", name="Tides Rise").first
        link.press("Enter")
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Tides Rise")
    assert page.url == f"{address}/preview/"
    assert violations == []


def test_a_preview_is_looked_at_without_script(page, new_context, live_server, address):
    state = sign_in(page, live_server.url, "editor@newsroom.example").context.storage_state()
    plain = new_context(java_script_enabled=False, storage_state=state).new_page()
    plain.goto(f"{address}/preview/")
    plain.get_by_label("phone").check()
    title = plain.frame_locator("iframe:visible").get_by_role("heading", level=1)
    expect(title).to_have_text("“Harbour Opens at Last”")


def test_a_revision_is_shared_read_and_revoked(page, new_context, live_server, address, violations):
    desk = sign_in(page, live_server.url, "editor@newsroom.example")
    desk.goto(f"{address}/preview/")
    desk.get_by_role("link", name="Share it with somebody outside").click()
    desk.get_by_label("For whom").fill("Ada Moss")
    desk.get_by_label("Until").fill("2026-06-20T06:00")
    desk.get_by_role("button", name="Make a link").click()
    shown = desk.get_by_label("Copy it now").input_value()
    path = re.fullmatch(rf"{re.escape(settings.SITE_URL)}(/share/[\w-]{{43}}/)", shown)[1]

    outside = new_context().new_page()
    outside.goto(live_server.url + path)
    expect(outside.get_by_text("Shared with Ada Moss only. Not published;")).to_be_visible()
    expect(outside.get_by_role("heading", level=1)).to_have_text("“Harbour Opens at Last”")
    assert outside.context.cookies() == []
    with outside.expect_request(re.compile("/national/tides-rise/")) as asked:
        outside.get_by_role("link", name="Tides Rise").first.click()
    assert "referer" not in asked.value.headers
    assert ShareView.objects.count() == 1
    assert Publication.objects.filter(headline__contains="Last").count() == 0

    desk.goto(f"{address}/share/")
    expect(desk.get_by_text("Opened once")).to_be_visible()
    desk.get_by_role("button", name="Revoke the link for Ada Moss").click()
    expect(desk.get_by_text("Ada Moss’s link opens no more.")).to_be_visible()
    assert outside.goto(live_server.url + path).status == 404
    assert violations == []
