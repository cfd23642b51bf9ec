"""The audit in the admin: the newest first, page by page, of a verb, a person or a story."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.desk import story_walk, workflow
from articles.models import Move
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

AUDIT = "/admin/articles/move/"


@pytest.fixture
def desk(desk_of, managing_editor):
    return desk_of(managing_editor)


def subjects(answer):
    assert answer.status_code == 200
    return [line["move"].subject for line in answer.context["lines"]]


@pytest.fixture
def of_three(monkeypatch):
    """Pages of three, and walks of eight."""
    monkeypatch.setattr(story_walk, "PAGE", 3)
    monkeypatch.setattr(story_walk, "MOST", 8)
    monkeypatch.setattr(story_walk, "_FIRST", 4)


def test_what_was_done_stands_newest_first_on_pages_that_lead_there_and_back(desk, write, of_three):
    for n in range(7):
        write(f"Story {n}")
    first = desk.get(AUDIT)
    assert subjects(first) == ["Story 6", "Story 5", "Story 4"]
    second = desk.get(AUDIT + first.context["older"])
    assert subjects(second) == ["Story 3", "Story 2", "Story 1"]
    last = desk.get(AUDIT + second.context["older"])
    assert subjects(last) == ["Story 0"]
    assert last.context["older"] == ""
    assert subjects(desk.get(AUDIT + last.context["newer"])) == subjects(second)
    assert subjects(desk.get(AUDIT + second.context["newer"])) == subjects(first)


def test_the_audit_is_asked_for_a_verb_a_person_and_a_story(desk, write, editor):
    mine, other = write("Mine", by=editor), write("Other")
    for story in (mine, other):
        workflow.take("submit", story.pk, by=PROGRAM, now=NOW)
    assert subjects(desk.get(f"{AUDIT}?verb=submit")) == ["Other", "Mine"]
    assert subjects(desk.get(f"{AUDIT}?by=EDIT")) == ["Mine"]
    assert subjects(desk.get(f"{AUDIT}?story={mine.pk}")) == ["Mine", "Mine"]
    assert subjects(desk.get(f"{AUDIT}?story={mine.pk}&verb=create&by=nobody")) == []
    offered = [label for _name, label in desk.get(AUDIT).context["verbs"]]
    assert offered == ["Create", "Submit for review"]


def test_a_walk_that_ends_early_says_so_and_goes_on(desk, write, editor, of_three):
    write("Long ago", by=editor)
    for n in range(9):
        write(f"Story {n}")
    answer = desk.get(f"{AUDIT}?by=editor")
    assert subjects(answer) == []
    assert "Looked as far as" in answer.content.decode()
    assert subjects(desk.get(AUDIT + answer.context["older"])) == ["Long ago"]


@pytest.mark.parametrize(
    "query", ["before=x", "after=0", "story=x&verb=x", "by=%00", "p=9", "before=" + "9" * 30]
)
def test_an_odd_address_gives_a_page(desk, write, query):
    write()
    assert desk.get(f"{AUDIT}?{query}").status_code == 200


def test_a_page_counts_nothing_and_costs_the_same_for_any_number(desk, write):
    write("First")
    desk.get(AUDIT)
    counts = []
    for most in (3, 60):
        for n in range(most):
            write(f"Story {most} {n}")
        with CaptureQueriesContext(connection) as captured:
            desk.get(AUDIT)
        counts.append(len(captured))
        assert not any("COUNT(" in q["sql"] or "OFFSET" in q["sql"] for q in captured)
    assert counts[0] == counts[1] <= 12


def test_a_discarded_storys_moves_stay_without_a_link(desk, write):
    write("Gone for good").delete()
    page = desk.get(AUDIT).content.decode()
    assert "Gone for good" in page
    assert "/history/" not in page


def test_the_audit_is_read_by_who_has_the_right_for_it_and_changed_by_nobody(
    desk, desk_of, reporter, write
):
    write()
    move = Move.objects.get()
    reporter.groups.clear()
    assert desk_of(reporter).get(AUDIT).status_code == 403
    assert desk.post(f"{AUDIT}{move.pk}/change/", {"verb": "x"}).status_code == 403
    assert desk.get(f"{AUDIT}add/").status_code == 403


def test_why_a_check_was_passed_over_stands_in_the_list(desk, write, managing_editor):
    story = write(body='<p>See <a href="/world/gone/">there</a>.</p>')
    do("publish", story, by=managing_editor, revision=1, override="The page comes tonight.")
    assert [line["why"] for line in desk.get(AUDIT).context["lines"]][:1] == [
        "The page comes tonight."
    ]
    one = desk.get(f"{AUDIT}{Move.objects.latest('pk').pk}/change/").content.decode()
    assert "Publish now" in one
    assert "19 Jun 2026, 12:00" in one
