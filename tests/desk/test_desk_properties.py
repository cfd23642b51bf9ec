"""Whatever three people do to a story in whatever order: what must be true of the desk stays true.

There is no model of what ought to succeed here (tests/desk/test_press_properties.py has one of
the press): each verb succeeds or changes nothing, and what is always true is looked at after it.
PRESS_EXAMPLES=2000 makes it try that many stories, new ones each time.
"""

import os
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from accounts.roles import ROLES
from articles.desk import overview, press, revisions, soundness, together, workflow
from articles.desk.merge import Choice
from articles.desk.revisions import Stale, Values
from articles.desk.sheet import Pending
from articles.models import Article, Move, Publication, Revision, RevisionKind, Section, Tag
from articles.states import VERBS, DeskStatus, EndsAs, PublicState
from tests.conftest import NOW, named, person
from tests.desk import draws
from tests.desk.pressing import HOUR, MICROSECOND, everything, working_copy

IS_LONG = "PRESS_EXAMPLES" in os.environ
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
SETTINGS = settings(
    max_examples=int(os.environ.get("PRESS_EXAMPLES", "40")),
    stateful_step_count=25,
    deadline=None,
    derandomize=not IS_LONG,
    # Shrinking takes many minutes: only where somebody waits for it.
    phases=[*PHASES, Phase.shrink] if IS_LONG else PHASES,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
REFUSALS = (PermissionDenied, ValidationError, Stale)
PERMISSIONS = {role.name: role.permissions for role in ROLES}
PEOPLE = ("Reporter", "Editor", "Managing editor")
STEPS = ("submit", "withdraw", "send_back", "approve")
# Each shows a revision that it is told by number.
PRINTS = ("publish", "schedule", "update_scheduled", "restore")
# What the reporter may do to their own story; nothing of the press is among it.
THEIR_OWN = {"save", "join", "restore an old one", "submit", "withdraw"}

ANYTHING = ("lift_hold", "restore", "break_embargo", "unpublish", "set_end", "update_scheduled")

# The press is mostly the managing editor's, who may do everything.
PRESSERS = (*["Managing editor"] * 8, "Editor", "Reporter")
PARAGRAPHS = [f"Paragraph {n} of the harbour." for n in range(4)]


class Desk(RuleBasedStateMachine):
    """One story of a reporter's, three people, and a clock."""

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.people = {user.display_name: user for user in User.objects.all()}
        self.plain, self.strict = Section.objects.order_by("pk")[:2]
        self.tags = list(Tag.objects.values_list("pk", flat=True))
        self.clock, self.words = NOW, 0
        self.done, self.named, self.approved = Counter({"create": 1}), set(), set()

    def teardown(self):
        faults = list(soundness.faults(self.clock))
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        assert faults == []

    @initialize(seed=st.integers(0, 2**32))
    def create(self, seed):
        self.random = Random(seed)
        Section.objects.filter(pk=self.strict.pk).update(four_eyes=True)
        begun_in = self.random.choice([self.plain.pk, self.plain.pk, self.strict.pk])
        body = "".join(f"<p>{words}</p>" for words in PARAGRAPHS)
        values = Values("Harbour Opens", begun_in, body=body)
        self.story = revisions.create(values, by=self.people["Reporter"], now=self.clock).pk
        colleagues = Values("Tides Rise", self.plain.pk, body=body)
        made = revisions.create(colleagues, by=self.people["Editor"], now=self.clock)
        self.colleagues = made.pk
        self.rows = everything()

    # --- Trying a verb ------------------------------------------------------------------------

    def anybody(self, roles):
        # Not Hypothesis: it likes the first of them far too well.
        return self.random.choice(roles)

    @property
    def article(self):
        return Article.objects.get(pk=self.story)

    def attempt(self, name, role, verb, *args, **values):
        """Do a thing, or see it refused: then no row of any table is another."""
        by = self.people[role]
        try:
            verb(*args, by=by, now=self.clock, **values)
        except REFUSALS:
            self.was, self.rows = self.rows, everything()
            assert self.rows == self.was, f"{name} was refused and changed something"
            return False
        connection.check_constraints()  # PostgreSQL looks for overlaps at a commit
        self.was, self.rows = self.rows, everything()
        assert role != "Reporter" or name in THEIR_OWN, f"a reporter did {name}"
        if name in VERBS:
            assert VERBS[name].permission in PERMISSIONS[role], f"{role} did {name}"
            self.done[name] += 1
        return True

    def typed(self, role, name, verb, *args, **values):
        """Do what changes the working copy; an approved text is looked at again."""
        before = self.article
        if not self.attempt(name, role, verb, self.story, *args, **values):
            return
        after = self.article
        if after.status != before.status:
            assert (before.status, after.status) == (DeskStatus.READY, DeskStatus.IN_REVIEW)
            self.done["reopen"] += 1
        for table in ("Publication", "PublicationText", "ListRow", "Edition", "SlugClaim"):
            assert self.rows[table] == self.was[table], f"{name} wrote to {table}"

    def press(self, draw, verb, *args, **values):
        """Press a verb, and see that what may not begin did not."""
        before, role = self.article, self.anybody(PRESSERS)
        values["seen"] = before.pressed + draw(draws.stale)
        if not self.attempt(verb, role, getattr(press, verb), self.story, *args, **values):
            return
        written = set(self.numbers(self.rows)) - set(self.numbers(self.was))
        assert not written or values.get("pending") == Pending.MERGE, f"{verb} wrote {written}"
        if verb in PRINTS:
            # What was merged into something scheduled is what the verb said, too.
            merged = Revision.objects.filter(number__in=written, kind=RevisionKind.BESIDE)
            self.named |= {values["revision"], *merged.values_list("number", flat=True)}
            self.look_for_four_eyes(values)
        self.look_at_what_begins(before)

    def numbers(self, rows):
        return [row["number"] for row in rows["Revision"] if row["article_id"] == self.story]

    def look_at_what_begins(self, before):
        was, begins = self.begins(self.was), self.begins(self.rows)
        now = self.article
        if before.held and now.held:
            assert begins <= was, "something begins while the story is held"
        if before.embargo and now.embargo:
            early = {start for _revision, start in begins - was if start < before.embargo}
            assert not early, "something begins under the embargo"
        if now.held or now.embargo:
            early = [s for _number, s in begins if s > self.clock and (now.held or s < now.embargo)]
            assert not early, "something is scheduled for a time at which nothing may go out"

    def begins(self, rows):
        """Which revision begins when, of every version of some length."""
        return {
            (row["revision"], row["starts_at"])
            for row in rows["Publication"]
            if row["article_id"] == self.story and row["ends_at"] != row["starts_at"]
        }

    def look_for_four_eyes(self, values):
        snapshot = revisions.snapshot(self.story, values["revision"])
        # What went out, or was to, at that very moment does so no second time.
        begin = {number for number, _start in self.begins(self.rows) - self.begins(self.was)}
        if values["override"] or values["revision"] not in begin:
            return
        if Section.objects.get(pk=snapshot["section"]).four_eyes:
            assert self.text(snapshot) in self.approved, "it went out on two eyes"

    def text(self, snapshot):
        return tuple(snapshot[part] for part in revisions.TEXT)

    # --- What can be done ---------------------------------------------------------------------

    @rule(data=st.data(), step=draws.forward)
    def something_happens(self, data, step):
        """One thing: as a rule one that the story's state allows, now and then any."""
        # One rule that draws what is done: Hypothesis turns whole rules off for a run, and most
        # runs would be of refusals.
        self.clock += step
        possible = [*self.sensible() * 4, *ANYTHING]
        action = data.draw(st.sampled_from(self.random.sample(possible, 3)), label="what")
        getattr(self, action)(data.draw)

    def sensible(self):
        article = self.article
        seen = overview.overview(article, self.clock)
        names = ["save", "save", "save", "step", "step", "restore_an_old_one", "intrude"]
        names += ["step"] * 4 if article.status != DeskStatus.READY else ["save"] * 6
        names += ["join"] * 2 * article.revisions.filter(kind=RevisionKind.BESIDE).exists()
        verbs = ["publish", "publish", "publish", "schedule", "schedule", "embargo", "hold"]
        if article.held:
            verbs = ["lift_hold", "lift_hold", "publish", "schedule"]
        elif article.embargo and article.embargo > self.clock:
            verbs = ["break_embargo", "hold", *["publish", "publish", "schedule"] * 4]
        if seen.state in (PublicState.GONE, PublicState.VANISHED):
            verbs = [*["lift_hold"] * article.held, "restore", "restore", "restore"]
        verbs += ["unpublish", "take_down", "set_end"] * (seen.state == PublicState.LIVE)
        verbs += ["update_scheduled", "update_scheduled", "move", "cancel"] * bool(seen.pending)
        return [*names, *verbs]

    def save(self, draw):
        article = self.article
        own = article.revisions.exclude(kind=RevisionKind.BESIDE).order_by("-number")
        numbers = list(own.values_list("number", flat=True)[:5])
        seen = numbers[draw(st.integers(0, 4)) % len(numbers)]
        typed = revisions.snapshot(self.story, seen) | self.changes(draw, seen)
        values = Values(**{key: typed[key] for key in typed if key != "schema"})
        self.typed(self.anybody(PEOPLE), "save", together.save, values, seen=seen)

    def changes(self, draw, seen):
        """What somebody types over a revision: words that nobody else has typed."""
        self.words += 1
        kinds = ["body", "body", "body", "headline", "section", "tags", "none"]
        what = draw(st.sampled_from(kinds))
        if what == "body":
            paragraphs = revisions.snapshot(self.story, seen)["body"].split("</p>")[:-1]
            nth = draw(st.integers(0, len(paragraphs) - 1))
            paragraphs[nth] += f" And word {self.words}."
            return {"body": "".join(f"{each}</p>" for each in paragraphs)}
        return {
            "headline": {"headline": f"Harbour Opens {self.words}"},
            "section": {"section": draw(st.sampled_from([self.plain.pk, self.strict.pk]))},
            "tags": {"tags": draw(st.permutations(self.tags))[: draw(st.integers(0, 2))]},
            "none": {},
        }[what]

    def join(self, draw):
        beside = self.article.revisions.filter(kind=RevisionKind.BESIDE).order_by("-number").first()
        if beside is None:
            return
        seen = self.article.version + draw(draws.stale)
        asked = together.sides(self.story, beside.number).merged.overlaps
        answers = {
            key: draw(st.sampled_from([*Choice][: 3 if key.startswith("body") else 2]))
            for key in asked
        }
        role = self.anybody(PEOPLE)
        self.typed(role, "join", together.choose, beside.number, answers, seen=seen)

    def restore_an_old_one(self, draw):
        number, seen = self.revision(draw), self.article.version + draw(draws.stale)
        role = self.anybody(PEOPLE)
        self.typed(role, "restore an old one", together.restore, number, seen=seen)

    def intrude(self, draw):
        """The reporter at a colleague's story: nothing of it is theirs."""
        values = Values("Mine Now", self.plain.pk, body="<p>Mine.</p>")
        before = Article.objects.get(pk=self.colleagues)
        what = draw(st.sampled_from(["save", *STEPS]))
        if what == "save":
            args = (together.save, self.colleagues, values)
            done = self.attempt("intrude", "Reporter", *args, seen=before.version)
        else:
            args = (workflow.take, what, self.colleagues)
            done = self.attempt("intrude", "Reporter", *args, reason="Mine")
        assert not done

    def step(self, draw):
        possible = [name for name in STEPS if self.article.status in VERBS[name].desk]
        name = draw(st.sampled_from([*possible * 3, *STEPS]))
        role, reason = self.anybody(PEOPLE), draw(draws.reasons)
        if self.attempt(name, role, workflow.take, name, self.story, reason=reason):
            assert self.article.status == VERBS[name].becomes
            if name == "approve":
                self.approved.add(self.text(working_copy(self.article)))

    def revision(self, draw):
        version, which = self.article.version, draw(draws.back)
        return version + 1 if which < 0 else version - which % version

    def scheduled(self, draw):
        pending = Publication.objects.filter(article=self.story, starts_at__gt=self.clock)
        starts = list(pending.order_by("starts_at").values_list("starts_at", flat=True))
        nth = draw(st.integers(0, 3))
        return starts[nth % len(starts)] if starts else self.clock + HOUR

    def said(self, draw):
        override = draw(st.sampled_from(["", "There is nobody else at this hour"]))
        return {
            "revision": self.revision(draw),
            "change": draw(draws.changes),
            "note": draw(draws.notes),
            "sure": draw(st.booleans()),
            "override": override,
        }

    def publish(self, draw):
        as_new = draw(st.sampled_from(["", "", "It is another story by now"]))
        self.press(draw, "publish", pending=draw(draws.choices), as_new=as_new, **self.said(draw))

    def schedule(self, draw):
        at, length = self.clock + draw(draws.ahead), draw(draws.ends)
        values = {"at": at, "until": length and at + length, "pending": draw(draws.choices)}
        self.press(draw, "schedule", **values, **self.said(draw))

    def update_scheduled(self, draw):
        self.press(draw, "update_scheduled", self.scheduled(draw), **self.said(draw))

    def move(self, draw):
        self.press(draw, "move", self.scheduled(draw), to=self.clock + draw(draws.ahead))

    def cancel(self, draw):
        self.press(draw, "cancel", self.scheduled(draw))

    def set_end(self, draw):
        length = draw(draws.ends)
        self.press(draw, "set_end", at=length and self.clock + length)

    def embargo(self, draw):
        self.press(
            draw, "embargo", until=self.clock + draw(st.sampled_from([draws.DAY, HOUR, -HOUR]))
        )

    def break_embargo(self, draw):
        self.press(draw, "break_embargo", reason=draw(draws.reasons))

    def hold(self, draw):
        self.press(draw, "hold", reason=draw(draws.reasons))

    def lift_hold(self, draw):
        self.press(draw, "lift_hold", reason=draw(draws.reasons))

    def unpublish(self, draw):
        self.press(draw, "unpublish", reason=draw(draws.reasons))

    def take_down(self, draw):
        how = draw(st.sampled_from([EndsAs.GONE, EndsAs.GONE, EndsAs.VANISHED]))
        self.press(draw, "take_down", how=how, reason=draw(draws.reasons), authority="A court")

    def restore(self, draw):
        self.press(draw, "restore", reason=draw(draws.reasons), **self.said(draw))

    # --- What is always true ------------------------------------------------------------------

    @invariant()
    def versions_do_not_overlap(self):
        line = Publication.objects.filter(article=self.story).order_by("starts_at", "pk")
        held = [row for row in line if row.starts_at != row.ends_at]
        for one, next_one in pairwise(held):
            assert one.ends_at is not None, "an open version is followed by another"
            assert one.ends_at <= next_one.starts_at, "two versions overlap"

    @invariant()
    def readers_see_what_was_named_and_nothing_else(self):
        line = list(Publication.objects.filter(article=self.story).select_related("text"))
        ends = {end for row in line for end in (row.starts_at, row.ends_at) if end}
        beside = (-MICROSECOND, 0 * MICROSECOND, MICROSECOND)
        edges = sorted(end + by for end in ends for by in beside)
        for t in [self.clock, *self.random.sample(edges, min(len(edges), 3))]:
            shown = list(Publication.objects.at(t).filter(article=self.story))
            assert len(shown) <= 1, f"two versions at {t}"
            for row in shown:
                assert row.revision in self.named, f"nobody named revision {row.revision}"
        for row in line:
            kept = revisions.snapshot(self.story, row.revision)
            printed = tuple(
                getattr(row.text if part in ("standfirst", "body") else row, part)
                for part in revisions.TEXT
            )
            assert printed == self.text(kept), "it was printed otherwise than it was typed"

    @invariant()
    def every_verb_done_has_its_move(self):
        moves = Move.objects.filter(article=self.story).values_list("verb", flat=True)
        assert Counter(moves) == +self.done

    @invariant()
    def the_newest_revision_is_the_working_copy(self):
        article = self.article
        assert revisions.snapshot(self.story, article.version) == working_copy(article)
        numbers = self.numbers(self.rows)
        assert sorted(numbers) == [*range(1, article.version + 1)]


@pytest.mark.django_db
def test_whatever_three_people_do_the_desk_keeps_its_promises():
    for role in PEOPLE:
        person(role)
    for name in ("ports", "rivers"):
        named(Tag(name=name, slug=name))
    run_state_machine_as_test(Desk, settings=SETTINGS)
