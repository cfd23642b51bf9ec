"""My desk: what waits for a person and why, in which order, and for whose eyes."""

from datetime import timedelta

import pytest

from articles.desk import inbox, notes, planning, together, workflow
from articles.desk.merge import Choice
from articles.desk.revisions import Values
from articles.models import Article, Notice, Reason, Section, SectionMember
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do, rewrite
from tests.desk.telling import colleague
from tests.desk.waiting import MINUTE, approved, beside, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# --- Each reason comes, and goes when it is done ---------------------------------------------


def test_a_story_in_review_waits_for_who_may_approve_it_until_they_do(my_desk, write, ada, eve):
    story = submitted(write("Flood", by=ada), ada, "Costs are on\npage 14.")
    assert my_desk(eve).waits == [
        ("Review it. Ada Moss asked 12 min ago: “Costs are on page 14.”", "Flood")
    ]
    assert my_desk(eve).button() == ("Review", f"/admin/articles/article/{story.pk}/change/")
    assert my_desk(ada).waits == []
    workflow.take("approve", story.pk, by=eve, now=NOW)
    assert my_desk(eve).waits == []


def test_nobody_is_asked_to_review_what_they_wrote_last(my_desk, write, ada, eve):
    story = submitted(write("Flood", by=ada), ada)
    rewrite(story, body="<p>By the editor.</p>", by=eve)
    assert my_desk(eve).waits == []
    rewrite(story, body="<p>By the reporter again.</p>", by=ada)
    assert len(my_desk(eve).waits) == 1


def test_where_four_eyes_are_needed_the_row_says_so(my_desk, write, world, ada, eve):
    Section.objects.filter(pk=world.pk).update(four_eyes=True)
    submitted(write("Flood", by=ada), ada)
    ((why, _),) = my_desk(eve).waits
    assert why == "Second pair of eyes. Ada Moss asked 12 min ago."


def test_an_approved_text_that_was_changed_is_to_be_looked_at_again(
    my_desk, write, world, ada, eve
):
    Section.objects.filter(pk=world.pk).update(four_eyes=True)
    story = submitted(write("Flood", by=ada), ada)
    workflow.take("approve", story.pk, by=eve, now=NOW - HOUR / 4)
    rewrite(story, body="<p>Otherwise.</p>", by=ada, now=NOW - 3 * MINUTE)
    assert my_desk(eve).waits[0][0] == (
        "Second pair of eyes. Ada Moss changed the approved text 3 min ago."
    )


def test_a_story_sent_back_waits_for_its_writer_until_it_is_submitted_again(
    my_desk, write, ada, eve
):
    story = submitted(write("Flood", by=ada), ada)
    workflow.take("send_back", story.pk, by=eve, now=NOW - HOUR, reason="Who says so?")
    assert my_desk(ada).waits == [
        ("Answer. Eve Lind sent it back 1 h ago: “Who says so?”", "Flood")
    ]
    assert my_desk(eve).waits == []
    submitted(story, ada, now=NOW)
    assert my_desk(ada).waits == []


def test_a_story_sent_back_waits_for_whom_it_is_assigned_to_as_well(my_desk, write, ada, eve):
    story = submitted(write("Flood"))
    planning.plan(story.pk, {"assignee_id": ada.pk}, by=eve, now=NOW)
    workflow.take("send_back", story.pk, by=eve, now=NOW, reason="Who says so?")
    assert [why.partition(".")[0] for why, _ in my_desk(ada).waits] == ["Answer"]


def test_who_took_a_story_back_themselves_is_not_asked_to_answer(my_desk, write, ada):
    story = submitted(write("Flood", by=ada), ada)
    workflow.take("withdraw", story.pk, by=ada, now=NOW)
    assert my_desk(ada).waits == []


def test_a_draft_with_a_due_time_waits_for_its_writer(my_desk, write, ada, eve):
    story = write("Flood")
    planning.plan(story.pk, {"assignee_id": ada.pk}, by=eve, now=NOW)
    assert my_desk(ada).waits == []
    planning.plan(story.pk, {"due_at": NOW + 5 * HOUR}, by=eve, now=NOW)
    page = my_desk(ada)
    assert page.waits == [("Write it. It is assigned to you, and still a draft.", "Flood")]
    assert page.button() == ("Write", f"/admin/articles/article/{story.pk}/change/")
    submitted(story, ada, now=NOW)
    assert my_desk(ada).waits == []


