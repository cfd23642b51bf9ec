"""What somebody kept of a story that is hidden now, an ETag, a date or a cookie, brings nothing of
it back: not from the site, and not from a page in memory."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime

from articles.moments import AS_OF_COOKIE
from tests.conftest import NOW
from tests.pages.test_leaks import FEEDS, TOKEN, canary, end

pytestmark = pytest.mark.django_db

ENDS = ("unpublished", "gone", "vanished", "expired")
KEPT = ("etag", "last-modified")


@pytest.fixture
def story(published):
    """A public story that bears the token."""
    published("Public", slug="public")
    return published(**canary("story"))


def addresses(story):
    """Where it is to be read of."""
    own = canary("story")["slug"]
    return [
        "/", f"/{TOKEN}s/", f"/author/{TOKEN}a/", f"/tag/{TOKEN}t/", f"/{TOKEN}s/{own}/",
        f"/{TOKEN}s/{own}/versions/", "/archive/2026/06/19/", "/authors/x/", "/topics/x/",
        "/news-sitemap.xml", "/sitemaps/2026-06.xml", "/sitemaps/sections.xml",
        f"/search/?q={TOKEN[:5]}", "/api/stories/", f"/api/stories/{story.pk}/",
        *(f"/{file}" for file in FEEDS),
        *(f"/{TOKEN}s/{file}" for file in FEEDS),
    ]  # fmt: skip


def kept(answer):
    """What a browser or a feed reader sends of an answer that it kept."""
    names = {"etag": "If_None_Match", "last-modified": "If_Modified_Since"}
    return {names[name]: answer.headers[name] for name in KEPT if name in answer.headers}


@pytest.mark.parametrize("ended", ENDS)
def test_who_kept_an_answer_is_not_told_that_it_still_holds(reader, story, ended):
    before = {address: reader.ask(address) for address in addresses(story)}
    assert all(TOKEN in answer.text for answer in before.values())
    assert all(kept(answer) for answer in before.values())
    end(ended, story)
    reader.hears()
    for address, answer in before.items():
        now = reader.ask(address, **kept(answer))
        assert now.status != 304, address
        assert TOKEN not in now.text.replace(address, ""), address


@pytest.mark.parametrize("ended", ENDS)
def test_the_cookie_of_who_read_the_site_as_of_then_opens_nothing_for_another(
    client, desk_of, publisher, story, ended
):
    theirs = desk_of(publisher)
    moment = localtime(NOW - timedelta(minutes=90))  # the story was public then
    theirs.post("/admin/as-of/", {"moment": f"{moment:%Y-%m-%dT%H:%M}"})
    end(ended, story)
    if ended != "vanished":
        assert TOKEN in theirs.get("/").content.decode()
    client.cookies[AS_OF_COOKIE] = theirs.cookies[AS_OF_COOKIE].value
    for address in addresses(story):
        answer = client.get(address)
        assert TOKEN not in answer.content.decode().replace(address, ""), address
