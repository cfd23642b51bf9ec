"""Every list, path and gate is a bounded range of an index, read in its order, on both databases.

At 20,000 stories, and with stories of 2,000 versions on top: a list that gets slower with the
archive, the depth of a page or the number of a story's versions fails here, not in a year.
"""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib import admin
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count
from django.urls import resolve

from accounts.models import User
from articles import intervals
from articles.desk import overview, press
from articles.models import Article, ListKind, ListRow, Publication
from articles.moments import AsOf
from articles.pages import cards, fronts, names, since, sitemap_files, urls
from tests.benchmarks.plans import (
    asked,
    described,
    faults,
    forget_statistics,
    reload_statistics,
    work,
)
from tests.benchmarks.shape import Archive
from tests.conftest import NOW, PROGRAM
from tests.pages import lived_in

# One worker loads the archive, once.
pytestmark = pytest.mark.django_db

STORIES, VERSIONS = 20_000, 2_000
DEEP = 3_500  # stories down a list
SQLITE = connection.vendor == "sqlite"


# The archive stands in a transaction of its own, that all tests of this module share and none
# commits: whatever database runs next is as it was.
@pytest.fixture(scope="module")
def archive(django_db_setup, django_db_blocker):
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        call_command("make_archive", STORIES, versions=VERSIONS, stdout=StringIO())
        lived_in.furnish()
        connection.check_constraints()
        yield Archive.at(NOW)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def undone(archive, db):
    """Whatever a test writes is undone, and no foreign key of the archive is checked for it."""
    if SQLITE:
        reload_statistics()  # the test before may have made it forget them
    yield
    transaction.set_rollback(True)


@pytest.fixture(params=["analysed", "never analysed"] if SQLITE else ["analysed"])
def statistics(request, undone):
    """A new site's SQLite has no statistics: its planner goes by the shape of the indexes."""
    if request.param == "never analysed":
        forget_statistics()


def assert_bounded(queries, times=1):
    assert queries
    found = [(faults(query, times=times), query) for query in queries]
    wrong = [f"{what}\n{described(query)}" for what, query in found if what]
    assert not wrong, "\n\n".join(wrong)


# --- Pages, as readers ask for them -------------------------------------------------------------

