"""A story's history: what is one line, what stands out, and that a page of it is bounded."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from articles.desk import history, revisions, sentences, workflow
from articles.desk.history import Kind
from articles.desk.revisions import Values
from articles.models import Article, Move, Publication, Revision
from articles.states import RULES, Change
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
ZONE = ZoneInfo("Asia/Kolkata")  # 5:30 ahead: NOW is noon there
MORNING = NOW - 3 * HOUR


def save(story, at, by=PROGRAM, note="", **changes):
    """Save a story at a moment with some of its values changed; return the revision's number."""
    article = Article.objects.get(pk=story.pk)
    held = revisions.snapshot(article.pk, article.version)
    saved = revisions.save(
        article.pk,
        Values.of({**held, **changes}),
        by=by,
        seen=article.version,
        now=at,
        note=note,
    )
    return saved.version


def lines(story, t=NOW, before=None):
    return history.lines(story.pk, before=before, t=t, zone=ZONE)


def told(story):
    """The history as (when, sentence), newest first."""
    return [(line.clock, line.what) for line in lines(story).lines]


def paragraphs(number):
    return "".join(f"<p>Paragraph {n} of it.</p>" for n in range(number))


@pytest.fixture
def story(write, reporter):
    return write(by=reporter, now=MORNING)


def test_saves_in_a_row_are_one_line_with_each_save_in_it(story, reporter):
    save(story, MORNING + 10 * MINUTE, reporter, body=story.body + paragraphs(1))
    save(story, MORNING + 30 * MINUTE, reporter, body=story.body + paragraphs(2))
    save(story, MORNING + 55 * MINUTE, reporter, headline="Harbour Opens Late", note="checked")
    run, begun = lines(story).lines
    assert (run.kind, run.clock) == (Kind.RUN, "09:10–09:55")
    assert run.what == "Reporter: +8 words, headline changed"
    assert run.why == "checked"
    assert [(one.number, one.clock, one.what) for one in run.saves] == [
        (4, "09:55", "headline changed"),
        (3, "09:30", "+4 words"),
        (2, "09:10", "+4 words"),
    ]
    assert (begun.what, begun.more) == ("Reporter began the story.", ("First text: +5 words.",))
    assert (begun.number, begun.day) == (1, "Today, 19 Jun 2026")


@pytest.mark.parametrize(
    ("pause", "is_one"), [(29 * MINUTE, True), (30 * MINUTE, True), (31 * MINUTE, False)]
)
def test_a_pause_of_more_than_half_an_hour_ends_a_run(story, reporter, pause, is_one):
    for n, at in enumerate((MORNING + MINUTE, MORNING + MINUTE + pause)):
        save(story, at, reporter, standfirst=f"Take {n}.")
    assert (len(lines(story).lines) == 2) is is_one


def test_another_person_ends_a_run(story, reporter, editor):
    for n, by in enumerate((reporter, editor, reporter)):
        save(story, MORNING + (n + 1) * MINUTE, by, standfirst=f"Take {n}.")
    assert [what for _when, what in told(story)][:3] == [
        "Reporter: standfirst changed",
        "Editor: standfirst changed",
        "Reporter: standfirst changed",
    ]


def test_a_step_between_two_saves_ends_a_run_and_gives_its_reason(story, reporter, editor):
    save(story, MORNING + MINUTE, reporter, standfirst="One.")
    workflow.take("submit", story.pk, by=reporter, now=MORNING + 2 * MINUTE)
    workflow.take("send_back", story.pk, by=editor, now=MORNING + 3 * MINUTE, reason="Who says so?")
    save(story, MORNING + 4 * MINUTE, reporter, standfirst="Two.")
    assert told(story) == [
        ("09:04", "Reporter: standfirst changed"),
        ("09:03", "Editor sent the story back."),
        ("09:02", "Reporter submitted revision 2 for review."),
        ("09:01", "Reporter: standfirst changed"),
        ("09:00", "Reporter began the story."),
    ]
    assert lines(story).lines[1].why == "Who says so?"


