"""One verb for many stories: each on its own, and what was refused is said story by story."""

import pytest

from articles.desk import planning, workflow
from articles.models import Article, Move, SectionMember
from tests.conftest import NOW, PROGRAM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LIST = "/admin/articles/article/"


@pytest.fixture
def tick(desk_of, editor):
    """Tick stories, choose what to do with them, and answer what is asked."""
    desk = desk_of(editor)

    def tick(action, *stories, **answers):
        data = {"action": action, "_selected_action": [story.pk for story in stories], **answers}
        return desk.post(f"{LIST}?view=queue", data, follow=True)

    return tick


def in_review(story):
    workflow.take("submit", story.pk, by=PROGRAM, now=NOW)
    return story


def status(story):
    return Article.objects.get(pk=story.pk).status


def test_what_is_ticked_is_approved_and_the_list_is_shown_again(tick, write):
    stories = [in_review(write(name)) for name in ("One", "Two")]
    other = in_review(write("Three"))
    answer = tick("approve", *stories)
    assert answer.redirect_chain == [(f"{LIST}?view=queue", 302)]
    assert "Approve: 2 stories." in answer.content.decode()
    assert [status(story) for story in (*stories, other)] == ["ready", "ready", "in_review"]
    assert Move.objects.filter(verb="approve").count() == 2


def test_one_that_is_refused_keeps_no_other_from_being_done(tick, write, world, editor):
    draft, waits = write("A draft"), in_review(write("Waits"))
    page = tick("approve", draft, waits).content.decode()
    assert (status(draft), status(waits)) == ("draft", "ready")
    assert "Approve: 1 story." in page
    assert "Not done to 1 story:" in page
    assert "“A draft”: “A draft” is draft; this step does not begin there." in page


def test_four_eyes_are_four_eyes_in_bulk_as_well(tick, write, world, editor):
    world.four_eyes = True
    world.save()
    own = in_review(write("Own", by=editor))
    assert "somebody else approves it" in tick("approve", own).content.decode()
    assert status(own) == "in_review"


def test_a_question_is_asked_first_and_nothing_is_done_before_it_is_answered(tick, write):
    stories = [in_review(write(name)) for name in ("One", "Two")]
    asked = tick("send_back", *stories)
    assert asked.status_code == 200
    assert "What is to be done" in asked.content.decode()
    assert status(stories[0]) == "in_review"
    refused = tick("send_back", *stories, answered="1", reason=" ")
    assert refused.status_code == 422
    assert status(stories[0]) == "in_review"
    tick("send_back", *stories, answered="1", reason="Shorter, please.")
    assert [status(story) for story in stories] == ["draft", "draft"]
    assert set(Move.objects.filter(verb="send_back").values_list("reason", flat=True)) == {
        "Shorter, please."
    }


def test_stories_are_assigned_and_given_a_deadline(tick, write, reporter):
    stories = [write("One"), write("Two")]
    tick("assign", *stories, answered="1", assignee=reporter.pk)
    assert {Article.objects.get(pk=story.pk).assignee for story in stories} == {reporter}
    tick("due", *stories, answered="1", due="2026-06-19T18:00")
    for story in stories:
        assert Article.objects.get(pk=story.pk).due_at == NOW.replace(hour=12, minute=30)
    tick("due", stories[0], answered="1", due="")
    assert Article.objects.get(pk=stories[0].pk).due_at is None


def test_a_moment_that_is_none_is_asked_again(tick, write):
    answer = tick("due", write("One"), answered="1", due="noon")
    assert answer.status_code == 422
    assert "is not a date and time" in answer.content.decode()


def test_who_does_not_write_for_a_section_is_refused_by_name(tick, write, reporter, national):
    SectionMember.objects.create(user=reporter, section=national)
    here, there = write("Here"), write("There", section=national.pk)
    page = tick("assign", here, there, answered="1", assignee=reporter.pk).content.decode()
    assert "“Here”: They do not write for this section." in page
    assert Article.objects.get(pk=there.pk).assignee == reporter
    assert Article.objects.get(pk=here.pk).assignee is None


def test_a_story_that_may_not_be_opened_is_not_reached(tick, write, editor, national):
    abroad = in_review(write("Abroad"))
    SectionMember.objects.create(user=editor, section=national)
    page = tick("approve", abroad).content.decode()
    assert "Tick the stories first" in page
    assert "Abroad" not in page
    assert status(abroad) == "in_review"


def test_a_reporter_submits_their_own_and_is_refused_a_colleagues(desk_of, reporter, write):
    own, other = write("Own", by=reporter), write("Other")
    desk = desk_of(reporter)
    data = {"action": "submit", "_selected_action": [own.pk, other.pk]}
    page = desk.post(LIST, data, follow=True).content.decode()
    assert (status(own), status(other)) == ("in_review", "draft")
    assert "“Other”: You may read this story, but not change it." in page
    offered = dict(desk.get(LIST).context["actions"])
    assert "approve" not in offered
    desk.post(LIST, {"action": "approve", "_selected_action": [own.pk]})
    assert status(own) == "in_review"


@pytest.mark.parametrize(
    "ticked", [[], ["x"], ["-1"], ["99999999999999999999"], [str(n) for n in range(1, 102)]]
)
def test_odd_ticks_are_answered_with_a_sentence(desk_of, editor, write, ticked):
    write()
    data = {"action": "approve", "_selected_action": ticked}
    answer = desk_of(editor).post(LIST, data, follow=True)
    assert answer.status_code == 200
    assert "Tick" in "".join(str(message) for message in answer.context["messages"])


@pytest.mark.parametrize("action", ["", "delete_selected", "publish", "x"])
def test_only_what_is_offered_can_be_done(desk_of, managing_editor, write, action):
    story = write()
    data = {"action": action, "_selected_action": [story.pk]}
    answer = desk_of(managing_editor).post(LIST, data, follow=True)
    assert "Choose what to do" in answer.content.decode()
    assert status(story) == "draft"


def test_a_headline_is_no_markup_in_what_is_said(tick, write):
    draft = write("Fish <b>& Chips</b>")
    page = tick("approve", draft).content.decode()
    assert "<b>& Chips" not in page
    assert "Fish &lt;b&gt;&amp; Chips&lt;/b&gt;" in page


def test_a_plan_in_bulk_is_each_storys_own_move(tick, write):
    one, two = write("One"), write("Two")
    planning.plan(one.pk, {"due_at": NOW}, by=PROGRAM, now=NOW)
    tick("due", one, two, answered="1", due="2026-06-19T18:00")
    assert Move.objects.filter(verb="plan", article=one.pk).count() == 2
    assert Move.objects.filter(verb="plan", article=two.pk).count() == 1