PAGES = {
    "home": lambda a: ("/", 200),
    "a section": lambda a: (a.section.get_absolute_url(), 200),
    "a section, far down": lambda a: (below(a, ListKind.SECTION, a.section), 200),
    "a big tag": lambda a: (a.big_tag.get_absolute_url(), 200),
    "a big tag, far down": lambda a: (below(a, ListKind.TAG, a.big_tag), 200),
    "a small tag": lambda a: (a.small_tag.get_absolute_url(), 200),
    "a busy author": lambda a: (a.big_author.get_absolute_url(), 200),
    "a busy author, further down": lambda a: (below(a, ListKind.AUTHOR, a.big_author, 200), 200),
    "an author of few stories": lambda a: (a.small_author.get_absolute_url(), 200),
    "a story": lambda a: (a.path(a.ordinary), 200),
    "a story of 2,000 versions": lambda a: (a.path(a.many_versioned[0]), 200),
    "all stories as a feed": lambda a: ("/rss.xml", 200),
    "a section as a feed": lambda a: (f"{a.section.get_absolute_url()}atom.xml", 200),
    "a busy author as a feed": lambda a: (f"{a.big_author.get_absolute_url()}feed.json", 200),
    "a big tag as a feed": lambda a: (f"{a.big_tag.get_absolute_url()}rss-excerpts.xml", 200),
    "most read": lambda a: ("/most-read/", 200),
    "corrections": lambda a: ("/corrections/", 200),
    "corrections, far down": lambda a: (f"/corrections/?before={a_correction(600)}", 200),
    "below what is no correction": lambda a: ("/corrections/?before=1", 404),
    "the archive": lambda a: ("/archive/", 200),
    "a year": lambda a: ("/archive/2019/", 200),
    "a day": lambda a: ("/archive/2026/06/18/", 200),
    "a day, below a story": lambda a: (f"/archive/2026/06/18/?before={a.many_versioned[9]}", 200),
    "a day without a story": lambda a: ("/archive/2001/06/18/", 404),
    "a history": lambda a: (history(a, 0), 200),
    "a history of 2,000 versions": lambda a: (history(a, 1), 200),
    "a history, far down": lambda a: (f"{history(a, 1)}?before={a_version(a)}", 200),
    "one version": lambda a: (f"{history(a, 1)}{a_version(a)}/", 200),
    "one that is gone": lambda a: (a.path(a.many_versioned[-3]), 410),
    "one that was hidden": lambda a: (a.path(a.many_versioned[-2]), 404),
    "one that moved": lambda a: (a.first_path(a.many_versioned[-1]), 301),
    "no story": lambda a: ("/world/no-such-story/", 404),
    "an old address of a story of 2,000 versions": lambda a: ("/2019/3/", 301),
    "an old address of one that is gone": lambda a: ("/2019/2/", 410),
    "an old address of a big tag": lambda a: ("/old/tag/", 301),
    "an old address of a busy author": lambda a: ("/old/author/?x=1", 301),
    "an old address that never was": lambda a: ("/2019/x/", 404),
    "no section": lambda a: ("/no-such-section/", 404),
    "all stories, for programs": lambda a: ("/api/stories/", 200),
    "all stories, for programs, far down": lambda a: (
        f"/api/stories/?before={a.at_depth(DEEP, ListKind.ALL, 0)}",
        200,
    ),
    "a big tag, for programs, far down": lambda a: (
        f"/api/stories/?tag={a.big_tag.slug}&before={a.at_depth(DEEP, ListKind.TAG, a.big_tag.pk)}",
        200,
    ),
    "a busy author, for programs": lambda a: (f"/api/stories/?author={a.big_author.slug}", 200),
    "a story, for programs": lambda a: (f"/api/stories/{a.ordinary}/", 200),
    "a story of 2,000 versions, for programs": lambda a: (
        f"/api/stories/{a.many_versioned[0]}/",
        200,
    ),
    "one that is gone, for programs": lambda a: (f"/api/stories/{a.many_versioned[-3]}/", 410),
    "takedowns, far down": lambda a: (f"/api/takedowns/?before={an_ended_story(300)}", 200),
    "below a story that did not end": lambda a: (f"/api/takedowns/?before={a.ordinary}", 404),
    "no story, for programs": lambda a: ("/api/stories/999999999/", 404),
    "the feeds": lambda a: ("/feeds/", 200),
    "a big tag, printed": lambda a: (f"{a.big_tag.get_absolute_url()}?print", 200),
    "the sitemap of sections": lambda a: ("/sitemaps/sections.xml", 200),
    "below a story of another list": lambda a: (f"{a.big_tag.get_absolute_url()}?before=1", 404),
}


def a_correction(depth):
    """One of a public story, so far down all of them."""
    noted = Publication.objects.at(NOW).exclude(note="")
    return noted.order_by("-starts_at").values_list("pk", flat=True)[depth]


def an_ended_story(depth):
    """One whose address says that it ended, so far down all of them."""
    ended = Publication.objects.told_as_ended(NOW, until=NOW)
    return ended.values_list("article", flat=True)[depth]


def history(archive, number):
    """The history of one of the stories of 2,000 versions: 100 of the first's are told."""
    return f"{archive.path(archive.many_versioned[number])}versions/"


def a_version(archive):
    """One far down a history."""
    rows = Publication.objects.begun(NOW).filter(article=archive.many_versioned[1])
    return rows.order_by("-starts_at").values_list("pk", flat=True)[1500]


def below(archive, kind, what, depth=DEEP):
    return f"{what.get_absolute_url()}?before={archive.at_depth(depth, kind, what.pk)}"


@pytest.mark.parametrize("name", PAGES)
def test_every_query_of_a_page_reads_a_bounded_range_in_order(archive, statistics, client, name):
    path, status = PAGES[name](archive)
    answers = []
    queries = asked(lambda: answers.append(client.get(path)))
    assert answers[0].status_code == status
    assert_bounded(queries)


# Pages that read as much as so many pages of a list, whatever the archive holds.
LONG = {
    # Fewer than 4,000 that ended PostgreSQL may sort, before it walks the index of them: here 400.
    "/api/takedowns/": 4,
    "/archive/2026/05/": 3,  # five stories of each of 31 days
    "/archive/2026/06/": 2,
    "/sitemap.xml": 8,  # a few steps for each of 20 years' months
    "/sitemaps/2026-05.xml": 8,  # its 300 stories
    "/sitemaps/2026-06-part-{part}.xml": 8,
    "/news-sitemap.xml": 2,  # two days of stories
    "/news-sitemap-1.xml": 2,
}
# These are read from no list: they ask nothing, or for one row by its name.
NO_LISTS = {"robots", "manifest", "picture"}
NAMES = ["/authors/", "/authors/b/", "/topics/", "/topics/h/"]


