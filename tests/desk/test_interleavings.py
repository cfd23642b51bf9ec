"""Random interleavings of people at one story: no word is lost, and few questions are asked.

The desk's decision is tried in memory, and the desk itself through the database, by one seed.
INTERLEAVINGS=10000 is the long form; INTERLEAVINGS_DB says how many go through the database.
With either, the figures are also written to build/interleavings.json.
"""

import json
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from articles import body
from articles.desk import merge, revisions, together
from articles.desk.merge import Choice
from articles.desk.revisions import Values
from articles.models import Article, Revision, RevisionKind, Tag
from tests.conftest import NOW, person

IN_MEMORY = int(os.environ.get("INTERLEAVINGS", "1500"))
IN_DATABASE = int(os.environ.get("INTERLEAVINGS_DB", "60"))
REPORT = Path("build/interleavings.json")
TOKEN, PARAGRAPH = re.compile(r"\bw\d+\b"), re.compile("<p>.*?</p>")
FIELDS = ("headline", "standfirst")


@dataclass
class InMemory:
    """A story as together.py would keep it: a list of revisions, the last of which is current."""

    kept: list[dict[str, Any]]
    based_on: dict[int, int] = field(default_factory=dict)  # of the texts set beside

    @property
    def current(self):
        return self.kept[-1]

    def save(self, who, seen, ours):
        """Save what was typed over a revision; return the number of a text set beside, if any."""
        if seen == len(self.kept):
            self._keep(ours)
            return None
        merged = merge.try_merge(self.kept[seen - 1], ours, self.current)
        if not merged.overlaps:
            self._keep(merged.values)
            return None
        self.kept += [ours, self.current]
        self.based_on[len(self.kept) - 1] = seen
        return len(self.kept) - 1

    def sides(self, number):
        return self.kept[self.based_on[number] - 1], self.kept[number - 1], self.current

    def join(self, who, number, choices):
        self._keep(merge.choose(*self.sides(number), choices))

    def _keep(self, snapshot):
        if snapshot != self.current:
            self.kept.append(snapshot)


class InDatabase:
    """A story of the desk's, saved and joined by the desk's own verbs."""

    def __init__(self, first, people):
        self.people, self.now = people, NOW
        values = Values(**{key: first[key] for key in first if key != "schema"})
        self.pk = revisions.create(values, by=people[0], now=NOW).pk

    @property
    def kept(self):
        rows = Revision.objects.filter(article=self.pk).order_by("number")
        return [row.snapshot for row in rows]

    @property
    def current(self):
        return revisions.snapshot(self.pk, self._version())

    def save(self, who, seen, ours):
        values = Values(**{key: ours[key] for key in ours if key != "schema"})
        saved = together.save(self.pk, values, by=self.people[who], seen=seen, now=self._tick())
        return saved.beside and saved.beside.number

    def sides(self, number):
        found = together.sides(self.pk, number)
        return found.base, found.beside.snapshot, found.current.snapshot

    def join(self, who, number, choices):
        seen, by = self._version(), self.people[who]
        together.choose(self.pk, number, choices, by=by, seen=seen, now=self._tick())

    def _version(self):
        return Article.objects.values_list("version", flat=True).get(pk=self.pk)

    def _tick(self):
        self.now += timedelta(seconds=1)
        return self.now


def words(snapshot):
    """What somebody typed or picked of a story: its tokens, and its tags."""
    typed = " ".join(snapshot[part] for part in (*FIELDS, "body"))
    return {*TOKEN.findall(typed), *(f"tag {tag}" for tag in snapshot["tags"])}


