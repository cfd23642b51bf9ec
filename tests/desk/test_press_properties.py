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
    precondition,
    rule,
    run_state_machine_as_test,
)

from articles.desk import press, revisions
from articles.desk.revisions import Stale, Values
from articles.desk.sheet import Pending
from articles.models import Author, ListRow, Publication, Section, Tag
from articles.states import EndsAs, PublicState
from tests.conftest import NOW, PROGRAM
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
    [ZERO] * 12 + [SECOND, 2 * SECOND, 2 * SECOND + MICROSECOND, 10 * SECOND, HOUR]
)
stale = st.sampled_from([0] * 12 + [-1, 1])
forward = st.sampled_from([ZERO, ZERO, MICROSECOND, SECOND, MINUTE, HOUR, DAY])
choices = st.sampled_from([Pending.KEEP, Pending.CANCEL, Pending.MERGE, Pending.KEEP, None])
back = st.sampled_from([0] * 6 + [1, 1, 2, 3, 99])  # how many revisions before the newest
# A moment: so long after the clock, or at (or a microsecond beside) an edge of the story's line.
later = st.sampled_from([-SECOND, ZERO, MICROSECOND, SECOND, MINUTE, HOUR, 3 * HOUR, DAY])
edge = st.tuples(st.integers(0, 9), st.sampled_from([ZERO, ZERO, -MICROSECOND, MICROSECOND]))
moments = st.one_of(later, later, edge)
ends = st.one_of(st.none(), later, edge)
nth = st.integers(0, 3)

