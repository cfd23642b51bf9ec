"""Who is told what: each reason, its turning off, and the walls between sections."""

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction

from accounts.models import User
from articles import tasks
from articles.desk import colleagues, notices, rights
from articles.desk.inbox import choose
from articles.models import Article, Move, Notice, Reason, SectionMember
from tests.conftest import NOW
from tests.desk.pressing import do
from tests.desk.telling import HOUR, bring_about, colleague, post, reasons_told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(clock):
    """Everything happens at NOW unless a test moves the clock."""


@pytest.fixture
def ada(world):
    return colleague("Ada Moss", "Managing editor", world)


@pytest.fixture
def bo(world):
    return colleague("Bo Lind", "Managing editor", world)


def turn_off(user, *reasons, inbox=False, mail=False):
    choose(dict.fromkeys(reasons, (inbox, mail)), time_zone="", by=user)


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_tells_the_person_once_and_never_who_did_it(write, ada, bo, reason):
    bring_about(reason, write, ada, bo)
    told = Notice.objects.filter(person=ada)
    assert [(row.reason, row.subject) for row in told] == [(reason, "Flood")]
    assert not Notice.objects.filter(person=bo).exists()


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_is_turned_off_by_itself(write, ada, bo, reason):
    turn_off(ada, reason)
    bring_about(reason, write, ada, bo)
    assert reason not in reasons_told(ada)


@pytest.mark.parametrize("reason", Reason)
def test_with_every_other_reason_turned_off_a_reason_still_tells(write, ada, bo, reason):
    turn_off(ada, *(other for other in Reason if other != reason))
    bring_about(reason, write, ada, bo)
    assert reasons_told(ada) == [reason]


@pytest.mark.parametrize(("inbox", "mail"), [(True, False), (False, True)])
def test_inbox_and_mail_are_chosen_apart(write, ada, bo, inbox, mail):
    turn_off(ada, Reason.SUBMITTED, inbox=inbox, mail=mail)
    bring_about(Reason.SUBMITTED, write, ada, bo)
    told = Notice.objects.get(person=ada)
    assert (told.in_inbox, told.by_mail) == (inbox, mail)
    assert tasks.send_notices.call() == int(mail)


@pytest.mark.parametrize("reason", Reason)
def test_nobody_is_told_of_a_story_that_they_may_not_open(write, ada, bo, national, reason):
    strangers = [
        colleague("Cy Vane", "Managing editor", national),
        colleague("Di Orr", "Managing editor", is_active=False),
        colleague("Ed Poll", "Managing editor", is_staff=False),
    ]
    bring_about(reason, write, ada, bo)
    assert not Notice.objects.filter(person__in=strangers).exists()


@pytest.mark.parametrize("why", ["another section", "inactive", "no role"])
def test_who_has_left_is_told_nothing_of_what_they_wrote_or_scheduled(
    write, world, national, bo, why
):
    writer, publisher = (
        colleague("Cy Vane", "Reporter", world), colleague("Di Orr", "Publisher", world),
    )  # fmt: skip
    story = write(by=writer)
    do("schedule", story, revision=1, at=NOW + HOUR, by=publisher)
    Notice.objects.all().delete()
    for left in (writer, publisher):
        if why == "inactive":
            User.objects.filter(pk=left.pk).update(is_active=False)
        elif why == "no role":
            left.groups.clear()
        else:
            SectionMember.objects.filter(user=left).update(section=national)
    post(bo, story, "hold", reason="The lawyer reads.")
    # Their own story stays open to them, wherever they work.
    told = [writer.pk] if why == "another section" else []
    assert list(Notice.objects.values_list("person", flat=True)) == told


def test_a_submitted_story_is_told_to_who_may_approve_it_in_its_section_and_to_nobody_else(
    write, world, national, ada, bo
):
    reporter = colleague("Cy Vane", "Reporter", world)
    everywhere = colleague("Di Orr", "Editor")
    both = colleague("Ed Poll", "Editor", national, world)
    elsewhere = colleague("Fi Rook", "Editor", national)
    post(reporter, write("Flood", by=reporter), "submit")
    told = set(Notice.objects.values_list("person", flat=True))
    assert told == {ada.pk, bo.pk, everywhere.pk, both.pk}
    assert elsewhere.pk not in told


def test_an_editor_is_not_asked_to_review_their_own_story_in_a_section_that_is_not_theirs(
    write, ada, bo, national
):
    story = write(by=ada)
    SectionMember.objects.filter(user=ada).update(section=national)
    post(bo, story, "submit")
    assert reasons_told(ada) == []
    post(bo, story, "send_back", reason="Sources?")
    assert reasons_told(ada) == ["sent_back"]


def test_a_permission_held_without_a_role_counts_too(write, world, bo):
    cy = colleague("Cy Vane", "Reporter", world)
    cy.user_permissions.add(Permission.objects.get(codename="change_others_article"))
    post(bo, write(), "submit")
    assert reasons_told(cy) == ["submitted"]