class Interleaving:
    """Two to five people at one story, in an order of chance."""

    def __init__(self, seed, section, tags, figures):
        self.random, self.figures = Random(seed), figures
        self.number, self.tags = 0, tags
        self.origin = {}  # which paragraph a paragraph was made of, however often rewritten
        self.typed, self.touched = set(), []  # touched: (version it became, what) of each save
        self.forms, self.typed_over = {}, {}
        paragraphs = [self._paragraph for _n in range(self.random.randint(5, 20))]
        self.first = Values(
            headline=self._new(4),
            section=section,
            standfirst=self._new(6),
            body="".join(paragraph() for paragraph in paragraphs),
            slug=f"story-{seed}",
            tags=self.random.sample(tags, 2),
        ).snapshot()
        self.typed |= words(self.first)

    # --- What people do -----------------------------------------------------------------------

    def run(self, story):
        self.story, self.current = story, self.first
        waiting = self._events()
        while waiting:
            event, who, *more = waiting.pop(0)
            beside = getattr(self, event)(who, *more)
            if beside and self.random.random() < 0.5:
                place = self.random.randint(0, len(waiting))
                waiting.insert(place, ("join", who, beside))
        self._require_nothing_lost()
        return story

    def _events(self):
        each = []
        for who in range(self.random.randint(2, 5)):
            again = self.random.choice(["", "", "save", "reload"])
            steps = ["open", "save", *([again, "save"] if again == "reload" else [again])]
            each.append([(step, who) for step in steps if step])
        order = [n for n, steps in enumerate(each) for _step in steps]
        self.random.shuffle(order)
        return [each[n].pop(0) for n in order]

    def open(self, who):
        self.forms[who] = (len(self.story.kept), self.current, self.current, set())

    reload = open

    def save(self, who):
        seen, base, text, touched = self.forms[who]
        ours, touched = dict(text), set(touched)
        for _n in range(self.random.randint(1, 3)):
            touched |= self._edit(ours)
        self.typed |= words(ours)
        # Whoever saves once more goes on from what stands in their own form.
        self.forms[who] = (seen, base, ours, touched)
        before, self.figures["saves"] = self.current, self.figures["saves"] + 1
        beside = self.story.save(who, seen, ours)
        self._look(before, may_go=set() if beside else words(base) - words(ours))
        self._count(seen, touched, beside)
        if beside:
            self.typed_over[beside] = touched
        else:
            self.touched.append((len(self.story.kept), touched))
        return beside

    def join(self, who, number):
        base, ours, theirs = self.story.sides(number)
        asked = merge.try_merge(base, ours, theirs).overlaps
        of_text = list(Choice)
        choices = {
            key: self.random.choice(of_text if key.startswith("body") else of_text[:2])
            for key in asked
        }
        not_chosen = self._not_chosen(base, ours, theirs, choices)
        before = self.current
        self.story.join(who, number, choices)
        self._look(before, may_go=(words(base) - words(ours)) | not_chosen)
        self.touched.append((len(self.story.kept), self.typed_over[number]))
        self.figures["joined"] += 1

    def _not_chosen(self, base, ours, theirs, choices):
        """The words of the working copy for which somebody chose others."""
        gone = [theirs[part] for part in FIELDS if choices.get(part) == Choice.OURS]
        if not any(key.startswith("body") for key in choices):
            return set(TOKEN.findall(" ".join(gone)))
        bodies = (body.blocks(side["body"]) for side in (base, ours, theirs))
        asked = [each for each in merge.segments(*bodies) if each.is_overlap]
        for n, segment in enumerate(asked):
            if choices[f"body:{n}"] == Choice.OURS:
                gone += segment.theirs
        return set(TOKEN.findall(" ".join(gone)))

    # --- What they type -----------------------------------------------------------------------

    def _edit(self, snapshot):
        """Do one thing to a form; return what it touched."""
        what = self.random.choices(
            ["rewrite", "insert", "delete", "move", "field", "tags"], [10, 4, 2, 2, 2, 1]
        )[0]
        if what == "field":
            part = self.random.choice(FIELDS)
            snapshot[part] = self._rewritten(snapshot[part])
            return {part}
        if what == "tags":
            snapshot["tags"] = self.random.sample(self.tags, self.random.randint(1, 3))
            return set()  # which is a set: one adds, another takes out, and nobody is asked
        paragraphs = PARAGRAPH.findall(snapshot["body"])
        touched = getattr(self, f"_{what}")(paragraphs) if paragraphs else set()
        snapshot["body"] = "".join(paragraphs)
        return touched

    def _rewrite(self, paragraphs):
        at = self.random.randrange(len(paragraphs))
        before = paragraphs[at]
        paragraphs[at] = f"<p>{self._rewritten(before[3:-4])}</p>"
        self.origin[paragraphs[at]] = self.origin[before]
        return {self.origin[before]}

    def _insert(self, paragraphs):
        at = self.random.randrange(len(paragraphs))
        paragraphs.insert(at + 1, self._paragraph())
        # Beside the one it was put after, and that is what a colleague may have worked on.
        return {self.origin[paragraphs[at]], self.origin[paragraphs[at + 1]]}

    def _delete(self, paragraphs):
        return {self.origin[paragraphs.pop(self.random.randrange(len(paragraphs)))]}

    def _move(self, paragraphs):
        moved = paragraphs.pop(self.random.randrange(len(paragraphs)))
        paragraphs.insert(self.random.randint(0, len(paragraphs)), moved)
        return {self.origin[moved]}

    def _rewritten(self, text):
        """The text with a few of its words replaced by new ones."""
        held = text.split()
        start = self.random.randrange(len(held))
        stop = start + self.random.randint(1, 3)
        return " ".join([*held[:start], self._new(self.random.randint(1, 3)), *held[stop:]])

    def _paragraph(self):
        made = f"<p>{self._new(self.random.randint(6, 14))}</p>"
        self.origin[made] = len(self.origin)
        return made

    def _new(self, count):
        self.number += count
        return " ".join(f"w{n}" for n in range(self.number - count, self.number))

    # --- What must be true --------------------------------------------------------------------

    def _look(self, before, *, may_go):
        """Nothing left the newest text but what its saver had seen and taken out."""
        self.current = self.story.current
        gone = words(before) - words(self.current) - may_go
        self.figures["gone unseen"] += len(gone)

    def _count(self, seen, touched, beside):
        others = [what for version, what in self.touched if version > seen]
        if not others:
            return
        self.figures["over a colleague's"] += 1
        if touched.isdisjoint(set().union(*others)):
            self.figures["apart"] += 1
            self.figures["apart, merged"] += not beside
        self.figures["set beside"] += bool(beside)

    def _require_nothing_lost(self):
        kept = self.story.kept
        held = set().union(*map(words, kept))
        self.figures["interleavings"] += 1
        self.figures["words"] += len(self.typed)
        self.figures["lost"] += len(self.typed - held)
        if self.current != kept[-1]:
            raise AssertionError("the newest revision is not the working copy")


