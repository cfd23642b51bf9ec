"""Every verb × every state × every role × own or other section, posted to the admin: only what
the table says is done, and anything else changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.test import Client

from articles.desk import press, revisions
from articles.desk.overview import overview
from articles.desk.revisions import Values
from articles.models import Article, Move, Publication, Section, SectionMember
from articles.states import VERBS, DeskStatus, EndsAs, PublicState, Standing
from tests.conftest import NOW, PROGRAM, person
from tests.desk.pressing import do

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LATER = NOW + 5 * HOUR
# Who may, by the newsroom's own words; the reporter wrote the story.
STEPS = {"submit", "withdraw"}
EDITS = STEPS | {"send_back", "approve", "embargo"}
PUBLISHES = EDITS | {
    "publish", "schedule", "update_scheduled", "move", "cancel", "set_end", "unpublish",
}  # fmt: skip
MANAGES = PUBLISHES | {"take_down", "restore", "hold", "lift_hold", "break_embargo", "erase"}
MAY = {
    "Reporter": STEPS,
    "Editor": EDITS,
    "Publisher": PUBLISHES,
    "Managing editor": MANAGES,
    "Administrator": set(),
}
POSTED = {
    "reason": "The figures need a source", "authority": "The court of Halvern", "how": "gone",
    "change": "update", "pending": "keep", "start": LATER.isoformat(), "to": "2026-06-19T20:00",
    "until": "2026-06-19T21:00", "confirmed": "on",
}  # fmt: skip
AT = {"schedule": "2026-06-19T19:00", "set_end": "2026-06-19T23:00"}


def the_state(public: PublicState, by: object) -> Article:
    """A story of World in a public state, written by someone."""
    world = Section.objects.get(slug="world").pk
    before = NOW - timedelta(days=1)
    values = Values("Harbour Opens", world, body="<p>The harbour opened.</p>")
    story = revisions.create(values, by=PROGRAM, now=before - HOUR)
    Article.objects.filter(pk=story.pk).update(created_by=by)
    if public == PublicState.NEVER:
        return story
    do("publish", story, revision=1, now=before)
    if public == PublicState.EXPIRED:
        do("set_end", story, at=NOW - HOUR, now=before)
    if public == PublicState.HIDDEN:
        do("unpublish", story, now=before + HOUR)
    if public in (PublicState.GONE, PublicState.VANISHED):
        do("take_down", story, how=EndsAs(public), reason="So it was said", now=before + HOUR)
    return story


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def look(story: Article) -> tuple:
    """What a verb could have changed."""
    moves = Move.objects.filter(article=story.pk).order_by("pk")
    versions = Publication.objects.filter(article=story.pk).order_by("pk")
    row = Article.objects.filter(pk=story.pk).values().get()
    return row, list(versions.values()), list(moves.values("pk", "verb"))


@pytest.fixture
def desks(clock, national) -> dict[tuple[str, str], Client]:
    """A browser for each role, working for World or for National only."""
    found = {}
    for role, where in product(MAY, ("world", "national")):
        email = f"{role}.{where}@newsroom.example".replace(" ", ".").lower()
        user = person(role, email=email, display_name=f"{role} of {where}")
        SectionMember.objects.create(user=user, section=Section.objects.get(slug=where))
        found[role, where] = Client()
        found[role, where].force_login(user)
        found[role, where].user = user
    return found


def post(desk: Client, story: Article, verb: str):
    now = Article.objects.get(pk=story.pk)
    data = {**POSTED, "seen": now.pressed, "revision": now.version, "at": AT.get(verb, "")}
    if verb == "schedule":
        data["until"] = ""
    return desk.post(f"/admin/articles/article/{story.pk}/verb/{verb}/", data)


def expected(verb: str, role: str, where: str, standing: Standing) -> bool:
    return verb in MAY[role] and where == "world" and standing.allows(VERBS[verb])


@pytest.mark.parametrize("is_pending", [False, True], ids=["nothing-scheduled", "scheduled"])
@pytest.mark.parametrize("public", PublicState)
@pytest.mark.parametrize("status", DeskStatus)
def test_only_the_tables_cells_succeed(desks, status, public, is_pending):
    story = the_state(public, by=desks["Reporter", "world"].user)
    if is_pending:
        if public in (PublicState.GONE, PublicState.VANISHED):
            return  # nothing can be scheduled of what was taken down: tried below, as a cell
        do("schedule", story, revision=1, at=LATER)
    Article.objects.filter(pk=story.pk).update(status=status)
    standing = overview(Article.objects.get(pk=story.pk), NOW).standing
    assert (standing.desk, standing.public, standing.is_pending) == (status, public, is_pending)
    before = look(story)  # and before each cell, since the one before it was rolled back
    for verb, (role, where) in product(VERBS, desks):
        cell = (verb, role, where)
        with undone():
            answer = post(desks[role, where], story, verb)
            after = look(story)
            if expected(*cell, standing):
                assert answer.status_code == 302, (cell, answer.content.decode()[-2000:])
                assert [move["verb"] for move in after[2]] == [
                    *(move["verb"] for move in before[2]), verb
                ], cell  # fmt: skip
                becomes = VERBS[verb].becomes or status
                assert after[0]["status"] == becomes, cell
            else:
                assert answer.status_code in (403, 404, 409, 422), cell
                assert after == before, cell


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_nothing_that_lets_a_story_out_is_done_while_it_is_held(desks, verb):
    story = the_state(PublicState.LIVE, by=None)
    do("hold", story, reason="Counsel is reading it")
    before = look(story)
    answer = post(desks["Managing editor", "world"], story, verb)
    if VERBS[verb].goes_out:
        assert answer.status_code == 409
        assert "is held" in answer.content.decode()
    if VERBS[verb].goes_out or answer.status_code != 302:
        assert look(story) == before


@pytest.mark.parametrize("verb", [name for name in VERBS if VERBS[name].goes_out])
def test_nothing_is_let_out_before_an_embargo(desks, verb):
    story = the_state(PublicState.GONE if verb == "restore" else PublicState.LIVE, by=None)
    if verb in ("update_scheduled", "move"):
        do("schedule", story, revision=1, at=LATER)
        # Set by a door that does not cancel what is scheduled: the press is asked, and refuses.
        Article.objects.filter(pk=story.pk).update(embargo=NOW + 9 * HOUR)
        world = story.section_id
        values = Values("Harbour Opens", world, body="<p>The harbour opened twice.</p>")
        revisions.save(story.pk, values, by=PROGRAM, seen=1, now=NOW)
    else:
        press.embargo(
            story.pk, until=NOW + 9 * HOUR, by=PROGRAM, now=NOW,
            seen=Article.objects.get(pk=story.pk).pressed,
        )  # fmt: skip
    before = look(story)
    answer = post(desks["Managing editor", "world"], story, verb)
    assert answer.status_code == 409
    assert "under embargo until" in answer.content.decode()
    assert look(story) == before


def test_a_reporter_takes_no_step_with_a_colleagues_story(desks):
    story = the_state(PublicState.NEVER, by=desks["Editor", "world"].user)
    for verb in STEPS:
        assert post(desks["Reporter", "world"], story, verb).status_code == 403


def test_an_erased_story_can_be_done_nothing_with(desks):
    story = the_state(PublicState.LIVE, by=None)
    do("erase", story, reason="A court said so", authority="The court of Halvern")
    for verb in VERBS:
        before = look(story)
        refused = post(desks["Managing editor", "world"], story, verb).status_code
        assert refused == (409 if VERBS[verb].is_press else 403), verb
        assert look(story) == before, verb