def test_a_correction_is_called_one_and_bears_its_public_note(published):
    story = published(at=MORNING)
    number = save(story, MORNING + HOUR, body="<p>The harbour opened on Wednesday.</p>")
    note = "It opened on Wednesday, not on Tuesday."
    do(
        "publish", story, revision=number, now=MORNING + 2 * HOUR,
        change=Change.CORRECTION, note=note,
    )  # fmt: skip
    corrected = lines(story).lines[0]
    assert corrected.what == "tests corrected the story with revision 2."
    assert corrected.more == (f"For readers: “{note}”",)


def test_steps_without_a_revision_stand_in_their_place_by_time(published):
    story = published(at=MORNING)
    number = save(story, MORNING + MINUTE, standfirst="There is news.")
    at = datetime(2026, 6, 20, 3, 30, tzinfo=UTC)
    do(
        "schedule", story, revision=number, at=at, now=MORNING + 2 * MINUTE, change=Change.UPDATE,
    )  # fmt: skip
    do("hold", story, reason="The lawyer reads it.", now=MORNING + 3 * MINUTE)
    save(story, MORNING + 4 * MINUTE, standfirst="There is other news.")
    _edited, held, scheduled, *_rest = lines(story).lines
    assert (held.what, held.why, held.number) == (
        "tests held the story.", "The lawyer reads it.", None,
    )  # fmt: skip
    assert held.more == ("What was scheduled for 20 Jun 2026, 09:00 was cancelled with it.",)
    assert scheduled.more == (
        "It goes out on 20 Jun 2026, 09:00.",
        "Kind of change: update: there is news.",
    )


def test_a_text_set_beside_is_a_line_and_the_working_copy_kept_again_is_none(story, editor):
    held = revisions.snapshot(story.pk, 1)
    revisions.set_beside(
        story.pk, {**held, "headline": "Another"}, by=editor, based_on=1, seen=1, now=NOW, note=""
    )
    beside, begun = lines(story).lines
    assert (beside.kind, beside.number) == (Kind.BESIDE, 2)
    assert beside.what == "Editor’s text was set beside the working copy: headline changed"
    assert begun.number == 1
    assert Article.objects.get(pk=story.pk).version == 3


def marks(story, t=NOW):
    return {number: mark.kind for line in lines(story, t).lines for number, mark in line.marks}


def test_what_readers_had_have_and_will_have_is_marked(published):
    story = published(at=MORNING)
    for n in range(2, 6):
        save(story, MORNING + n * MINUTE, standfirst=f"Take {n}.")
    update = {"change": Change.UPDATE}
    do("publish", story, revision=3, now=MORNING + HOUR, **update)
    do("schedule", story, revision=4, at=NOW + HOUR, now=MORNING + HOUR, **update)
    assert marks(story) == {1: "seen", 3: "live", 4: "scheduled"}
    assert marks(story, NOW + HOUR) == {1: "seen", 3: "seen", 4: "live"}


def test_a_version_of_no_length_was_had_by_nobody(published):
    story = published(at=MORNING)
    save(story, MORNING + MINUTE, standfirst="Wrong.")
    save(story, MORNING + MINUTE, standfirst="Right.")
    for number in (2, 3):
        do("publish", story, revision=number, now=MORNING + HOUR, change=Change.UPDATE)
    assert marks(story) == {1: "seen", 3: "live"}


def test_what_was_taken_down_is_marked_as_had_and_not_as_live(published):
    story = published(at=MORNING)
    do(
        "take_down", story, how="vanished", reason="A court.", authority="The court", now=NOW,
    )  # fmt: skip
    assert marks(story) == {1: "seen"}
    down = lines(story).lines[0]
    assert down.more == (
        "It vanished without a trace (404).", "On the authority of The court.",
    )  # fmt: skip


def test_a_version_that_is_withheld_is_had_by_nobody_now(published):
    story = published(at=MORNING)
    Publication.objects.filter(article=story).update(withheld=True)
    assert marks(story) == {1: "seen"}


@pytest.mark.parametrize("verb", [*RULES, "create", "reopen"])
def test_every_verb_has_a_sentence_with_or_without_details(verb):
    move = Move(verb=verb, by_name="Mara Aziz", revision=7, at=NOW)
    assert sentences.of_move(move).startswith("Mara Aziz ")
    assert f"“{verb}”" not in sentences.of_move(move)
    assert sentences.more_of_move(move, ZONE) == []  # erasure empties the details