def require(figures, name):
    """The promise, in figures."""
    rate = figures["apart, merged"] / figures["apart"]
    said = {**figures, "rate": round(rate, 4)}
    print(f"\n{name}: {said}")  # noqa: T201 - the figures are what the test is run for
    if {"INTERLEAVINGS", "INTERLEAVINGS_DB"} & set(os.environ):
        REPORT.parent.mkdir(exist_ok=True)
        report = json.loads(REPORT.read_text()) if REPORT.exists() else {}
        REPORT.write_text(json.dumps({**report, name: said}, indent=2) + "\n")
    assert figures["lost"] == 0, said
    assert figures["gone unseen"] == 0, said
    assert rate >= 0.95, said


def test_in_memory_no_word_is_lost_and_different_paragraphs_merge_unasked():
    figures = Counter()
    for seed in range(IN_MEMORY):
        each = Interleaving(seed, 1, [*range(1, 7)], figures)
        each.run(InMemory([each.first]))
    require(figures, "in memory")


@pytest.mark.django_db
def test_through_the_database_the_desk_keeps_every_word_too(world):
    people = [
        person("Editor", display_name=f"Editor {n}", email=f"e{n}@newsroom.example")
        for n in range(5)
    ]
    tags = [Tag.objects.create(name=f"Topic {n}", slug=f"topic-{n}").pk for n in range(6)]
    figures = Counter()
    for seed in range(IN_DATABASE):
        one, two = (Interleaving(seed, world.pk, tags, each) for each in (figures, Counter()))
        desk = one.run(InDatabase(one.first, people))
        memory = two.run(InMemory([two.first]))
        assert desk.kept == memory.kept, f"interleaving {seed}: the desk decided otherwise"
        require_kept_well(desk)
    require(figures, "through the database")


def require_kept_well(desk):
    """Texts set beside stay; the newest revision is what the working copy's row holds."""
    rows = Revision.objects.filter(article=desk.pk)
    assert not rows.filter(kind=RevisionKind.BESIDE, stays=False).exists()
    article, newest = Article.objects.get(pk=desk.pk), rows.order_by("-number")[0]
    assert article.version == newest.number == rows.count()
    assert article.body == newest.body
    assert article.headline == newest.snapshot["headline"]
