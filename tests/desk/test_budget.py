"""What it costs to open, save and publish a long story, whatever lies in the archive."""

from contextlib import contextmanager

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.desk import revisions
from articles.desk.revisions import Values
from articles.models import Article, Author, SectionMember, Tag
from tests.conftest import NOW, PROGRAM, person
from tests.desk.pressing import do, rewrite

pytestmark = pytest.mark.django_db

PARAGRAPH = "<p>" + " ".join(["harbour"] * 50) + "</p>"
OPEN, SAVE, PUBLISH = 15, 25, 30  # queries, not counted what begins and ends transactions


def body_of(words):
    return "".join(PARAGRAPH.replace("<p>", f"<p>{n} ") for n in range(words // 50))


@pytest.fixture
def story(published, world, write):
    """A live story of 5,000 words with bylines, tags and links, and something scheduled."""
    authors = [Author.objects.create(name=n, slug=n.lower()).pk for n in ("Ada", "Bo", "Cy")]
    tags = [Tag.objects.create(name=n, slug=n.lower()).pk for n in ("Ports", "Rivers", "Trade")]
    others = [write(f"Other {n}").pk for n in range(3)]
    story = published(
        body=body_of(5000), authors=authors, tags=tags, also_read=others, standfirst="At last."
    )
    Tag.objects.create(name="Harbours", slug="harbours")
    for n in range(5):
        rewrite(story, standfirst=f"At last, {n}.")
    return story


@pytest.fixture
def desk(desk_of, publisher, world, clock):
    """Someone of one section, among colleagues of the same."""
    SectionMember.objects.create(user=publisher, section=world)
    for n in range(5):
        colleague = person("Editor", email=f"editor{n}@newsroom.example")
        SectionMember.objects.create(user=colleague, section=world)
    desk = desk_of(publisher)
    ContentType.objects.get_for_model(Article)  # asked once a process
    return desk


@pytest.fixture
def queries():
    """A block that asks at most so many queries."""

    @contextmanager
    def queries(most):
        with CaptureQueriesContext(connection) as captured:
            yield
        asked = [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"]]
        assert len(asked) <= most, "\n".join(sql[:200] for sql in asked)

    return queries


@pytest.fixture(params=[0, 40], ids=["small-archive", "larger-archive"])
def archive(request, published):
    """Other stories, with revisions of their own."""
    for number in range(request.param):
        published(f"Archived {number}")


def change(story):
    return f"/admin/articles/article/{story.pk}/change/"


def typed(story, **values):
    held = revisions.snapshot(story.pk, Article.objects.get(pk=story.pk).version)
    names = ", ".join(Tag.objects.filter(pk__in=held["tags"]).values_list("name", flat=True))
    return {
        **{key: held[key] for key in ("headline", "standfirst", "body", "section", "slug")},
        **{key: held[key] for key in ("authors", "also_read")},
        "tags": names, "note": "", "seen": Article.objects.get(pk=story.pk).version, **values,
    }  # fmt: skip


def test_opening_a_long_story_costs_few_queries(desk, story, archive, queries):
    with queries(OPEN):
        assert desk.get(change(story)).status_code == 200


def test_saving_a_long_story_costs_few_queries(desk, story, archive, queries):
    data = typed(story, body=body_of(5050), authors=[], tags="Ports, Rivers, Harbours")
    with queries(SAVE):
        assert desk.post(change(story), data).status_code == 302
    assert "5050" not in Article.objects.get(pk=story.pk).body


def test_publishing_a_long_story_costs_few_queries(desk, story, archive, queries):
    do("schedule", story, revision=2, at=NOW.replace(hour=20))
    now = Article.objects.get(pk=story.pk)
    data = {"seen": now.pressed, "revision": now.version, "change": "update", "pending": "keep"}
    with queries(PUBLISH):
        answer = desk.post(f"/admin/articles/article/{story.pk}/verb/publish/", data)
        assert answer.status_code == 302, answer.content.decode()[:3000]


def test_a_revision_is_stored_once_and_compressed_where_that_pays(story):
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(body) FROM articles_revision ORDER BY id DESC LIMIT 1")
        stored = cursor.fetchone()[0]
    body = revisions.snapshot(story.pk, 1)["body"]
    assert body == body_of(5000)
    assert stored < len(body) / 2
    short = revisions.create(
        Values("Short", story.section_id, body="<p>Hm.</p>"), by=PROGRAM, now=NOW
    )
    assert revisions.snapshot(short.pk, 1)["body"] == "<p>Hm.</p>"