def test_a_verb_that_is_not_in_the_table_is_named(db):
    move = Move(verb="bless", by_name="Mara Aziz", at=NOW)
    assert sentences.of_move(move) == "Mara Aziz did “bless”."


@pytest.mark.parametrize("change", list(Change))
def test_every_kind_of_change_has_a_sentence_of_its_own(change):
    move = Move(verb="publish", by_name="Mara Aziz", revision=7, details={"change": change})
    assert sentences.of_move(move) != "Mara Aziz published revision 7."


def test_a_revision_from_before_changes_were_written_down_says_that_it_was_saved(story, reporter):
    save(story, MORNING + MINUTE, reporter, standfirst="One.")
    Revision.objects.filter(number=2).update(changed={})
    assert told(story)[0] == ("09:01", "Reporter: saved")


def test_a_clock_that_was_behind_turns_no_order_over(story, reporter):
    save(story, MORNING + 10 * MINUTE, reporter, standfirst="One.")
    save(story, MORNING + 8 * MINUTE, reporter, standfirst="Two.")
    assert [one.number for one in lines(story).lines[0].saves] == [3, 2]


# --- Pages of it ----------------------------------------------------------------------------


def fill(story, saves, moves, step=7 * MINUTE):
    """Write many more revisions and Moves; every fifth save comes after a long pause."""
    held = Revision.objects.get(article=story.pk, number=1)
    start = MORNING - (saves + moves + 1) * HOUR
    Revision.objects.filter(pk=held.pk).update(at=start)
    Move.objects.filter(article=story.pk).update(at=start)
    ats = [start + n * step + n // 5 * HOUR for n in range(1, saves + 1)]
    Revision.objects.bulk_create(
        (
            Revision(
                article=story, number=n, fields=held.fields, body=held.body, at=at, based_on=n - 1,
                changed={"fields": ["headline"], "added": 1, "removed": 0}, by_name="Ada",
            )
            for n, at in enumerate(ats, start=2)
        ),
        batch_size=2000,
    )  # fmt: skip
    Move.objects.bulk_create(
        Move(
            at=start + (ats[-1] - start) * n / max(moves, 1), verb="hold", by_name="Bo",
            subject="x", article=story.pk, reason=str(n),
        )
        for n in range(moves)
    )  # fmt: skip
    Article.objects.filter(pk=story.pk).update(version=saves + 1)


@pytest.mark.parametrize(("saves", "moves"), [(3, 1), (900, 40), (40, 900), (700, 700), (650, 0)])
def test_pages_together_tell_everything_once(story, saves, moves):
    fill(story, saves, moves)
    numbers, steps, before = [], [], None
    for _page in range(20):
        page = lines(story, before=before)
        for line in page.lines:
            if line.kind == Kind.STEP:
                steps.append(line.why)
            else:
                numbers += [one.number for one in line.saves] or [line.number]
        before = page.older
        if before is None:
            break
    assert before is None
    assert [n for n in numbers if n > 1] == list(range(saves + 1, 1, -1))
    assert [why for why in steps if why] == [str(n) for n in reversed(range(moves))]


def test_a_run_is_not_cut_by_the_end_of_a_page(story):
    fill(story, 900, 0)
    before, whole = None, []
    while True:
        page = lines(story, before=before)
        whole += [len(line.saves) or 1 for line in page.lines if line.kind == Kind.RUN]
        before = page.older
        if before is None:
            break
    assert set(whole[1:-1]) == {5}


def test_a_run_longer_than_a_page_still_ends(story):
    fill(story, 1000, 0, step=timedelta(seconds=1))
    Revision.objects.filter(article=story.pk, number__gt=1).update(at=NOW)
    page, total = lines(story), 0
    while page.older:
        total += sum(len(line.saves) for line in page.lines)
        page = lines(story, before=page.older)
    total += sum(len(line.saves) or 1 for line in page.lines if line.kind == Kind.RUN)
    assert total == 1000


def test_a_place_is_read_from_an_address_or_not_at_all():
    assert history.Place.read("120-5512") == (120, 5512)
    for typed in ("", "120", "-", "a-b", "1-2-3", "1" * 10 + "-1", "1-" + "1" * 19, "१-१"):
        assert history.Place.read(typed) is None