def test_a_text_set_beside_waits_for_its_writer_until_it_is_joined(my_desk, write, ada, eve):
    story, text = beside(write, ada, eve)
    page = my_desk(ada)
    assert page.waits[0][0] == (
        "Settle it. A colleague changed the same as you, and your text waits beside theirs."
    )
    assert page.button() == ("Settle", f"/admin/articles/article/{story.pk}/beside/{text.number}/")
    inbox.mark_all_read(Notice.objects.latest("pk").pk, by=ada, now=NOW)
    rewrite(story, slug="flood-again", by=ada)
    assert len(my_desk(ada).waits) == 1, "reading of it, or saving something else, settles nothing"
    version = Article.objects.get(pk=story.pk).version
    chosen = {"standfirst": Choice("ours")}
    together.choose(story.pk, text.number, chosen, by=eve, seen=version, now=NOW)
    assert my_desk(ada).waits == []


def test_a_text_set_beside_waits_for_who_wants_to_be_told_of_nothing_too(
    my_desk, desk_of, write, ada, eve
):
    inbox.choose({Reason.SET_BESIDE: (False, False)}, time_zone="", by=ada)
    story, _text = beside(write, ada, eve)
    assert inbox.unread(ada) == 0
    assert my_desk(ada).waits[0][0].startswith("Settle it.")
    form = desk_of(ada).get(f"/admin/articles/article/{story.pk}/change/")
    assert "Settle it" in form.content.decode()


def test_of_two_texts_beside_a_story_the_one_that_is_not_joined_still_waits(
    my_desk, write, ada, eve
):
    story, first = beside(write, ada, eve)
    typed = Values("Flood", story.section_id, standfirst="Hail.", body=story.body)
    second = together.save(story.pk, typed, by=ada, seen=1, now=NOW).beside
    version = Article.objects.get(pk=story.pk).version
    chosen = {"standfirst": Choice("theirs")}
    together.choose(story.pk, first.number, chosen, by=ada, seen=version, now=NOW)
    assert my_desk(ada).button()[1].endswith(f"/beside/{second.number}/")


def test_what_is_approved_and_not_out_waits_for_a_publisher(my_desk, write, ada, eve, pia):
    story = approved(write, ada, eve)
    assert my_desk(pia).waits == [
        ("Publish it. Eve Lind approved it 1 h ago, and it is neither out nor scheduled.", "Flood")
    ]
    assert my_desk(eve).waits == []
    do("schedule", story, revision=1, at=NOW + HOUR)
    assert my_desk(pia).waits == []
    do("cancel", story, NOW + HOUR)
    assert len(my_desk(pia).waits) == 1
    do("publish", story, revision=1)
    assert my_desk(pia).waits == []


def test_what_was_approved_long_ago_or_is_held_does_not_wait(my_desk, write, ada, eve, pia):
    story = approved(write, ada, eve, now=NOW - timedelta(days=8))
    assert my_desk(pia).waits == []
    workflow.take("send_back", story.pk, by=eve, now=NOW - HOUR, reason="No.")
    submitted(story, ada)
    workflow.take("approve", story.pk, by=eve, now=NOW)
    assert len(my_desk(pia).waits) == 1
    do("hold", story, reason="The lawyer reads.")
    assert my_desk(pia).waits == []


def test_a_mention_waits_until_it_is_read_or_answered(my_desk, write, ada, eve):
    story = write("Flood", by=ada)
    notes.add(story.pk, "See the figures, @ada.moss.", by=eve, now=NOW - HOUR)
    page = my_desk(ada)
    ((why, headline),) = page.waits
    assert why.startswith("Answer the note. Eve Lind mentions you in a note, 1 h ago:")
    assert why.endswith("“See the figures, @ada.moss.”")
    assert headline == "Flood"
    assert page.button()[1].startswith(f"/admin/articles/article/{story.pk}/notes/#note-")
    notes.add(story.pk, "They are right.", by=ada, now=NOW)
    assert my_desk(ada).waits == []
    notes.add(story.pk, "No, @ada.moss.", by=eve, now=NOW + MINUTE)
    assert len(my_desk(ada).waits) == 1
    inbox.mark_read(Notice.objects.latest("pk").pk, by=ada, now=NOW + MINUTE)
    assert my_desk(ada).waits == []


def test_a_story_with_two_reasons_stands_once_with_both(my_desk, write, ada, eve):
    story = submitted(write("Flood", by=ada), ada)
    notes.add(story.pk, "Please soon, @eve.lind.", by=ada, now=NOW)
    ((why, _headline),) = my_desk(eve).waits
    assert why.startswith("Review it. Ada Moss asked")
    assert "Answer the note. Ada Moss mentions you" in why
    assert my_desk(eve).button()[0] == "Review"


# --- Order, and how pressing -----------------------------------------------------------------