def test_a_broken_embargo_is_told_to_who_may_publish_in_the_section(
    write, world, national, ada, bo
):
    writer = colleague("Cy Vane", "Reporter", world)
    other = colleague("Di Orr", "Reporter", world)
    publisher = colleague("Ed Poll", "Publisher", world)
    elsewhere = colleague("Fi Rook", "Publisher", national)
    story = write("Flood", by=writer)
    do("embargo", story, until=NOW + HOUR, by=bo)
    post(bo, story, "break_embargo", reason="It is out elsewhere.")
    for told in (writer, publisher, ada):
        assert reasons_told(told) == ["embargo_broken"]
    for untold in (other, elsewhere, bo):
        assert reasons_told(untold) == []


def test_a_hold_that_cancels_is_told_once_to_the_writer_and_to_who_had_scheduled_it(
    write, world, ada, bo
):
    writer = colleague("Cy Vane", "Reporter", world)
    story = write("Flood", by=writer)
    do("schedule", story, revision=1, at=NOW + HOUR, by=ada)
    Notice.objects.all().delete()
    post(bo, story, "hold", reason="The lawyer reads.")
    assert reasons_told(writer) == ["withdrawn"]
    assert reasons_told(ada) == ["cancelled"]


def test_who_turned_off_a_hold_is_told_that_it_cancelled_something(write, world, ada, bo):
    writer = colleague("Cy Vane", "Reporter", world)
    turn_off(writer, Reason.WITHDRAWN)
    story = write("Flood", by=writer)
    do("schedule", story, revision=1, at=NOW + HOUR, by=ada)
    Notice.objects.all().delete()
    post(bo, story, "hold", reason="The lawyer reads.")
    assert reasons_told(writer) == ["cancelled"]


def test_a_cancelled_version_is_told_to_who_scheduled_it_and_to_who_moved_it(write, ada, bo, world):
    mover = colleague("Cy Vane", "Publisher", world)
    story = write()
    do("schedule", story, revision=1, at=NOW + HOUR, by=ada)
    do("schedule", story, revision=1, at=NOW + 9 * HOUR, by=bo, pending="keep")
    do("move", story, NOW + HOUR, to=NOW + 2 * HOUR, by=mover)
    do("cancel", story, NOW + 2 * HOUR, by=colleague("Di Orr", "Publisher", world))
    assert reasons_told(ada) == reasons_told(mover) == ["cancelled"]
    assert reasons_told(bo) == []


def test_what_a_program_does_is_no_news(write, ada, bo):
    story = write(by=ada)
    do("publish", story, revision=1)
    do("unpublish", story, reason="Import")
    assert not Notice.objects.exists()


def test_of_an_erased_story_nothing_is_told_and_what_was_told_is_gone(write, ada, bo):
    story = write("Flood", by=ada)
    do("schedule", story, revision=1, at=NOW + HOUR, by=bo)
    assert reasons_told(ada) == ["published"]
    do("erase", story, reason="By law", authority="Court", by=bo)
    assert not Notice.objects.exists()


def test_a_refused_verb_tells_nobody(write, ada, bo, desk_of):
    story = write("Flood", by=ada)
    posted = {"seen": 0, "revision": 1, "reason": ""}
    desk_of(bo).post(f"/admin/articles/article/{story.pk}/verb/hold/", posted)
    desk_of(bo).post(f"/admin/articles/article/{story.pk}/verb/approve/", posted)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("section", ["world", "national"])
def test_who_may_open_a_story_is_the_rule_of_rights_asked_the_other_way_round(
    request, write, world, national, section
):
    people = [
        colleague("Ada Moss", "Reporter", world),
        colleague("Bo Lind", "Administrator", national),
        colleague("Cy Vane", "Editor", world, national),
        colleague("Di Orr", "Publisher"),
        colleague("Ed Poll", "Reporter", is_active=False),
        User.objects.create_superuser("fi.rook@newsroom.example", "pass"),
    ]
    people.append(User.objects.create_user("gus@newsroom.example"))  # no role
    for writer in people[:3]:
        story = write(section=request.getfixturevalue(section).pk, by=people[2])
        Article.objects.filter(pk=story.pk).update(created_by=writer)
        story.refresh_from_db()
        found = set(colleagues.who_may_open(story).values_list("pk", flat=True))
        fresh = [User.objects.get(pk=user.pk) for user in people]
        asked = {u.pk for u in fresh if rights.stories_for(u).filter(pk=story.pk).exists()}
        assert found == asked


def test_telling_takes_three_queries_at_most(write, ada, bo, django_assert_max_num_queries):
    for number in range(40):
        colleague(f"Person {number}", "Publisher")
    story = write("Flood", by=ada)
    do("schedule", story, revision=1, at=NOW + HOUR, by=ada)
    moves = [
        Move(verb="submit"),
        Move(verb="publish"),
        Move(verb="hold", details={"cancelled": [(NOW + HOUR).isoformat()]}),
        Move(verb="break_embargo", details={"until": NOW.isoformat()}),
    ]
    for move in moves:
        move.at, move.by, move.by_name = NOW, bo.pk, "Bo Lind"
        with django_assert_max_num_queries(3):
            notices.after(move, story)
    assert Notice.objects.filter(reason="submitted").count() == 41


def test_a_verb_that_is_taken_back_takes_back_what_it_told(write, ada, bo):
    story = write("Flood", by=ada)
    with transaction.atomic():
        do("publish", story, revision=1, by=bo)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
