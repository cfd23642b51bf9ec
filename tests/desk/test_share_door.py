"""A share link's door: one revision for one person, or an answer as for a page that never was."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.desk import sharing
from articles.models import Article, ShareLink, ShareView
from tests.conftest import NOW, PROGRAM
from tests.desk.links import address, embargo, hold, opens, share, take_down, vanish
from tests.desk.pressing import HOUR, do, rewrite

pytestmark = pytest.mark.django_db

WORDS = "The harbour opened on Tuesday."


@pytest.fixture
def story(write, published, clock):
    """A story that was never public, in a section that has a page."""
    published("Tides Rise", body="<p>The tide rose.</p>")
    return write()


def stand(answer):
    """All that whoever asks can see of an answer."""
    return answer.status_code, sorted(answer.headers.items()), dict(answer.cookies), answer.content


def test_a_link_shows_its_one_revision_with_for_whom_it_is(client, story):
    _link, token = share(story, person="Ada <Moss>", until=NOW + timedelta(hours=18))
    rewrite(story, body="<p>Later words.</p>")
    page = client.get(address(token)).content.decode()
    assert WORDS in page
    assert "Later words" not in page
    said = "Shared with Ada &lt;Moss&gt; only. Not published; please do not pass it on. Ends"
    assert f"{said} 20 Jun 2026, 06:00." in page


def test_a_shared_page_is_the_preview_with_a_banner(desk_of, publisher, client, story):
    _link, token = share(story)
    shown = client.get(address(token)).content.decode()
    proof = desk_of(publisher).get(f"/admin/articles/article/{story.pk}/proof/1/").content.decode()
    assert "Shared with" not in proof
    apart = re.sub(r"\s*<aside class=\"as-of\".*?.*?</aside>", "", shown, count=1, flags=re.DOTALL)
    assert apart.split() == proof.split()


def test_the_banner_of_what_was_published_since_says_so(client, story):
    _link, token = share(story)
    do("publish", story, revision=1)
    page = client.get(address(token)).content.decode()
    assert "Shared with Ada Moss only. Published since. Ends" in page
    assert "Not published" not in page


def test_a_shared_page_is_kept_by_nobody_and_told_to_nobody(client, story):
    _link, token = share(story)
    answer = client.get(address(token))
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Frame-Options"] == "DENY"
    assert not answer.cookies
    assert token not in answer.content.decode()


def pass_by(story, link):
    ShareLink.objects.filter(pk=link.pk).update(expires_at=NOW)


def publish_and(withdraw):
    def both(story, _link):
        do("publish", story, revision=1)
        withdraw(story)

    return both


DEATHS = {
    "expired": pass_by,
    "revoked": lambda _story, link: sharing.revoke(link.pk, by=PROGRAM, now=NOW),
    "erased": lambda story, _link: do("erase", story, reason="the law", authority="the court"),
    "discarded": lambda story, _link: Article.objects.get(pk=story.pk).delete(),
    "embargo": lambda story, _link: embargo(story),
    "hold": lambda story, _link: hold(story),
    "gone": publish_and(take_down),
    "vanished": publish_and(vanish),
}
NEVER = {
    "unknown": lambda _token: "x" * 43,
    "cut": lambda token: token[:-1],
    "in other capitals": str.swapcase,
}
DEAD = (*DEATHS, *NEVER)


def dead(name, story):
    """The token of a link that opens no more, or never did."""
    link, token = share(story)
    if name in NEVER:
        return NEVER[name](token)
    DEATHS[name](story, link)
    return token


@pytest.mark.parametrize("name", DEAD)
@pytest.mark.parametrize("method", ["get", "head", "post", "options", "put"])
def test_a_dead_link_is_answered_as_a_page_that_never_was(client, story, name, method):
    token = dead(name, story)
    never = getattr(client, method)("/nowhere/at-all/")
    answer = getattr(client, method)(address(token))
    assert answer.status_code == (404 if method in ("get", "head") else 405)
    assert stand(answer) == stand(never)
    assert not ShareView.objects.exists()


def test_a_dead_link_costs_the_same_queries_whatever_it_died_of(client, write, published, clock):
    published("Tides Rise")
    costs = {}
    for name in DEAD:
        token = dead(name, write(f"Story {name}"))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(token))
        costs[name] = [re.sub(r"'[^']*'", "?", query["sql"]) for query in captured]
    assert all(queries == costs["unknown"] for queries in costs.values())


def test_a_token_of_any_letters_opens_nothing(client, story):
    for token in ("é", "%F0%9F%98%80", "%00", "a" * 3000, "%ED%A0%80"):
        assert client.get(address(token)).status_code == 404, token[:10]


def test_each_reading_is_noted_and_a_look_at_the_door_is_not(client, clock, story):
    link, token = share(story)
    client.get(address(token), headers={"User-Agent": "Lynx\x07/2.9 " + "x" * 300})
    clock.move_to(NOW + HOUR)
    assert client.head(address(token)).status_code == 200
    client.get(address(token))
    seen = list(ShareView.objects.order_by("pk").values_list("link", "at", "agent"))
    assert seen == [
        (link.pk, NOW, ("Lynx/2.9 " + "x" * 300)[:200]),
        (link.pk, NOW + HOUR, ""),
    ]


def test_a_link_ends_at_its_moment(client, clock, story):
    _link, token = share(story, until=NOW + HOUR)
    clock.move_to(NOW + HOUR - timedelta(microseconds=1))
    assert opens(client, token)
    clock.move_to(NOW + HOUR)
    assert not opens(client, token)
