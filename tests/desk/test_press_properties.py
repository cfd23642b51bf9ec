"""Whatever is done to a story in whatever order: what must be true of the press stays true.

PRESS_EXAMPLES=2000 makes it try that many stories, new ones each time.
"""

import os
from datetime import timedelta
from random import Random

import pytest
from django.core.exceptions import ValidationError
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

from articles.desk import press, revisions, soundness
from articles.desk.revisions import Stale, Values
from articles.desk.sheet import Pending
from articles.models import Author, ListRow, Publication, Section, Tag
from articles.states import VERBS, EndsAs, PublicState
from tests import indexed
from tests.conftest import NOW, PROGRAM, named
from tests.desk import verdicts
from tests.desk.observed import Observed

EXAMPLES = int(os.environ.get("PRESS_EXAMPLES", "60"))
SETTINGS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=25,
    deadline=None,
    derandomize="PRESS_EXAMPLES" not in os.environ,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)

ZERO, MICROSECOND, SECOND = timedelta(), timedelta(microseconds=1), timedelta(seconds=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# Mostly a clock that is right; sometimes one that is behind, as far as is allowed or farther.
behind = st.sampled_from(
    [ZERO] * 20 + [SECOND, 2 * SECOND, 2 * SECOND + MICROSECOND, 10 * SECOND, HOUR]
)
stale = st.sampled_from([0] * 30 + [-1, 1])
forward = st.sampled_from([ZERO] * 9 + [MICROSECOND, SECOND, SECOND, MINUTE, HOUR])
choices = st.sampled_from([Pending.KEEP, Pending.CANCEL, Pending.MERGE] * 3 + [None])
which = st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3, 4, -1])  # how far back; -1: one that is not there
ahead = st.sampled_from([SECOND, MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 5 * HOUR, DAY, DAY])
odd = st.sampled_from([MICROSECOND, ZERO, -MICROSECOND, -SECOND, -HOUR])
# At an edge of the story's line, or a microsecond beside it.
edge = st.tuples(st.integers(0, 9), st.sampled_from([ZERO, ZERO, -MICROSECOND, MICROSECOND]))
moments = st.one_of(ahead, ahead, ahead, odd, edge)
ends = st.one_of(st.none(), st.none(), st.none(), ahead, ahead, odd, edge)
nth = st.integers(0, 3)
reasons = st.sampled_from(["A court said so"] * 6 + [" "])

# Erasing is for ever: tests/desk/test_erase.py.
PRESS = sorted(name for name, verb in VERBS.items() if verb.is_press and name != "erase")
PARAGRAPHS = "<p>Paragraph 0 A.</p><p>Paragraph 1 A.</p><p>Paragraph 2 A.</p>"
bodies = st.one_of(
    st.builds(
        lambda *letters: "".join(f"<p>Paragraph {n} {x}.</p>" for n, x in enumerate(letters)),
        *[st.sampled_from("AAB")] * 3,
    ),
    st.sampled_from([PARAGRAPHS] * 6 + [""]),
)