paragraph = st.sampled_from("ABC")
bodies = st.one_of(
    st.builds(
        lambda *letters: "".join(f"<p>Paragraph {n} {x}.</p>" for n, x in enumerate(letters)),
        *[paragraph] * 3,
    ),
    st.sampled_from(["<p>Paragraph 0 A.</p><p>Paragraph 1 A.</p><p>Paragraph 2 A.</p>"] * 3 + [""]),
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
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize(seed=st.integers(0, 2**32))
    def create(self, seed):
        values = Values("Harbour Opens", self.sections[0], body="<p>Paragraph 0 A.</p>")
        self.story = revisions.create(values, by=PROGRAM, now=self.clock).pk
        self.random = Random(seed)
        self.now = Observed.look(self.story)

    def moment(self, picked):
        """Turn what was drawn for a moment into one."""
        if not isinstance(picked, tuple):
            return None if picked is None else self.clock + picked
        ends = [row[end] for row in self.now.versions for end in ("starts_at", "ends_at")]
        edges = sorted({self.clock, *(end for end in ends if end)})
        return edges[-1 - picked[0] % len(edges)] + picked[1]

    def scheduled(self, n):
        """The start of the nth of what is scheduled; some moment, if nothing is."""
        starts = [row["starts_at"] for row in self.now.pending(self.clock)]
        return starts[n % len(starts)] if starts else self.clock + HOUR

    def revision(self, back):
        return max(self.now.article["version"] - back, 0)

    def press(self, verb, *args, stale=0, behind=ZERO, **values):
        """Press a verb; whether it was done or refused has to be what the rules say."""
        before, clock = self.now, self.clock - behind
        seen = before.article["pressed"] + stale
        case = verdicts.Case(verb, before, clock, stale != 0, args, values)
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

    @rule(step=forward)
    def time_passes(self, step):
        self.clock += step

    @precondition(lambda self: self.now.pending(self.clock))
    @rule(n=nth, beside=st.sampled_from([ZERO, ZERO, -MICROSECOND, MICROSECOND, SECOND]))
    def what_is_scheduled_begins(self, n, beside):
        self.clock = max(self.clock, self.scheduled(n) + beside)

    @rule(
        headline=st.sampled_from(["Harbour Opens", "Harbour Closes"]), body=bodies,
        section=st.integers(0, 1), slug=st.sampled_from(["", "", "", "harbour", "quay"]),
        authors=st.permutations([0, 1]), signed=st.integers(0, 2),
        tagged=st.integers(0, 3), stale=stale, behind=behind,
    )  # fmt: skip
    def save(self, headline, body, section, slug, authors, signed, tagged, stale, behind):
        before = self.now
        values = Values(
            headline, self.sections[section], body=body, slug=slug,
            authors=[self.authors[n] for n in authors[:signed]],
            tags=[tag for n, tag in enumerate(self.tags) if tagged >> n & 1],
        )  # fmt: skip
        seen, clock = before.article["version"] + stale, self.clock - behind
        try:
            saved = revisions.save(self.story, values, by=PROGRAM, seen=seen, now=clock)
        except Stale:
            assert stale
        else:
            assert not stale
            assert saved.version in (seen, seen + 1)
        self.now = Observed.look(self.story)
        for table in ("Publication", "PublicationText", "ListRow", "Move", "Edition", "SlugClaim"):
            assert self.now.tables[table] == before.tables[table], f"a save wrote to {table}"

    @rule(
        back=back, pending=choices, stale=stale, behind=behind,
        as_new=st.sampled_from(["", "", "It is another story by now"]),
    )  # fmt: skip
    def publish(self, back, **values):
        self.press("publish", revision=self.revision(back), **values)

    @rule(back=back, at=moments, until=ends, pending=choices, stale=stale, behind=behind)
    def schedule(self, back, at, until, **values):
        moment, end = self.moment(at), self.moment(until)
        self.press("schedule", revision=self.revision(back), at=moment, until=end, **values)

    @precondition(lambda self: self.now.state(self.clock) in verdicts.STANDING)
    @rule(back=back, n=st.sampled_from([HOUR, MINUTE, DAY, SECOND]), until=st.none() | later)
    def schedule_one_more(self, back, n, until):
        starts = [row["starts_at"] for row in self.now.pending(self.clock)]
        at = max([self.clock, *starts]) + n
        end = at + until if until else None
        self.press("schedule", revision=self.revision(back), at=at, until=end)

    @precondition(lambda self: self.now.pending(self.clock))
    @rule(n=nth, back=back, stale=stale, behind=behind)
    def update_scheduled(self, n, back, **values):
        start, revision = self.scheduled(n), self.revision(back)
        self.press("update_scheduled", start, revision=revision, **values)

    @precondition(lambda self: self.now.pending(self.clock))
    @rule(n=nth, to=moments, stale=stale, behind=behind)
    def move(self, n, to, **values):
        self.press("move", self.scheduled(n), to=self.moment(to), **values)

    @precondition(lambda self: self.now.pending(self.clock))
    @rule(n=nth, stale=stale, behind=behind)
    def cancel(self, n, **values):
        self.press("cancel", self.scheduled(n), **values)

    @precondition(lambda self: self.now.line(self.clock))
    @rule(at=ends, stale=stale, behind=behind)
    def set_end(self, at, **values):
        self.press("set_end", at=self.moment(at), **values)

    @rule(stale=stale, behind=behind)
    def unpublish(self, **values):
        self.press("unpublish", **values)

    @rule(
        how=st.sampled_from([EndsAs.GONE, EndsAs.VANISHED]),
        reason=st.sampled_from(["A court said so", "A court said so", " "]),
        stale=stale, behind=behind,
    )  # fmt: skip
    def take_down(self, **values):
        self.press("take_down", **values)

    @precondition(lambda self: self.now.state(self.clock) in verdicts.TAKEN_DOWN)
    @rule(back=back, reason=st.sampled_from(["It was right", "It was right", ""]),
          stale=stale, behind=behind)  # fmt: skip
    def restore(self, back, **values):
        self.press("restore", revision=self.revision(back), **values)

    @rule(verb=st.sampled_from(["restore", "cancel", "move", "update_scheduled", "set_end"]))
    def something_out_of_place(self, verb):
        values = {
            "restore": {"revision": self.revision(0), "reason": "It was right"},
            "move": {"to": self.clock + HOUR},
            "update_scheduled": {"revision": self.revision(0)},
            "set_end": {"at": None},
        }.get(verb, {})
        args = [] if verb in ("restore", "set_end") else [self.clock + timedelta(seconds=7)]
        self.press(verb, *args, **values)

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


@pytest.mark.django_db
def test_whatever_is_done_the_press_keeps_its_rules():
    for name in ("Ilse Hartmann", "Jonas Weber"):
        Author.objects.create(name=name, slug=name.split()[0].lower())
    for name in ("ports", "rivers"):
        Tag.objects.create(name=name, slug=name)
    run_state_machine_as_test(Press, settings=SETTINGS)


def test_the_states_the_machine_knows_are_all_there_are():
    assert set(PublicState) == verdicts.STANDING | verdicts.TAKEN_DOWN