@pytest.mark.parametrize("path", LONG)
def test_a_long_page_reads_so_much_for_each_of_its_parts(archive, statistics, client, path):
    address = path.format(part=archive.many_versioned[0] // sitemap_files.MOST)
    answers = []
    queries = asked(lambda: answers.append(client.get(address)))
    assert answers[0].status_code == 200
    assert_bounded(queries, times=LONG[path])


def test_every_page_of_the_paper_is_among_these(archive):
    part = archive.many_versioned[0] // sitemap_files.MOST
    paths = [page(archive)[0] for page in PAGES.values()]
    paths += [*(path.format(part=part) for path in LONG), *NAMES, "/search/"]
    asked_for = {resolve(path.partition("?")[0]).url_name for path in paths}
    assert {route.name for route in urls.urlpatterns} - asked_for == NO_LISTS


@pytest.mark.parametrize("path", NAMES)
def test_a_list_of_names_reads_the_names_and_a_row_for_each(archive, statistics, client, path):
    answers = []
    queries = asked(lambda: answers.append(client.get(path)))
    assert answers[0].status_code == 200
    names = ("articles_author", "articles_tag")  # 1,000 and 800, and nothing grows with stories
    found = [fault for query in queries for fault in faults(query, times=20)]
    assert [fault for fault in found if not any(name in fault for name in names)] == []


# A search may read as much as so many lists' pages: the 2,000 stories it looks at, as many more as
# a guess goes wrong, and of an index all of the days it looks at.
SEARCHED = 40
NAMED = 10  # and of the names that hold a word, 200 and a row of the list of each
SEARCHES = {
    "a word of every story": "q=the",
    "a rare word": "q=7",
    "two common words": "q=council+harbour",
    "two common words, newest first": "q=council+harbour&sort=date",
    "two common words, in a section": "q=council+harbour&section=world",
    "two common words, in the archive's last year": "q=council+harbour&to=2007-12-31",
    "two common words, further down": "q=council+harbour&page=5",
    "what nobody wrote": "q=zyzzyva",
}


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_reads_what_it_looks_at_and_not_the_archive(archive, statistics, client, name):
    queries = asked(lambda: client.get(f"/search/?{SEARCHES[name]}"))
    holding = [query for query in queries if "articles_reading_search" in query[0]]
    assert len(holding) <= (2 if SQLITE else 10)  # PostgreSQL: which days, and four steps back
    assert_bounded(holding, times=SEARCHED)
    naming = [query for query in queries if "articles_nameword" in query[0]]
    assert bool(naming) == (name != "a rare word")  # of one letter, which names nobody
    assert [fault for query in naming for fault in faults(query, times=NAMED)] == []


# --- Questions that pages and the desk ask ------------------------------------------------------


def publish(archive):
    """A publish on a story of 2,000 versions; it is undone with the test."""
    article = Article.objects.get(pk=archive.many_versioned[0])
    seen, revision = article.pressed, article.version
    press.publish(article.pk, revision=revision, by=PROGRAM, seen=seen, now=NOW, change="update")


QUESTIONS = {
    "newest of all": lambda a: cards.newest(ListKind.ALL, 0, NOW, most=9),
    "newest but one": lambda a: cards.newest(
        ListKind.ALL, 0, NOW, most=6, but=a.many_versioned[-1]
    ),
    "the home page's front": lambda a: fronts.home({0: a.far_down[0]}, NOW),
    "some lists": lambda a: cards.newest_of_some(
        {"all": cards.Picked(ListKind.ALL, 0, 6)}, NOW, but=a.many_versioned[-1], more=a.far_down
    ),
    "also read": lambda a: cards.public([*a.far_down, *a.many_versioned[:3]], NOW),
    "what was taken down since": lambda a: since.marked(
        AsOf(NOW - timedelta(days=1), NOW, sees_gone=True),
        cards.public([*a.far_down, *a.many_versioned[:3]], NOW),
    ),
    "names": lambda a: names.look_up(NOW, authors=[a.big_author.pk], tags=[a.small_tag.pk]),
    "the next change": lambda a: intervals.next_change(NOW),
    "a story's state, of 2,000 versions": lambda a: overview.overview(
        Article.objects.get(pk=a.many_versioned[0]), NOW
    ),
    "a publish, of 2,000 versions": publish,
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_query_of_a_question_reads_a_bounded_range_in_order(archive, statistics, question):
    # The home page's front has five places for each section, and thirteen more.
    times = 2 if question == "the home page's front" else 1
    assert_bounded(asked(lambda: QUESTIONS[question](archive)), times=times)


# Of tables with a few rows, or none, PostgreSQL reads all at once: 1,000 authors, no notices.
SMALL = (
    '"articles_notice"', '"articles_savedfilter"', '"articles_openform"', '"articles_author"',
)  # fmt: skip


@pytest.fixture
def chief(client):
    """What a list of the desk asks of stories, as somebody who may open all of them."""
    user = User.objects.create_superuser("chief@newsroom.example", "pass", display_name="Chief")
    client.force_login(user)

    def chief(asked_for, small=SMALL):
        answers = []
        queries = asked(lambda: answers.append(client.get(f"/admin/articles/{asked_for}")))
        assert answers[0].status_code == 200
        return [q for q in queries if '"articles_' in q[0] and not any(t in q[0] for t in small)]

    return chief


DESK_LISTS = [
    "article/", "article/?status=ready", "article/?view=mine",
    "article/?view=queue", "article/?order=due", "article/?assignee=me",
    "article/?assignee=nobody", "article/?due=today", "article/?due=none", "move/", "move/?story=5",
    "section/", "sectionmember/",
]  # fmt: skip
# These count to 2,000, and no further.
COUNTED = ["author/", "author/?p=3", "tag/", "tag/?p=3", "image/", "redirect/"]


@pytest.mark.parametrize("asked_for", DESK_LISTS)
def test_the_desks_list_reads_bounded_ranges_in_order(statistics, chief, asked_for):
    assert_bounded(chief(asked_for))


@pytest.mark.parametrize("asked_for", COUNTED)
def test_the_desks_list_of_names_and_such_counts_no_archive(statistics, chief, asked_for):
    if not SQLITE:  # of 1,000 it would read all, and of 50,000 those of the page
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    queries = chief(asked_for, small=())
    assert not [sql for sql, _params in queries if "COUNT(" in sql]
    assert_bounded(queries, times=10)


def test_every_list_of_the_desk_is_among_these():
    listed = {asked_for.partition("/")[0] for asked_for in [*DESK_LISTS, *COUNTED]}
    models = [model._meta for model in admin.site._registry]
    assert {meta.model_name for meta in models if meta.app_label == "articles"} == listed


def test_the_desks_list_far_down_reads_no_more_than_its_first_page(archive, statistics, chief):
    far_down = archive.far_down[0]
    for query in ("", "status=ready", f"section={archive.section.pk}"):
        first = sum(map(work, chief(f"article/?{query}")))
        queries = chief(f"article/?{query}&before={far_down}")
        assert sum(map(work, queries)) < 1.5 * first + 200


def test_a_page_far_down_reads_no_more_than_the_first(archive, statistics):
    kind, what = ListKind.SECTION, archive.section.pk
    far_down = str(archive.at_depth(DEEP, kind, what))
    first, deep = (
        sum(map(work, asked(lambda before=before: cards.page(kind, what, NOW, before))))
        for before in (None, far_down)
    )
    assert deep < 1.25 * first


def test_a_story_of_2000_versions_reads_no_more_than_another(archive, statistics, client):
    stories = archive.many_versioned[0], archive.ordinary
    assert not Publication.objects.at(NOW).filter(article__in=stories, noted=True).exists()
    paths = [archive.path(story) for story in stories]
    many, few = (sum(map(work, asked(lambda path=path: client.get(path)))) for path in paths)
    assert many < 1.25 * few


# --- The guard itself ---------------------------------------------------------------------------

BAD = {
    "an order that no index has": lambda a: Publication.objects.at(NOW).order_by("headline")[:20],
    "a page by its number": lambda a: ListRow.objects.at(NOW).of("all", 0)[DEEP : DEEP + 20],
    "every version of many stories": lambda a: Publication.objects.filter(
        article__in=a.many_versioned[:5]
    ),
    "a search through the text": lambda a: Publication.objects.filter(excerpt__contains="ferry"),
    "a count over the archive": lambda a: (
        ListRow.objects.filter(kind="all").values("kind").annotate(n=Count("pk"))
    ),
    "an order by when it was published": lambda a: Publication.objects.at(NOW).order_by(
        "-first_published_at"
    )[:20],
}


@pytest.mark.parametrize("name", BAD)
def test_the_guard_sees_a_bad_query(archive, statistics, name):
    with pytest.raises(AssertionError, match="reads|sorts|takes"):
        assert_bounded(asked(lambda: list(BAD[name](archive))))