class Press(RuleBasedStateMachine):
    """One story, everything that can be done to it, and a clock."""

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.sections = list(Section.objects.values_list("pk", flat=True))
        self.authors = list(Author.objects.values_list("pk", flat=True))
        self.tags = list(Tag.objects.values_list("pk", flat=True))
        self.clock, self.done = NOW, 1  # creating it is a verb as well

    def teardown(self):
        faults = list(soundness.faults(self.clock))
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        assert faults == []

    @initialize(seed=st.integers(0, 2**32))
    def create(self, seed):
        values = Values("Harbour Opens", self.sections[0], body=PARAGRAPHS)
        self.story = revisions.create(values, by=PROGRAM, now=self.clock).pk
        self.random = Random(seed)
        self.now = Observed.look(self.story)

    def moment(self, picked, since=None):
        """Turn what was drawn into a moment: an edge, or so long after `since` (the clock)."""
        if not isinstance(picked, tuple):
            return None if picked is None else (since or self.clock) + picked
        ends = [row[end] for row in self.now.versions for end in ("starts_at", "ends_at")]
        edges = sorted({self.clock, *(end for end in ends if end)})
        return edges[-1 - picked[0] % len(edges)] + picked[1]

    def scheduled(self, n):
        """The start of the nth of what is scheduled; some moment, if nothing is."""
        starts = [row["starts_at"] for row in self.now.pending(self.clock)]
        return starts[n % len(starts)] if starts else self.clock + HOUR

    def revision(self, draw):
        version, back = self.now.article["version"], draw(which)
        return version + 1 if back < 0 else version - back % version

    def press(self, draw, verb, *args, **values):
        """Press a verb; whether it was done or refused has to be what the rules say."""
        before, clock, is_stale = self.now, self.clock - draw(behind), draw(stale)
        seen = before.article["pressed"] + is_stale
        case = verdicts.Case(verb, before, clock, is_stale != 0, args, values)
        verdict = verdicts.verdict(case)
        refusal = None
        try:
            getattr(press, verb)(self.story, *args, by=PROGRAM, seen=seen, now=clock, **values)
        except (Stale, ValidationError) as raised:
            refusal = raised
        connection.check_constraints()
        self.now = Observed.look(self.story)
        if refusal is not None:
            assert self.now.tables == before.tables, f"{verb} was refused and changed something"
            assert verdict != verdicts.DONE, f"{verb} was refused: {refusal!r}"
            return
        assert verdict != verdicts.REFUSED, f"{verb} ought to have been refused"
        self.done += 1
        verdicts.check(case, self.now, self.sampled(before))

    def sampled(self, *observed):
        """Moments to look at: every edge, those just beside it, and some at random."""
        edges = set().union(*(one.edges() for one in (self.now, *observed)))
        some = {
            self.clock + timedelta(seconds=self.random.randint(-90000, 90000)) for _ in range(5)
        }
        return sorted(edges | some | {self.clock})

    # --- What can be done ---------------------------------------------------------------------

    @rule(data=st.data(), step=forward)
    def something_happens(self, data, step):
        """One thing: as a rule one that the story's state allows, now and then any."""
        # One rule that draws what is done: Hypothesis turns whole rules off for a run, and most
        # runs would be of refusals.
        self.clock += step
        possible = [*["save"] * 3, "anything", *self.sensible() * 2]
        action = data.draw(st.sampled_from(possible), label="what")
        getattr(self, action)(data.draw)

    def anything(self, draw):
        getattr(self, draw(st.sampled_from(PRESS)))(draw)

    def sensible(self):
        state, waiting = self.now.state(self.clock), self.now.pending(self.clock)
        if state in verdicts.TAKEN_DOWN:
            return ["restore", "restore"]
        verbs = ["publish", "schedule", "schedule_one_more", "schedule_one_more"]
        verbs += ["what_is_scheduled_begins", "update_scheduled", "move", "cancel"] * bool(waiting)
        verbs += ["set_end"] * bool(waiting or state == PublicState.LIVE)
        article = self.now.article
        if article["held"]:
            return ["lift_hold", "lift_hold", "publish", "cancel", "take_down"]
        if article["embargo"] and article["embargo"] > self.clock:
            verbs += ["break_embargo", "break_embargo"]
        verbs += ["hold", "embargo"] * (self.random.random() < 0.3)
        if state == PublicState.NEVER or len(waiting) > 1:
            return [*verbs, "publish"]
        return [*verbs, "take_down", *["unpublish"] * (state == PublicState.LIVE)]

    def what_is_scheduled_begins(self, draw):
        beside = draw(st.sampled_from([ZERO, ZERO, -MICROSECOND, MICROSECOND, SECOND]))
        self.clock = max(self.clock, self.scheduled(draw(nth)) + beside)

    def save(self, draw):
        before, is_stale = self.now, draw(stale)
        signed, tagged = draw(st.permutations(self.authors)), draw(st.integers(0, 3))
        values = Values(
            draw(st.sampled_from(["Harbour Opens", "Harbour Closes"])),
            draw(st.sampled_from(self.sections)),
            body=draw(bodies),
            slug=draw(st.sampled_from(["", "", "", "harbour", "quay"])),
            authors=signed[: draw(st.integers(0, 2))],
            tags=[tag for n, tag in enumerate(self.tags) if tagged >> n & 1],
        )
        seen = before.article["version"] + is_stale
        try:
            saved = revisions.save(self.story, values, by=PROGRAM, seen=seen, now=self.clock)
        except Stale:
            assert is_stale
        else:
            assert not is_stale
            assert saved.version in (seen, seen + 1)
        self.now = Observed.look(self.story)
        for table in ("Publication", "PublicationText", "ListRow", "Move", "Edition", "SlugClaim"):
            assert self.now.tables[table] == before.tables[table], f"a save wrote to {table}"

    def said(self, draw):
        """What is said of a change to a story that readers had."""
        change = draw(st.sampled_from(["update"] * 6 + ["correction", "typo", "legal", ""]))
        note = draw(st.sampled_from(["It was another harbour."] * 4 + [""]))
        return {"change": change, "note": note, "sure": True}

    def embargo(self, draw):
        self.press(draw, "embargo", until=self.moment(draw(moments)))

    def break_embargo(self, draw):
        self.press(draw, "break_embargo", reason=draw(reasons))

    def hold(self, draw):
        self.press(draw, "hold", reason=draw(reasons))

    def lift_hold(self, draw):
        self.press(draw, "lift_hold", reason=draw(reasons))

    def publish(self, draw):
        as_new = draw(st.sampled_from(["", "", "", "It is another story by now"]))
        values = {"revision": self.revision(draw), "pending": draw(choices), "as_new": as_new}
        self.press(draw, "publish", **values, **self.said(draw))

    def schedule(self, draw):
        at = self.moment(draw(moments))
        until, pending = self.moment(draw(ends), at), draw(choices)
        revision = self.revision(draw)
        values = {"revision": revision, "at": at, "until": until, "pending": pending}
        self.press(draw, "schedule", **values, **self.said(draw))

    def schedule_one_more(self, draw):
        starts = [row["starts_at"] for row in self.now.pending(self.clock)]
        at = max([self.clock, *starts]) + draw(ahead)
        until = self.moment(draw(ends), at)
        values = {"revision": self.revision(draw), "at": at, "until": until}
        self.press(draw, "schedule", **values, **self.said(draw))

    def update_scheduled(self, draw):
        start = self.scheduled(draw(nth))
        values = {"revision": self.revision(draw), **self.said(draw)}
        self.press(draw, "update_scheduled", start, **values)

    def move(self, draw):
        start = self.scheduled(draw(nth))
        to = self.moment(draw(st.one_of(ahead.map(lambda by: -by), moments)), start)
        self.press(draw, "move", start, to=to)

    def cancel(self, draw):
        self.press(draw, "cancel", self.scheduled(draw(nth)))

    def set_end(self, draw):
        starts = [row["starts_at"] for row in self.now.line(self.clock)]
        self.press(draw, "set_end", at=self.moment(draw(ends), max([self.clock, *starts])))

    def unpublish(self, draw):
        self.press(draw, "unpublish", reason=draw(reasons))

    def take_down(self, draw):
        how = draw(st.sampled_from([EndsAs.GONE, EndsAs.VANISHED]))
        self.press(draw, "take_down", how=how, reason=draw(reasons), authority="A court")

    def restore(self, draw):
        values = {"revision": self.revision(draw), "reason": draw(reasons)}
        self.press(draw, "restore", **values, **self.said(draw))

    # --- What is always true ------------------------------------------------------------------

    @invariant()
    def the_line_is_whole(self):
        verdicts.check_line(self.now, self.clock)

    @invariant()
    def lists_show_what_is_shown(self):
        for t in self.sampled():
            assert self.now.listed(t) == self.now.places(t), f"at {t}"

    @invariant()
    def a_card_is_of_what_is_live(self):
        for t in self.sampled():
            if self.now.listed(t):
                assert self.now.newest_begun(t)["id"] == self.now.shown_id(t), f"at {t}"

    @invariant()
    def every_verb_done_has_its_move(self):
        assert len(self.now.moves) == self.done
        assert self.now.article["pressed"] == self.done - 1

    @invariant()
    def the_database_answers_the_same(self):
        for t in self.random.sample(self.sampled(), 1):
            shown = Publication.objects.at(t).filter(article=self.story)
            assert [row.pk for row in shown] == [pk for pk in [self.now.shown_id(t)] if pk], t
            rows = ListRow.objects.at(t).filter(story=self.story)
            assert rows.count() == self.now.listed(t).total(), f"at {t}"

    @invariant()
    def the_readers_index_holds_each_version_once(self):
        indexed.check(self.clock)


@pytest.mark.django_db
def test_whatever_is_done_the_press_keeps_its_rules():
    for name in ("Ilse Hartmann", "Jonas Weber"):
        named(Author(name=name, slug=name.split()[0].lower()))
    for name in ("ports", "rivers"):
        named(Tag(name=name, slug=name))
    run_state_machine_as_test(Press, settings=SETTINGS)


def test_the_states_the_machine_knows_are_all_there_are():
    assert set(PublicState) == verdicts.STANDING | verdicts.TAKEN_DOWN
