"""A preview and a share link in a real browser: framed, by keyboard, without script, for one."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from articles.models import Article, Publication, ShareView
from tests.desk.pressing import rewrite
from tests.journeys.signing import come_back


@pytest.fixture
def story(paper):
    """A live story with a change that is not public."""
    live = Article.objects.get(headline="Harbour Opens")
    rewrite(live, headline="“Harbour Opens at Last”")
    return live


@pytest.fixture
def desk(page, live_server, editor):
    """An editor's tab."""
    come_back(page.context, live_server.url, editor)
    return page


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
    desk, live_server, address, violations, wide
):
    desk.set_viewport_size({"width": wide, "height": 900})
    desk.goto(f"{address}/preview/")
    title = desk.frame_locator("iframe:visible").get_by_role("heading", level=1)
    expect(title).to_have_text("“Harbour Opens at Last”")
    expect_framed(desk, 1280)
    desk.get_by_label("laptop").focus()
    desk.keyboard.press("ArrowRight")
    expect(desk.get_by_title("on a phone")).to_be_visible()
    expect(title).to_have_text("“Harbour Opens at Last”")
    expect_framed(desk, 390)
    assert desk.evaluate("document.documentElement.scrollWidth") <= wide
    shown(desk).content_frame().wait_for_function(
        "[...document.fonts].some(f => f.family === 'Newsreader' && f.status === 'loaded')"
    )
    assert violations == []


def test_a_link_of_the_previewed_page_opens_in_a_tab_of_its_own(
    desk, live_server, address, violations
):
    desk.goto(f"{address}/preview/")
    with desk.expect_popup() as opened:
        # By the keyboard: the driver's mouse does not know that the frame is made smaller.
        link = desk.frame_locator("iframe:visible").get_by_role("link", name="Tides Rise").first
        link.press("Enter")
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Tides Rise")
    assert desk.url == f"{address}/preview/"
    assert violations == []


def test_a_preview_is_looked_at_without_script(desk, new_context, address):
    state = desk.context.storage_state()
    plain = new_context(java_script_enabled=False, storage_state=state).new_page()
    plain.goto(f"{address}/preview/")
    plain.get_by_label("phone").check()
    title = plain.frame_locator("iframe:visible").get_by_role("heading", level=1)
    expect(title).to_have_text("“Harbour Opens at Last”")


def test_a_revision_is_shared_read_and_revoked(desk, new_context, live_server, address, violations):
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