def test_the_most_urgent_stands_first_then_what_waits_longest(my_desk, write, ada, eve):
    for name, hours_ago, due in (
        ("Young", 1, None), ("Old", 3, None), ("Later", 2, 30), ("Soon", 2, 1), ("Late", 2, -1),
    ):  # fmt: skip
        at = NOW - hours_ago * HOUR
        story = submitted(write(name, by=ada, now=at - HOUR), ada, now=at)
        if due:
            planning.plan(story.pk, {"due_at": NOW + due * HOUR}, by=eve, now=NOW)
    page = my_desk(eve)
    assert page.headlines("waits") == ["Late", "Soon", "Later", "Old", "Young"]
    dues = [" ".join(due.text_content().split()) for due in page.tree.cssselect(".job-a .due")]
    assert dues == [
        "was due today 11:00", "due today 13:00 in 1 h", "due tomorrow 18:00",
        "since today 09:00", "since today 11:00",
    ]  # fmt: skip
    kinds = [due.get("class").split()[1:] for due in page.tree.cssselect(".job-a .due")]
    assert kinds == [["late"], ["soon"], [], [], []]
    assert "5 wait for you, 2 of them late or due soon" in " ".join(
        page.tree.cssselect(".lead")[0].text_content().split()
    )


def test_no_more_than_twenty_stand_there_and_the_most_urgent_is_among_them(
    my_desk, write, ada, eve
):
    for n in range(22):
        submitted(write(f"Story {n}", by=ada), ada)
    planning.plan(Article.objects.latest("pk").pk, {"due_at": NOW}, by=eve, now=NOW)
    page = my_desk(eve)
    assert len(page.rows("waits")) == 20
    assert page.headlines("waits")[0] == "Story 21"
    assert "20+" in page.tree.cssselect(".waits header")[0].text_content()


def test_a_row_says_both_states_section_writer_and_length(my_desk, published, author, ada, eve):
    story = published("Flood", authors=[author.pk], by=ada, body="<p>One two three.</p>")
    rewrite(story, standfirst="More.", by=ada)
    submitted(story, ada)
    planning.plan(story.pk, {"length": 1200}, by=eve, now=NOW)
    (row,) = my_desk(eve).said("waits")
    assert "Working copy: In review" in row
    assert "Readers see: Live, 1 unpublished" in row
    assert "World Ilse Hartmann 3 of 1,200 words" in row


# --- Whose eyes ------------------------------------------------------------------------------


def test_someone_of_one_section_sees_nothing_of_another(
    my_desk, write, published, national, world, ada
):
    editor = colleague("Nat Ford", "Publisher", national)
    home = {"section": national.pk}
    for name, values in (("Abroad", {}), ("At Home", home)):
        submitted(write(f"{name} Waits", by=ada, **values), ada)
        do("schedule", write(f"{name} Comes", **values), revision=1, at=NOW + HOUR)
        published(f"{name} Is Live", **values)
    page = my_desk(editor)
    assert page.headlines("waits") == ["At Home Waits"]
    assert page.headlines("coming") == ["At Home Comes"]
    assert page.headlines("live") == ["At Home Is Live"]
    assert set(page.headlines("changed")) == {"At Home Waits", "At Home Comes", "At Home Is Live"}
    assert "Abroad" not in page.source
    assert my_desk(colleague("All Seer", "Publisher")).source.count("Abroad Waits") > 1


def test_an_own_story_of_another_section_is_for_others_to_approve_and_publish(
    my_desk, write, national, ada, eve
):
    editor = colleague("Nat Ford", "Publisher", national)
    story = write("Flood", by=ada)
    submitted(story, ada)
    Article.objects.filter(pk=story.pk).update(created_by=editor)
    assert my_desk(editor).waits == []
    workflow.take("approve", story.pk, by=eve, now=NOW)
    assert my_desk(editor).waits == []


def test_who_left_a_section_has_no_more_of_it_on_their_desk(my_desk, write, world, national, ada):
    editor = colleague("Nat Ford", "Editor", world)
    story = submitted(write("Flood", by=ada), ada)
    notes.add(story.pk, "See here, @nat.ford.", by=ada, now=NOW)
    assert len(my_desk(editor).waits) == 1
    SectionMember.objects.filter(user=editor).update(section=national)
    assert "Flood" not in my_desk(editor).source


def test_a_reporter_is_asked_to_review_and_to_publish_nothing(my_desk, write, ada, eve):
    submitted(write("Flood", by=eve), eve)
    approved(write, eve, colleague("Ed Two", "Editor"))
    assert my_desk(ada).waits == []


def test_who_may_read_no_story_gets_the_admins_own_first_page(desk_of, write, django_user_model):
    write("Flood")
    guest = django_user_model.objects.create_user(email="guest@newsroom.example", is_staff=True)
    answer = desk_of(guest).get("/admin/")
    assert answer.status_code == 200
    assert "Waits for you" not in answer.content.decode()


def test_who_is_not_signed_in_is_sent_to_the_door(client):
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert answer.url.startswith("/admin/login/")
