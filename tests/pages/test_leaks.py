"""The leak canary: a token in every text field of stories in every hidden state, asked of every
public route; and the wall that refuses a public page any desk table."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from articles import reads
from articles.desk import press, revisions, workflow
from articles.desk.revisions import Values
from articles.models import Article, Author, LeadsTo, Publication, Redirect, Section, Tag
from articles.pages import feeds
from articles.states import EndsAs
from newsroom.logs import PROBES
from tests.conftest import NOW, PROGRAM
from tests.walls import DESK_TABLES, DeskTableAsked, refuse_desk_tables

pytestmark = pytest.mark.django_db

TOKEN = "xyzzycanary"
HIDDEN_STATES = (
    "draft", "in_review", "ready", "scheduled", "unpublished", "gone", "vanished", "expired",
    "live_with_edits", "live_with_a_change_scheduled", "deleted",
)  # fmt: skip
# Every public route, with addresses that would show a hidden story if anything did.
FEEDS = list(feeds.FORMATS)
ROUTES = {
    "": ["/"],
    "feeds/": ["/feeds/"],
    "<feed:form>": [f"/{file}" for file in FEEDS],
    "author/<slug:slug>/<feed:form>": [f"/author/{{author}}/{file}" for file in FEEDS],
    "tag/<slug:slug>/<feed:form>": [f"/tag/{{tag}}/{file}" for file in FEEDS],
    "<slug:slug>/<feed:form>": [f"/{s}/{file}" for s in ("world", "{section}") for file in FEEDS],
    # With a token that opens nothing; links that closed: tests/desk/test_share_door.py.
    "share/<str:token>/": ["/share/{slug}/", "/share/{pk}/", f"/share/{'x' * 43}/"],
    "author/<slug:slug>/": ["/author/{author}/", "/author/{author}/?before={pk}"],
    "tag/<slug:slug>/": ["/tag/{tag}/", "/tag/{tag}/?before={pk}"],
    "api/stories/": [
        f"/api/stories/?{query}"
        for of in ("", "section=world&", "section={section}&", "author={author}&", "tag={tag}&")
        for query in (of, f"{of}before={{pk}}")
    ],
    "api/stories/<int:story>/": ["/api/stories/{pk}/"],
    "api/takedowns/": ["/api/takedowns/", "/api/takedowns/?before={pk}"],
    "most-read/": ["/most-read/"],
    "pictures/<str:name>": ["/pictures/{picture}", "/pictures/x", f"/pictures/{'0' * 32}.jpg"],
    "manifest.webmanifest": ["/manifest.webmanifest"],
    "corrections/": ["/corrections/", "/corrections/?before={pk}"],
    "archive/": ["/archive/"],
    "archive/<str:year>/": ["/archive/2026/"],
    "archive/<str:year>/<str:month>/": ["/archive/2026/06/"],
    "archive/<str:year>/<str:month>/<str:day>/": [
        "/archive/2026/06/18/",
        "/archive/2026/06/19/",
        "/archive/2026/06/19/?before={pk}",
    ],
    "authors/": ["/authors/"],
    "authors/<str:letter>/": ["/authors/x/"],
    "topics/": ["/topics/"],
    "topics/<str:letter>/": ["/topics/x/"],
    "sitemap.xml": ["/sitemap.xml"],
    "sitemaps/sections.xml": ["/sitemaps/sections.xml"],
    "sitemaps/<str:name>.xml": ["/sitemaps/2026-06.xml", "/sitemaps/2026-06-part-0.xml"],
    "news-sitemap.xml": ["/news-sitemap.xml"],
    "news-sitemap-<str:number>.xml": ["/news-sitemap-1.xml"],
    "robots.txt": ["/robots.txt"],
    # In capitals, as a search prints what was looked for: everything else it says is the paper's.
    "search/": [
        "/search/",
        f"/search/?q={TOKEN.upper()}",
        f"/search/?q={TOKEN[:5].upper()}&sort=date",
        f"/search/?q=public+{TOKEN.upper()}",
        "/search/?q=public&section={section}&author={author}",
        f"/search/?q={TOKEN.upper()}S+{TOKEN.upper()}A+{TOKEN.upper()}T",
    ],
    "<slug:slug>/": ["/world/", "/{section}/", "/{section}/?before={pk}", "/world/?before={pk}"],
    "<slug:section>/<slug:slug>/versions/": [
        "/{section}/{slug}/versions/",
        "/world/shown-live-with-a-change-scheduled/versions/",
        "/world/public/versions/?before={version}",
    ],
    "<slug:section>/<slug:slug>/versions/<int:number>/": [
        "/{section}/{slug}/versions/{version}/",
        "/world/public/versions/{version}/",
        "/world/shown-live-with-a-change-scheduled/versions/{version}/",
    ],
    "<slug:section>/<slug:slug>/": ["/{section}/{slug}/", "/world/{slug}/", "/world/public/"],
}


def public_routes(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith("admin/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from public_routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def canary(state):
    """Names and texts that stand in hidden stories only."""
    return {
        "headline": f"{TOKEN} {state} headline",
        "standfirst": f"{TOKEN} standfirst",
        "body": f"<p>{TOKEN} body</p>",
        "slug": f"{TOKEN}-{state}".replace("_", "-"),
        "section": Section.objects.get_or_create(name=f"{TOKEN}s", slug=f"{TOKEN}s")[0].pk,
        "authors": [Author.objects.get_or_create(name=f"{TOKEN}a", slug=f"{TOKEN}a")[0].pk],
        "tags": [Tag.objects.get_or_create(name=f"{TOKEN}t", slug=f"{TOKEN}t")[0].pk],
    }


def hide(state, write, published):
    """Make a story in a hidden state; whatever is hidden of it bears the token."""
    later, known = NOW + timedelta(hours=5), {"by": PROGRAM, "now": NOW}
    if state.startswith("live"):
        article = published(f"Shown {state}")
        revisions.save(article.pk, Values(**canary(state)), seen=1, note=TOKEN, **known)
        if state == "live_with_a_change_scheduled":
            press.schedule(article.pk, revision=2, seen=1, at=later, change="update", **known)
        return article
    article = write(**canary(state))
    if state in ("in_review", "ready"):
        workflow.take("submit", article.pk, **known)
        if state == "ready":
            workflow.take("approve", article.pk, **known)
    elif state == "scheduled":
        press.schedule(article.pk, revision=1, seen=0, at=later, **known)
    elif state == "deleted":
        revisions.discard(article.pk, **known)
    elif state in ("unpublished", "gone", "vanished", "expired"):
        at = NOW - timedelta(hours=2)
        press.publish(article.pk, revision=1, seen=0, by=PROGRAM, now=at)
        end(state, article)
    return article


def end(state, article):
    known = {"by": PROGRAM, "seen": 1}
    if state == "unpublished":
        press.unpublish(article.pk, reason="It was too early", now=NOW, **known)
    elif state == "expired":
        at = NOW - timedelta(hours=1)
        press.set_end(article.pk, at=at, now=NOW - timedelta(hours=2), **known)
    else:
        why = {"reason": TOKEN, "authority": TOKEN}
        press.take_down(article.pk, how=EndsAs(state), now=NOW, **why, **known)


def lead_to(story):
    """Let addresses of another system lead to a story, and to what only it is filed under."""
    hidden = {
        LeadsTo.STORY: story or 1, LeadsTo.SECTION: Section.objects.get(slug=f"{TOKEN}s").pk,
        LeadsTo.AUTHOR: Author.objects.get(slug=f"{TOKEN}a").pk,
        LeadsTo.TAG: Tag.objects.get(slug=f"{TOKEN}t").pk,
    }  # fmt: skip
    for kind, what in hidden.items():
        for source in (f"/2019/old-{kind}", f"/?p={kind}"):
            Redirect.objects.create(source=source, kind=kind, what=what)
            yield source


def read_more_than_any_other(story):
    reads.count(story, NOW)
    reads.rank_if_due(NOW)


@pytest.fixture
def a_public_story(published, clock):
    return published("Public", slug="public")


def test_every_public_route_is_in_the_list_of_this_test():
    assert set(public_routes()) == set(ROUTES)


@pytest.mark.parametrize("state", HIDDEN_STATES)
def test_nothing_of_a_hidden_story_stands_in_any_byte_of_any_public_route(
    client, write, published, a_public_story, state
):
    article = hide(state, write, published)
    newest = Publication.objects.filter(article=article.pk).order_by("pk").last()
    if article.pk:
        read_more_than_any_other(article.pk)
    values = {
        "slug": canary(state)["slug"], "section": f"{TOKEN}s", "author": f"{TOKEN}a",
        "tag": f"{TOKEN}t", "pk": article.pk or 1, "version": newest.pk if newest else 1,
        "picture": f"{'0' * 32}.webp",
    }  # fmt: skip
    addresses = [a.format(**values) for some in ROUTES.values() for a in some]
    for address in [*addresses, *PROBES, *lead_to(article.pk)]:
        answer = client.get(address, follow=False)
        said = answer.content + repr(sorted(answer.headers.items())).encode()
        assert TOKEN not in said.decode().replace(address, ""), (state, address)


def test_the_canary_is_seen_once_its_story_is_public(client, write, a_public_story):
    article = write(**canary("draft"))
    press.publish(article.pk, revision=1, by=PROGRAM, seen=0, now=NOW)
    for address in ("/", *(f"/{file}" for file in FEEDS)):
        assert TOKEN in client.get(address).content.decode(), address


def test_a_public_request_that_asks_a_desk_table_fails(client, a_public_story, monkeypatch):
    monkeypatch.setattr(Publication, "__str__", lambda self: self.article.headline)
    with connection.execute_wrapper(refuse_desk_tables):
        with pytest.raises(DeskTableAsked):
            str(Publication.objects.first())
        with pytest.raises(DeskTableAsked):
            Publication.objects.filter(article__headline="x").exists()
        assert Publication.objects.filter(article=a_public_story.pk).exists()


def test_the_wall_knows_every_desk_table():
    readers = {
        "articles_publication", "articles_publicationtext", "articles_listrow", "articles_section",
        "articles_author", "articles_tag", "articles_edition", "articles_pin", "articles_banner",
        "articles_reading_search", "articles_nameword",
        "articles_readsanhour",
        "articles_readsaday", "articles_mostread", "articles_lastranking",
        "articles_image", "articles_rendition",
        "articles_redirect",
    }  # fmt: skip
    tables = {
        table
        for table in connection.introspection.table_names()
        if table.startswith("articles_")
        # What SQLite keeps of the two indexes.
        if not table.startswith(("articles_search_", "articles_reading_search_"))
    }
    assert tables == readers | set(DESK_TABLES)
    assert Article._meta.db_table in DESK_TABLES
