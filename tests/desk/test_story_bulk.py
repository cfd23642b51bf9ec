"""One verb for many stories: each on its own, and what was refused is said story by story."""

import pytest

from articles.admin import story_bulk
from articles.desk import planning, workflow
from articles.models import Article, Move, Publication, SectionMember
from articles.states import VERBS
from tests.conftest import NOW, PROGRAM
from tests.desk.list_page import LIST, tick_of
from tests.desk.pressing import do, everything, revision_shown, rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def tick(desk_of, editor):
    """Tick stories, choose what to do with them, and answer what is asked."""
    desk = desk_of(editor)

    def tick(action, *stories, **answers):
        ticks = [tick_of(story) for story in stories]
        data = {"action": action, "_selected_action": ticks, **answers}
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
    assert "“A draft” is draft; this step does not begin there." in page


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
    data = {"action": "submit", "_selected_action": [tick_of(own), tick_of(other)]}
    page = desk.post(LIST, data, follow=True).content.decode()
    assert (status(own), status(other)) == ("in_review", "draft")
    assert "“Other”: You may read this story, but not change it." in page
    offered = dict(desk.get(LIST).context["actions"])
    assert "approve" not in offered
    desk.post(LIST, {"action": "approve", "_selected_action": [tick_of(own)]})
    assert status(own) == "in_review"


# Of a story: what no page writes of it.
ODD = (
    "", "{pk}", "{pk}:1", "{pk}:1:0:0", "{pk}:x:0", "{pk}:1:", "{pk}:-1:0", "{pk}: 1:0", "{pk}:1:²",
    "{pk}:1:0\0", "\0{pk}:1:0", "{pk}:1:" + "9" * 19, "9" * 20 + ":1:0", "9" * 18 + ":1:0",
    "{pk}:1:" + "0" * 10_000, "x" * 10_000, ":" * 10_000, "-1:1:0",
)  # fmt: skip


@pytest.mark.parametrize("action", ["approve", "publish", "assign"])
def test_odd_ticks_are_answered_with_a_sentence(desk_of, managing_editor, write, action):
    story, desk = in_review(write()), desk_of(managing_editor)
    many = [f"{n}:1:0" for n in range(1, 102)]
    before = everything()
    for ticked in ([], many, *([odd.format(pk=story.pk)] for odd in ODD)):
        data = {"action": action, "answered": "1", "_selected_action": ticked}
        answer = desk.post(LIST, data, follow=True)
        assert answer.status_code == 200
        said = "".join(str(message) for message in answer.context["messages"])
        assert "Tick" in said, ticked
    assert everything() == before


@pytest.mark.parametrize("action", ["approve", "publish", "hold"])
def test_a_tick_of_what_never_was_is_refused_of_its_story(
    tick, desk_of, managing_editor, write, action
):
    story, desk = in_review(write("Flood")), desk_of(managing_editor)
    before = everything()
    huge = "9" * 18
    for ticked in (f"{story.pk}:{huge}:{huge}", f"{story.pk}:7:7", f"{story.pk}:0:5000000000"):
        data = {"action": action, "_selected_action": [ticked], "answered": "1", "reason": "Why"}
        page = desk.post(LIST, data, follow=True)
        assert page.status_code == 200
        assert "Not done to 1 story:" in page.content.decode()
    assert everything() == before


@pytest.mark.parametrize("action", ["", "delete_selected", "erase", "x"])
def test_only_what_is_offered_can_be_done(desk_of, managing_editor, write, action):
    story = write()
    data = {"action": action, "_selected_action": [tick_of(story)]}
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


def test_every_verb_in_bulk_asks_for_what_the_table_asks_for():
    verbs = {name: action for name, action in story_bulk.ACTIONS.items() if name in VERBS}
    assert len(verbs) == 9
    assert {name: action.permission for name, action in verbs.items()} == {
        name: VERBS[name].permission for name in verbs
    }
    needs_reason = {name for name in verbs if VERBS[name].needs_reason}
    asked = {name for name, action in verbs.items() if "reason" in action.form.base_fields}
    assert asked == needs_reason


def test_a_publisher_publishes_several_and_what_is_held_is_refused_by_name(
    desk_of, publisher, write, published
):
    new, held, live = write("New"), write("Held"), published("Live")
    do("hold", held, reason="A court asked")
    rewrite(live, standfirst="More of it.")
    ticks = [tick_of(story) for story in (new, held, live)]
    ticked = {"action": "publish", "_selected_action": ticks}
    page = desk_of(publisher).post(
        LIST, {**ticked, "answered": "1", "change": "update"}, follow=True
    )
    shown = {row.article_id: row.revision for row in Publication.objects.at(NOW)}
    assert shown == {new.pk: 1, live.pk: 2}
    assert "Publish now: 2 stories." in page.content.decode()
    assert "“Held”: This story is held." in page.content.decode()


def test_what_readers_had_is_not_changed_in_bulk_without_a_word_of_what_it_is(
    desk_of, publisher, published
):
    live = published("Live")
    rewrite(live, standfirst="More of it.")
    ticked = {
        "action": "publish",
        "_selected_action": [tick_of(live)],
        "answered": "1",
        "change": "",
    }
    page = desk_of(publisher).post(LIST, ticked, follow=True).content.decode()
    assert "Not done to 1 story:" in page
    assert Publication.objects.at(NOW).get().revision == 1


