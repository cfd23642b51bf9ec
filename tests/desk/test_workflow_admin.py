"""A story's steps on the desk, posted to the admin: review, four eyes, hold, embargo, and who is
told what when a step comes too late."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from articles.desk import revisions
from articles.desk.revisions import Values
from articles.models import Article, Move, Publication
from tests.conftest import NOW, person
from tests.desk.pressing import do, line, rewrite

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def post(desk_of, clock):
    """Post a verb as someone who has just looked at the story."""

    def post(user, story, verb, **data):
        now = Article.objects.get(pk=story.pk)
        posted = {"seen": now.pressed, "revision": now.version, **data}
        return desk_of(user).post(f"/admin/articles/article/{story.pk}/verb/{verb}/", posted)

    return post


@pytest.fixture
def four_eyes(world):
    world.four_eyes = True
    world.save()
    return world


def status(story):
    return Article.objects.get(pk=story.pk).status


def said(answer):
    return answer.content.decode()


def test_a_story_goes_from_draft_to_ready_and_each_step_has_its_move(post, write, reporter, editor):
    story = write(by=reporter)
    assert post(reporter, story, "submit").status_code == 302
    assert post(editor, story, "approve").status_code == 302
    assert status(story) == "ready"
    moves = Move.objects.filter(article=story.pk).order_by("pk")
    assert list(moves.values_list("verb", "by", "revision")) == [
        ("create", reporter.pk, 1), ("submit", reporter.pk, 1), ("approve", editor.pk, 1),
    ]  # fmt: skip


def test_a_story_is_sent_back_with_a_reason_and_not_without(post, write, reporter, editor):
    story = write(by=reporter)
    post(reporter, story, "submit")
    refused = post(editor, story, "send_back", reason="  ")
    assert refused.status_code == 422
    assert status(story) == "in_review"
    post(editor, story, "send_back", reason="The figures need a source.")
    assert status(story) == "draft"
    assert Move.objects.get(verb="send_back").reason == "The figures need a source."


def test_who_comes_second_is_told_who_did_it_and_when(post, write, reporter, editor, publisher):
    story = write(by=reporter)
    post(reporter, story, "submit")
    post(editor, story, "approve")
    again = post(publisher, story, "approve")
    assert again.status_code == 409
    assert "is ready already: Editor did that on 19 Jun 2026, 12:00" in said(again)
    assert Move.objects.filter(verb="approve").count() == 1


@pytest.mark.parametrize("verb", ["submit", "withdraw", "approve", "send_back"])
def test_a_step_is_taken_with_the_text_that_was_looked_at(post, write, editor, publisher, verb):
    story = write(by=editor)
    if verb != "submit":
        post(editor, story, "submit")
    before = status(story)
    rewrite(story, by=publisher, standfirst="What the editor has not seen.")
    answer = post(editor, story, verb, revision=1, reason="Why")
    assert answer.status_code == 409
    assert "The story was saved again while you had this open." in said(answer)
    assert status(story) == before
    assert post(editor, story, verb, revision=2, reason="Why").status_code == 302


# --- Four eyes --------------------------------------------------------------------------------


def test_who_changed_the_text_last_cannot_approve_it_where_four_eyes_are_asked(
    post, write, editor, publisher, four_eyes
):
    story = write(by=editor)
    post(editor, story, "submit")
    assert post(editor, story, "approve").status_code == 403
    assert status(story) == "in_review"
    assert post(publisher, story, "approve").status_code == 302


def test_elsewhere_they_can(post, write, editor):
    story = write(by=editor)
    post(editor, story, "submit")
    assert post(editor, story, "approve").status_code == 302


def test_a_change_of_tags_only_takes_nobodys_right_to_approve(
    post, write, reporter, editor, topic, four_eyes
):
    story = write(by=reporter)
    rewrite(story, by=editor, tags=[topic.pk])
    post(reporter, story, "submit")
    assert post(editor, story, "approve").status_code == 302


def test_an_approved_text_that_changes_is_in_review_again_under_four_eyes(
    post, write, reporter, editor, publisher, four_eyes
):
    story = write(by=reporter)
    post(reporter, story, "submit")
    post(editor, story, "approve")
    rewrite(story, by=publisher, standfirst="At last.")
    assert status(story) == "in_review"
    assert Move.objects.filter(verb="reopen", by=publisher.pk, revision=2).exists()


def test_a_reporters_change_to_an_approved_story_is_reviewed_in_any_section(
    post, write, reporter, editor
):
    story = write(by=reporter)
    post(reporter, story, "submit")
    post(editor, story, "approve")
    rewrite(story, by=editor, standfirst="At last.")
    assert status(story) == "ready"
    rewrite(story, by=reporter, standfirst="At long last.")
    assert status(story) == "in_review"


def test_only_an_approved_text_goes_out_under_four_eyes(post, write, editor, publisher, four_eyes):
    story = write(by=publisher)
    refused = post(publisher, story, "publish")
    assert refused.status_code == 409
    assert "a second person approves every text" in said(refused)
    post(publisher, story, "submit")
    post(editor, story, "approve")
    rewrite(story, by=publisher, standfirst="At last.")
    assert post(publisher, story, "publish").status_code == 409
    assert post(publisher, story, "publish", revision=1).status_code == 302


def test_a_managing_editor_passes_over_four_eyes_with_a_reason_and_a_publisher_does_not(
    post, write, publisher, managing_editor, four_eyes
):
    story = write(by=publisher)
    assert post(publisher, story, "publish", override="It is late").status_code == 403
    assert post(managing_editor, story, "publish", override="It is late").status_code == 302
    assert Move.objects.get(verb="publish").details["override"] == "It is late"


def test_the_import_of_a_paper_asks_for_no_colleague(write, four_eyes):
    story = write()
    do("publish", story, revision=1)
    assert Publication.objects.at(NOW).filter(article=story.pk).exists()


# --- Hold and embargo -------------------------------------------------------------------------


def test_a_hold_cancels_what_is_scheduled_and_lifting_it_brings_nothing_back(
    post, published, managing_editor, publisher
):
    story = published()
    do("schedule", story, revision=1, at=NOW + HOUR)
    post(managing_editor, story, "hold", reason="Counsel is reading it")
    assert [end for _n, _start, end, _as in line(story)] == [None]
    cancelled = Move.objects.get(verb="hold").details["cancelled"]
    assert cancelled == [(NOW + HOUR).isoformat()]
    assert post(publisher, story, "publish", change="update").status_code == 409
    assert post(publisher, story, "unpublish", reason="Counsel says so").status_code == 302
    post(managing_editor, story, "lift_hold", reason="It is fine")
    assert not Publication.objects.filter(article=story.pk, starts_at__gt=NOW).exists()
    assert post(publisher, story, "publish").status_code == 302


def test_a_held_story_is_not_held_again_and_the_sentence_says_so(post, write, managing_editor):
    story = write()
    post(managing_editor, story, "hold", reason="Counsel is reading it")
    again = post(managing_editor, story, "hold", reason="Counsel is reading it")
    assert again.status_code == 409
    assert "is held already" in said(again)


def test_a_held_story_is_not_deleted(write, managing_editor, desk_of, clock):
    story = write()
    do("hold", story, reason="Counsel is reading it")
    with pytest.raises(ValidationError, match="is held"):
        revisions.discard(story.pk, by=managing_editor, now=NOW)
    delete = f"/admin/articles/article/{story.pk}/delete/"
    assert desk_of(managing_editor).post(delete, {"post": "yes"}).status_code == 403
    assert Article.objects.filter(pk=story.pk).exists()


def test_an_embargo_cancels_what_is_scheduled_before_it_and_keeps_the_rest(post, write, editor):
    story = write()
    rewrite(story, standfirst="At last.")
    do("schedule", story, revision=1, at=NOW + HOUR)
    do("schedule", story, revision=2, at=NOW + 5 * HOUR)
    assert post(editor, story, "embargo", until="2026-06-19T15:00").status_code == 302
    assert [start for _n, start, _end, _as in line(story)] == [NOW + 5 * HOUR]
    assert Article.objects.get(pk=story.pk).embargo == datetime(2026, 6, 19, 9, 30, tzinfo=UTC)
    assert "embargo until today 15:00" in said(
        post(editor, story, "embargo", until="2026-06-19T12:30")
    )


def test_an_embargo_in_force_is_prolonged_by_an_editor_and_broken_by_who_may_with_a_reason(
    post, write, editor, publisher, managing_editor
):
    story = write()
    post(editor, story, "embargo", until="2026-06-19T15:00")
    assert post(editor, story, "embargo", until="2026-06-19T14:00").status_code == 409
    assert post(editor, story, "embargo", until="2026-06-19T16:00").status_code == 302
    assert post(publisher, story, "break_embargo", reason="It is out").status_code == 403
    assert post(managing_editor, story, "break_embargo", reason="").status_code == 422
    assert post(publisher, story, "publish").status_code == 409
    assert post(managing_editor, story, "break_embargo", reason="It is out").status_code == 302
    assert post(publisher, story, "publish").status_code == 302


def test_a_story_is_scheduled_for_the_very_moment_its_embargo_ends(post, write, editor, publisher):
    story = write()
    post(editor, story, "embargo", until="2026-06-19T15:00")
    assert post(publisher, story, "schedule", at="2026-06-19T14:59").status_code == 409
    assert post(publisher, story, "schedule", at="2026-06-19T15:00").status_code == 302


def test_moving_what_is_scheduled_does_not_bring_it_before_the_embargo(
    post, write, editor, publisher
):
    story = write()
    post(editor, story, "embargo", until="2026-06-19T15:00")
    post(publisher, story, "schedule", at="2026-06-19T16:00")
    start = Publication.objects.get().starts_at.isoformat()
    assert post(publisher, story, "move", start=start, to="2026-06-19T14:00").status_code == 409
    assert Publication.objects.get().starts_at.isoformat() == start


# --- Every change to what readers have had is typed -------------------------------------------


def test_a_change_to_a_live_story_says_what_kind_it_is(post, published, publisher, client):
    story = published()
    rewrite(story, body="<p>The harbour opened on Tuesday, at noon.</p>")
    refused = post(publisher, story, "publish")
    assert refused.status_code == 409
    assert "Say what kind of change this is" in said(refused)
    assert post(publisher, story, "publish", change="update").status_code == 302
    assert Publication.objects.at(NOW).get(article=story.pk).change == "update"


@pytest.mark.parametrize("kind", ["correction", "clarification"])
def test_a_correction_or_clarification_needs_its_public_note(post, published, publisher, kind):
    story = published()
    rewrite(story, body="<p>The harbour opened on Monday.</p>")
    refused = post(publisher, story, "publish", change=kind)
    assert refused.status_code == 409
    assert "Tell readers" in said(refused)
    post(publisher, story, "publish", change=kind, note="It was Monday.")
    shown = Publication.objects.at(NOW).get(article=story.pk)
    assert (shown.change, shown.note) == (kind, "It was Monday.")
    assert Move.objects.first().details["note"] == "It was Monday."


def test_a_legal_change_needs_its_reason(post, published, publisher):
    story = published()
    rewrite(story, body="<p>The harbour opened.</p>")
    assert post(publisher, story, "publish", change="legal").status_code == 409
    assert post(publisher, story, "publish", change="legal", reason="Counsel").status_code == 302


def test_a_typo_that_looks_like_more_is_asked_back_and_what_it_looked_like_is_kept(
    post, published, publisher
):
    story = published(body="<p>The harbour cost 12 million crowns.</p>")
    rewrite(story, body="<p>The harbour cost 21 million crowns.</p>")
    refused = post(publisher, story, "publish", change="typo")
    assert refused.status_code == 409
    assert "looks like more than a typo" in said(refused)
    assert "12" in said(refused)
    assert 'type="checkbox" name="sure"' in said(refused)
    assert post(publisher, story, "publish", change="typo", sure="on").status_code == 302
    assert Move.objects.first().details["looked_like_more"]


@pytest.mark.parametrize(
    ("kind", "moves"),
    [
        ("typo", False), ("clarification", False), ("legal", False),
        ("update", True), ("correction", True),
    ],
)  # fmt: skip
def test_the_updated_time_moves_for_an_update_and_a_correction_only(
    post, published, publisher, kind, moves
):
    story = published()
    first = Publication.objects.get(article=story.pk).updated_at
    rewrite(story, body="<p>The harbor opened on Tuesday.</p>")
    said = {"change": kind, "note": "So it is.", "reason": "Counsel", "sure": "on"}
    post(publisher, story, "publish", **said)
    updated = Publication.objects.at(NOW).get(article=story.pk).updated_at
    assert updated == (NOW if moves else first)


def test_publishing_again_what_readers_had_asks_nothing(post, published, publisher):
    story = published()
    do("unpublish", story)
    assert post(publisher, story, "publish").status_code == 302


def test_a_save_writes_nothing_that_readers_see(post, published, editor, client):
    story = published()
    values = Values("Harbour Closes", story.section_id, body="<p>It closed.</p>")
    revisions.save(story.pk, values, by=editor, seen=1, now=NOW)
    assert b"Harbour Closes" not in client.get("/world/harbour-opens/").content
    assert person("Reporter").has_perm("articles.view_article")
