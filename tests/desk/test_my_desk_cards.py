"""My desk beside what waits: what a person writes, what goes out, what changed, what it costs."""

import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.desk import notes, planning, workflow
from articles.models import Article, Move, OpenForm, SectionMember
from tests.conftest import NOW, person
from tests.desk.pressing import HOUR, do, rewrite
from tests.desk.waiting import MINUTE, approved, beside, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

QUERIES = 15  # of the whole page: its frame, its rows and its charts


def test_an_empty_desk_says_so_kindly_and_leads_to_the_stories(my_desk, ada):
    page = my_desk(ada)
    assert "Nothing waits for you: no review, no answer, no deadline." in page.source
    assert page.tree.cssselect(".waits .none a")[0].get("href") == "/admin/articles/article/"
    assert "Nothing is scheduled." in page.source
    assert page.said("writes") == []
    assert "Nothing at the moment." in page.source
    assert page.tree.cssselect(".live") == []


def test_what_a_person_writes_newest_first_and_what_is_typed_and_not_saved(
    my_desk, write, ada, eve
):
    for n in range(7):
        write(f"Draft {n}", by=ada, now=NOW - (10 - n) * HOUR)
    write("Of Another", by=eve, now=NOW)
    other = write("Opened", by=eve, now=NOW - 48 * HOUR)
    typed = json.dumps([])
    OpenForm.objects.create(article=other, person=ada, at=NOW, typed=typed, typed_at=NOW)
    OpenForm.objects.create(article=None, person=ada, at=NOW, typed=typed, typed_at=NOW - HOUR)
    page = my_desk(ada)
    assert page.headlines("writes") == [
        "Opened", "A new story", "Draft 6", "Draft 5", "Draft 4", "Draft 3",
    ]  # fmt: skip
    assert "typed today 12:00, not saved" in page.said("writes")[0]
    assert "saved today 08:00" in page.said("writes")[2]


def test_what_the_site_does_next_says_when_and_how_far_away_that_is(my_desk, write, published, ada):
    do("schedule", write("New"), revision=1, at=NOW + 33 * MINUTE)
    live = published("Known")
    rewrite(live, headline="Known Better")
    do("schedule", live, revision=2, at=NOW + 2 * HOUR, until=NOW + 30 * HOUR)
    page = my_desk(ada)
    assert page.said("coming") == [
        "12:33 New World goes out in 33 min",
        "14:00 Known Better World changes in 2 h",
        "18:00 Known Better World ends Sat 20 Jun in 1 d 6 h",
    ]
    assert page.tree.cssselect(".coming .left")[0].get("data-until") == "2026-06-19T07:03:00+00:00"


def test_the_newest_public_stories_and_what_is_unpublished_of_them(my_desk, published, ada):
    for n in range(6):
        published(f"Live {n}", at=NOW - (7 - n) * HOUR)
    rewrite(Article.objects.get(headline="Live 5"), standfirst="More.")
    page = my_desk(ada)
    assert page.headlines("live") == [f"Live {n}" for n in (5, 4, 3, 2, 1)]
    assert page.said("live")[0] == "Live 5 World live since today 10:00 1 unpublished"
    do("take_down", Article.objects.get(headline="Live 5"), how="gone", reason="W", authority="A")
    assert my_desk(ada).headlines("live") == [f"Live {n}" for n in (4, 3, 2, 1, 0)]


def test_what_changed_since_the_newsrooms_midnight_in_words(my_desk, write, ada, eve):
    story = write("Flood", by=ada, now=NOW - 12 * HOUR - MINUTE)  # 23:59 the day before
    submitted(story, ada, now=NOW - 12 * HOUR)  # 00:00
    workflow.take("send_back", story.pk, by=eve, now=NOW, reason="Who says so?")
    assert my_desk(ada).said("changed") == [
        "12:00 Flood Eve Lind sent the story back. “Who says so?”",
        "00:00 Flood Ada Moss submitted revision 1 for review.",
    ]


def test_no_more_than_ten_changes_stand_there_the_newest(my_desk, write, ada):
    for n in range(12):
        write(f"Story {n}", now=NOW)
    assert my_desk(ada).headlines("changed") == [f"Story {n}" for n in range(11, 1, -1)]


def test_markup_in_a_headline_or_a_reason_stays_text(my_desk, write, published, ada, eve):
    evil = "<script>alert(1)</script> & <b>Flood"
    story = submitted(write(evil, by=ada), ada, "<img src=x>")
    published("Live " + evil)
    do("schedule", write("Next " + evil), revision=1, at=NOW + HOUR)
    page = my_desk(eve)
    assert page.headlines("waits") == [evil]
    assert page.tree.cssselect(".two script, .two img") == []
    assert page.source.count("&lt;script&gt;alert(1)") >= 4
    assert Move.objects.filter(article=story.pk).exists()


# --- What it costs ---------------------------------------------------------------------------


def crowded(write, published, world, ada, eve, pia, count):
    """A newsroom where every part of the page has rows."""
    for n in range(count // 4):
        submitted(write(f"Review {n}", by=ada), ada)
        published(f"Live {n}")
        do("schedule", write(f"Next {n}"), revision=1, at=NOW + (n + 1) * HOUR)
        story = approved(lambda *a, n=n, **k: write(f"Ready {n}", **k), ada, eve)
        notes.add(story.pk, "Look, @pia.roth.", by=eve, now=NOW)
        planning.plan(
            write(f"Plan {n}").pk, {"assignee_id": pia.pk, "due_at": NOW}, by=eve, now=NOW
        )
        story, _text = beside(lambda *a, **k: write(*a, **k), pia, eve)
    OpenForm.objects.create(article=story, person=pia, at=NOW, typed="[]", typed_at=NOW)


@pytest.mark.parametrize("count", [0, 20, 60])
def test_the_whole_page_costs_few_queries(desk_of, write, published, world, ada, eve, pia, count):
    if count:
        crowded(write, published, world, ada, eve, pia, count)
    SectionMember.objects.create(user=pia, section=world)
    desk = desk_of(pia)
    ContentType.objects.get_for_model(Article)  # asked once a process
    with CaptureQueriesContext(connection) as captured:
        assert desk.get("/admin/").status_code == 200
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= QUERIES, "\n".join(sql[:200] for sql in asked)


def test_every_role_gets_its_desk(my_desk, write, published, world, ada, eve, pia):
    crowded(write, published, world, ada, eve, pia, 4)
    for role in ("Reporter", "Editor", "Publisher", "Managing editor", "Administrator"):
        page = my_desk(person(role))
        assert [h2.text for h2 in page.tree.cssselect(".two h2")][-1] == "How the desk runs"
