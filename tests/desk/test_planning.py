"""A plan: who may plan what of a story, what is written down of it, and whom it reaches."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from articles.desk import notice_words, planning, rights, sentences
from articles.desk.rights import Program
from articles.models import Article, Move, Notice, Reason
from articles.states import Priority
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import everything
from tests.desk.telling import HOUR, colleague, reasons_told

pytestmark = pytest.mark.django_db

DUE = NOW + 5 * HOUR  # 17:00 in the newsroom


@pytest.fixture
def jun(world):
    return colleague("Jun Park", "Reporter", world)


@pytest.fixture
def vera(world):
    return colleague("Vera Holm", "Editor", world)


def plan(story, by, **changes):
    return planning.plan(story.pk, changes, by=by, now=NOW)


def planned(story):
    return Article.objects.values(*planning.FIELDS).get(pk=story.pk)


def moves():
    return Move.objects.filter(verb="plan").order_by("pk")


def test_a_reporter_plans_a_story_of_their_own(write, jun):
    story = write(by=jun)
    plan(story, jun, slugline=" barrier ", due_at=DUE, length=800, priority=Priority.MUST)
    assert planned(story) == {
        "slugline": "BARRIER", "assignee_id": None, "due_at": DUE, "priority": 1, "length": 800,
    }  # fmt: skip


def test_a_reporter_cannot_plan_a_colleagues_story_but_an_editor_can(write, jun, vera):
    story = write(by=vera)
    with pytest.raises(PermissionDenied):
        plan(story, jun, due_at=DUE)
    assert planned(story)["due_at"] is None
    plan(story, vera, due_at=DUE)
    assert planned(story)["due_at"] == DUE


def test_a_reporter_takes_a_story_of_their_own_but_assigns_it_to_nobody_else(write, jun, vera):
    story = write(by=jun)
    with pytest.raises(PermissionDenied):
        plan(story, jun, assignee_id=vera.pk)
    plan(story, jun, assignee_id=jun.pk)
    assert planned(story)["assignee_id"] == jun.pk
    plan(story, jun, assignee_id=None)
    assert planned(story)["assignee_id"] is None


def test_a_reporter_cannot_take_a_story_from_a_colleague_but_an_editor_can(write, jun, vera):
    story = write(by=jun)
    plan(story, vera, assignee_id=vera.pk)
    for person in (jun.pk, None):
        with pytest.raises(PermissionDenied):
            plan(story, jun, assignee_id=person)
    plan(story, vera, assignee_id=jun.pk)
    assert planned(story)["assignee_id"] == jun.pk


def test_whom_a_story_is_assigned_to_may_open_and_change_it(write, world, vera, national):
    story = write(by=vera)
    ines = colleague("Ines Roth", "Reporter", world)
    assert not rights.may_edit(ines, story)
    plan(story, vera, assignee_id=ines.pk)
    assigned = Article.objects.get(pk=story.pk)
    assert rights.may_edit(ines, assigned)
    assert rights.stories_for(ines).filter(pk=story.pk).exists()


def test_nobody_is_assigned_who_does_not_write_for_the_section(write, vera, national):
    story = write(by=vera)
    elsewhere = colleague("Ada Moss", "Reporter", national)
    reader = colleague("Cy Voss", "Administrator")
    for person in (elsewhere, reader):
        with pytest.raises(ValidationError) as refused:
            plan(story, vera, assignee_id=person.pk)
        assert list(refused.value.message_dict) == ["assignee_id"]
    assert planned(story)["assignee_id"] is None


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("slugline", "X" * 41),
        ("priority", 4),
        ("length", 0),
        ("length", 50_001),
        ("due_at", NOW.replace(year=9998)),
    ],
)
def test_what_cannot_be_planned_is_refused_at_its_field_and_nothing_is_kept(
    write, vera, field, wrong
):
    story = write(by=vera)
    before = everything()
    with pytest.raises(ValidationError) as refused:
        plan(story, vera, **{"due_at": DUE, field: wrong})
    assert list(refused.value.message_dict) == [field]
    assert everything() == before


def test_a_plan_moves_no_revision_and_no_count_of_the_press(write, vera):
    story = write(by=vera)
    plan(story, vera, due_at=DUE, slugline="FERRY")
    after = Article.objects.get(pk=story.pk)
    assert (after.version, after.pressed, after.edited_at) == (1, 0, story.edited_at)


def test_what_is_the_same_already_leaves_no_move_and_tells_nobody(write, vera, jun):
    story = write(by=vera)
    plan(story, vera, due_at=DUE, assignee_id=jun.pk)
    before = everything()
    plan(story, vera, due_at=DUE + timedelta(seconds=20), assignee_id=jun.pk, slugline="")
    assert everything() == before


def test_a_field_that_a_colleague_changed_meanwhile_is_asked_back_with_what_they_set(
    write, vera, jun
):
    story = write(by=jun)
    plan(story, vera, due_at=DUE)
    before = everything()
    changes = {"due_at": DUE + HOUR, "length": 300}
    seen = {"due_at": None, "length": None}
    with pytest.raises(ValidationError) as refused:
        planning.plan(story.pk, changes, by=jun, now=NOW, seen=seen)
    assert refused.value.message_dict == {
        "due_at": [
            (
                "Vera Holm changed this meanwhile to: 19 Jun 2026, 17:00. Yours is kept here: "
                "save again to put it in place of theirs."
            )
        ]
    }
    assert everything() == before
    planning.plan(story.pk, changes, by=jun, now=NOW, seen={"due_at": DUE, "length": None})
    assert planned(story)["due_at"] == DUE + HOUR


def test_two_who_plan_different_things_never_meet(write, vera, jun):
    story = write(by=jun)
    seen = {"due_at": None, "length": None}
    planning.plan(story.pk, {"due_at": DUE}, by=vera, now=NOW, seen=seen)
    planning.plan(story.pk, {"length": 300}, by=jun, now=NOW, seen=seen)
    assert (planned(story)["due_at"], planned(story)["length"]) == (DUE, 300)


def test_both_who_set_the_same_agree(write, vera, jun):
    story = write(by=jun)
    plan(story, vera, due_at=DUE)
    planning.plan(story.pk, {"due_at": DUE}, by=jun, now=NOW, seen={"due_at": None})
    assert moves().count() == 1


def test_who_is_assigned_is_told_what_it_is_and_until_when(write, vera, jun):
    story = write("Flood", by=vera)
    plan(story, vera, assignee_id=jun.pk, due_at=DUE)
    assert reasons_told(jun) == [Reason.ASSIGNED]
    assert notice_words.sentence(Notice.objects.get(person=jun)) == (
        "Vera Holm planned “Flood”, which is assigned to you. It is due 19 Jun 2026, 17:00."
    )


def test_nobody_is_told_of_their_own_planning_nor_of_a_mere_priority(write, vera, jun):
    story = write(by=jun)
    plan(story, jun, assignee_id=jun.pk, due_at=DUE)
    plan(story, vera, priority=Priority.MUST)
    assert reasons_told(jun) == []


def test_the_history_says_what_was_planned_and_what_it_was_before(write, vera, jun):
    story = write(by=vera)
    plan(story, vera, due_at=DUE, assignee_id=jun.pk)
    plan(story, vera, due_at=None, length=600, slugline="flood")
    plan(story, vera, assignee_id=None, priority=Priority.MUST)
    jun.delete()  # the history keeps their name
    first, second, third = (sentences.of_move(move) for move in moves())
    assert first == "Vera Holm planned it: due 19 Jun 2026, 17:00, assigned to Jun Park."
    assert second == (
        "Vera Holm planned it: no due time (was 19 Jun 2026, 17:00), length: 600 words, "
        "slugline FLOOD."
    )
    assert third == (
        "Vera Holm planned it: assigned to nobody (was Jun Park), priority: must run (was normal)."
    )


def test_the_audit_says_it_as_well(desk_of, publisher, write, vera, clock):
    plan(write("Flood", by=vera), vera, due_at=DUE)
    page = desk_of(publisher).get("/admin/articles/move/").content.decode()
    assert "Vera Holm planned it: due 19 Jun 2026, 17:00." in page


def test_an_emptied_move_still_says_that_something_was_planned():
    assert sentences.of_move(Move(verb="plan", by_name="Mara Aziz")) == (
        "Mara Aziz planned the story."
    )


def test_a_line_of_the_budget_is_a_story_with_its_plan_in_one_step(world, vera, jun):
    plan = {"slugline": "ferry", "assignee_id": jun.pk, "due_at": DUE, "length": 500}
    story = planning.add_line("Ferries Cut", world.pk, plan, by=vera, now=NOW)
    assert (story.headline, story.slugline, story.version) == ("Ferries Cut", "FERRY", 1)
    verbs = Move.objects.filter(article=story.pk).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["create", "plan"]
    assert reasons_told(jun) == [Reason.ASSIGNED]


def test_a_line_whose_plan_is_refused_leaves_no_story(world, jun, vera):
    before = everything()
    with pytest.raises(PermissionDenied):
        planning.add_line("Ferries Cut", world.pk, {"assignee_id": vera.pk}, by=jun, now=NOW)
    with pytest.raises(ValidationError):
        planning.add_line("Ferries Cut", world.pk, {"length": 0}, by=vera, now=NOW)
    assert everything() == before


def test_a_program_plans_as_well(write):
    story = write(by=PROGRAM)
    planning.plan(story.pk, {"due_at": DUE}, by=Program("import"), now=NOW)
    assert moves().get().by_name == "import"