@pytest.mark.parametrize("action", ["publish", "schedule"])
def test_every_kind_of_change_that_is_offered_can_pass(desk_of, publisher, published, action):
    live, desk = published("Live"), desk_of(publisher)
    said = {"answered": "1", "at": "2026-06-19T18:00", "note": "It was Tuesday."}
    offered = ["update", "correction", "clarification"]
    for version, kind in enumerate(offered, start=2):
        rewrite(live, standfirst=f"A mayor said {version} ships came.")
        ticked = {"action": action, "_selected_action": [tick_of(live)]}
        asked = desk.post(LIST, ticked).context["form"]
        assert [value for value, _label in asked.fields["change"].choices] == offered
        if version > 2 and action == "schedule":
            do("cancel", live, start=NOW.replace(hour=12, minute=30))
            ticked["_selected_action"] = [tick_of(live)]
        desk.post(LIST, {**ticked, **said, "change": kind})
        shown = Publication.objects.latest("starts_at", "pk")
        assert (shown.revision, shown.change) == (version, kind)


@pytest.mark.parametrize("kind", ["typo", "legal", "x", "\0"])
def test_a_kind_of_change_that_is_of_one_text_only_is_not_said_of_several(
    desk_of, publisher, published, kind
):
    live = published("Live")
    rewrite(live, standfirst="More of it.")
    ticked = {"action": "publish", "_selected_action": [tick_of(live)], "answered": "1"}
    answer = desk_of(publisher).post(LIST, {**ticked, "change": kind})
    assert answer.status_code == 422
    assert "Publish a typo or a legal change on the story’s own page." in answer.content.decode()
    assert revision_shown(live) == 1


def test_several_are_scheduled_withdrawn_from_review_and_held(desk_of, managing_editor, write):
    one, two = in_review(write("One")), in_review(write("Two"))
    desk = desk_of(managing_editor)

    def send(**data):
        desk.post(LIST, {"_selected_action": [tick_of(one), tick_of(two)], **data})

    send(action="withdraw")
    assert {status(one), status(two)} == {"draft"}
    send(action="schedule", answered="1", at="2026-06-19T18:00")
    assert Publication.objects.filter(starts_at__gt=NOW).count() == 2
    send(action="hold", answered="1", reason="A court asked")
    assert set(Article.objects.values_list("held", flat=True)) == {True}
    assert not Publication.objects.exists()


def test_an_editor_is_not_offered_the_press_and_cannot_reach_it(desk_of, editor, write):
    story = write("New")
    desk = desk_of(editor)
    assert "publish" not in dict(desk.get(LIST).context["actions"])
    ticked = {"action": "publish", "_selected_action": [tick_of(story)], "answered": "1"}
    page = desk.post(LIST, ticked, follow=True).content.decode()
    assert "Not done to 1 story:" in page
    assert not Publication.objects.exists()


# --- What was looked at -------------------------------------------------------------------------

STALE = "A colleague was quicker. Look at it again."


@pytest.mark.parametrize("action", ["submit", "withdraw", "approve", "send_back"])
def test_a_text_that_was_saved_since_it_was_looked_at_is_not_decided_on(
    desk_of, managing_editor, write, action
):
    story = write("Flood") if action == "submit" else in_review(write("Flood"))
    other = write("Other") if action == "submit" else in_review(write("Other"))
    desk, ticks = desk_of(managing_editor), [tick_of(story), tick_of(other)]
    rewrite(story, standfirst="What nobody looked at.")
    before = status(story)
    data = {"action": action, "_selected_action": ticks, "answered": "1", "reason": "Why"}
    page = desk.post(LIST, data, follow=True).content.decode()
    assert f"“Flood”: {STALE}" in page
    assert status(story) == before
    assert status(other) != before  # each story on its own


@pytest.mark.parametrize("action", ["publish", "schedule"])
def test_what_goes_out_is_the_text_that_was_looked_at(desk_of, managing_editor, write, action):
    story, desk = write("Flood"), desk_of(managing_editor)
    ticked = {"action": action, "_selected_action": [tick_of(story)]}
    rewrite(story, standfirst="What nobody looked at.")
    asked = desk.post(LIST, ticked)
    assert asked.status_code == 200
    (ticks,) = [[one.value for one in asked.context["ticked"]]]
    assert f'value="{ticks[0]}"' in asked.content.decode()
    rewrite(story, standfirst="Nor at this.")
    answers = {"answered": "1", "at": "2026-06-19T18:00"}
    desk.post(LIST, {"action": action, "_selected_action": ticks, **answers})
    assert Publication.objects.get().revision == 1


@pytest.mark.parametrize("action", ["publish", "hold", "unpublish"])
def test_what_a_colleague_pressed_meanwhile_is_not_pressed_over(
    desk_of, managing_editor, published, action
):
    story, desk = published("Flood"), desk_of(managing_editor)
    rewrite(story, standfirst="More.")
    ticked = {"action": action, "_selected_action": [tick_of(story)]}
    do("set_end", story, at=None)
    before = everything()
    answers = {"answered": "1", "change": "update", "reason": "Why"}
    page = desk.post(LIST, {**ticked, **answers}, follow=True).content.decode()
    assert f"“Flood”: {STALE}" in page
    assert everything() == before
    assert revision_shown(story) == 1


def test_the_lists_ticks_say_what_each_story_is_on_that_page(desk_of, editor, published):
    story = published("Flood")
    rewrite(story, standfirst="More.")
    page = desk_of(editor).get(LIST).content.decode()
    assert f'value="{story.pk}:2:1"' in page
    assert tick_of(story) == f"{story.pk}:2:1"
