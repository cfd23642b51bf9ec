"""Questions that are compiled once: their rows are the plain query's, whatever is asked."""

from datetime import datetime, timedelta
from threading import Thread

import pytest
from django.db import connection
from django.db.models import Model, QuerySet

from articles import reads
from articles.desk import fronts, press
from articles.desk.fronts import Put
from articles.models import Author, Banner, ListKind, Publication, Section, SlugClaim, Tag
from articles.models.front import HOME, PLACES
from articles.prepared import ALL, Prepared
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, rewrite

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SLOTS = range(PLACES)
STORY = {"lists": ((ListKind.ALL, 6), (ListKind.SECTION, 10))}


@pytest.fixture
def paper(published, author, topic, add_picture, clock):
    """A site on which each question finds something; the ids of its stories and of a picture."""
    known = {"authors": [author.pk], "tags": [topic.pk]}
    image = add_picture(make=True).pk
    stories = [
        published(f"Story {n}", at=NOW - n * HOUR, picture=image, **known).pk for n in range(1, 31)
    ]
    published("About", kind="page", slug="about")
    first = stories[0]
    correction = {"change": "correction", "note": "It was two."}
    press.publish(
        first,
        revision=rewrite(SlugClaim.objects.get(article=first).article, body="<p>Two.</p>"),
        by=PROGRAM, seen=1, now=NOW, **correction,
    )  # fmt: skip
    fronts.publish(HOME, [Put(stories[5]), *[None] * 4], by=PROGRAM, seen=0, now=NOW, at=None)
    Banner.objects.create(words="A storm", starts_at=NOW - HOUR, ends_at=NOW + HOUR)
    for story in stories[:4]:
        reads.count(story, NOW)
    reads.rank_if_due(NOW)
    return stories, image


def asked(stories, image):
    """Of each question, by its name, what it is asked: values, and what shapes it."""
    world = Section.objects.get(slug="world").pk
    author, topic = Author.objects.get().pk, Tag.objects.get().pk
    path = Publication.objects.filter(article=stories[1])[0].path
    row = (NOW - 3 * HOUR, stories[2])
    return {
        "views._newest_at": [(NOW, path), (NOW - DAY, path), (NOW, "/world/nothing/")],
        "views._newest_of": [(NOW, stories[1]), (NOW, stories[0]), (NOW - DAY, stories[0])],
        "names._rows": [
            (NOW, [], []), (NOW, [author], {topic}), (NOW, [author, author + 9, 7], [topic]),
            (NOW - 9 * DAY, [author], []),
        ],
        "names._called": [
            ("world", {"model": Section}), ("ports", {"model": Tag}), ("nobody", {"model": Author}),
        ],
        "cards._newest": [
            (NOW, ListKind.ALL, 0, None, {"most": 9}),
            (NOW, ListKind.SECTION, world, stories[3], {"most": 4}),
            (NOW - 5 * HOUR, ListKind.TAG, topic, stories[3], {"most": 4}),
        ],
        "cards._older": [
            (NOW, ListKind.ALL, 0, *row), (NOW, ListKind.AUTHOR, author, *row),
            (NOW, ListKind.AUTHOR, author + 1, *row),
        ],
        "cards._public": [(NOW, stories[:n]) for n in (0, 1, 2, 3, 5, 17)],
        "cards._standing": [(NOW, stories[0], ListKind.ALL, 0), (NOW, 7, ListKind.ALL, 0)],
        "cards._places": [(NOW, stories[0], 0, world, STORY), (NOW - DAY, 0, 0, world, STORY)],
        "ranking._found": [
            (NOW, NOW - DAY, ListKind.ALL, 0, 0, {"most": 5}),
            (NOW, NOW - DAY, ListKind.SECTION, world, stories[1], {"most": 2}),
            (NOW + DAY, NOW, ListKind.SECTION, world, stories[1], {"most": 2}),
        ],
        "figures._of_a_page": [
            (NOW, {image}, {image}, set(), set()), (NOW, [image, 7, 8], [image], [7], {8}),
            (NOW, [image], [], [image], []), (NOW - 9 * DAY, [image], [], [image], []),
        ],
        "figures._for_programs": [
            (NOW, [image], [image], []), (NOW, {image, 7}, [7], {image}),
        ],
        "notes._noted": [(NOW, stories[0]), (NOW, stories[1])],
        "fronts._pins": [(NOW, *SLOTS), (NOW - DAY, *SLOTS), (NOW, *(slot + 50 for slot in SLOTS))],
        "fronts._places": [
            (NOW, [], {"most": 13}), (NOW, stories[:3], {"most": 10}),
            (NOW - 20 * HOUR, stories[:1], {"most": 12}),
        ],
    }  # fmt: skip


def name_of(question):
    return f"{question.build.__module__.rpartition('.')[2]}.{question.build.__name__}"


def told(rows):
    """All that rows say, of what is joined to them as well; most are asked for in no order."""
    return sorted(repr(_told(row)) for row in rows)


def _told(row):
    if not isinstance(row, Model):
        return row
    each = [row, *row._state.fields_cache.values()]
    return [{name: value for name, value in vars(one).items() if name != "_state"} for one in each]


def test_each_question_finds_what_the_plain_query_finds(paper):
    questions = asked(*paper)
    assert sorted(questions) == sorted(map(name_of, ALL)), "every question is asked here"
    for question in ALL:
        found = []
        for given in questions[name_of(question)]:
            words = given[-1] if isinstance(given[-1], dict) else {}
            values = given[:-1] if words else given
            rows = told(question(*values, **words))
            assert rows == told(question.build(*values, **words)), (name_of(question), given)
            found.append(rows)
        assert any(found), name_of(question)
        assert any(rows != found[0] for rows in found), name_of(question)


def test_a_question_is_put_into_sql_once_for_lists_of_nearly_the_same_length(paper):
    built = []

    def of(stories: list[int], t: datetime) -> QuerySet:
        built.append(len(stories))
        return Publication.objects.at(t).filter(article__in=stories).order_by("article")

    question = Prepared(of)
    stories, _image = paper
    for length in (3, 4, 3, 4):
        assert [row.article_id for row in question(stories[:length], NOW)] == stories[:length]
    assert built == [4, 4]  # both trials of it


REFUSED = {
    "a value that becomes another": lambda t, n: Publication.objects.at(t - HOUR).filter(pk=n),
    "a value that becomes part of one": lambda t, n: Publication.objects.at(t).filter(
        headline__contains=n
    ),
    "a value that is written into the SQL": lambda t, n: Publication.objects.at(t)[: n % 10**9],
    "a value that asks nothing": lambda t, n: Publication.objects.at(t),
    "one that does so beside": lambda t, n: Publication.objects.at(t).filter(
        pk=n, updated_at__lte=t + HOUR
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_question_that_hands_on_something_else_is_refused_at_once(name):
    with pytest.raises(ValueError, match="does not hand its values on as they are"):
        Prepared(REFUSED[name])(NOW, 7)


def test_what_has_two_values_only_goes_by_keyword():
    question = Prepared(lambda withheld: Publication.objects.filter(withheld=withheld))
    with pytest.raises(TypeError, match="keyword"):
        question(True)


@pytest.mark.django_db
def test_a_question_is_asked_on_the_connection_of_whoever_asks():
    question = Prepared(lambda slug: Section.objects.filter(slug=slug))
    [world] = question("world")  # which the migrations made, so that every connection sees it
    found = []

    def ask():
        try:
            found.extend(question("world"))
        finally:
            connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [world]
