"""A story's history as editors read it: a run of saves is one line, each step stands out.

A page reads a bounded number of revisions (without their texts) and of Moves, from a place
downwards; how many the story has makes no difference.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from articles.desk import overview, sentences
from articles.models import Move, Publication, Revision, RevisionKind

PAGE = 200  # how many revisions and Moves one page reads at most
PAUSE = timedelta(minutes=30)  # a longer one ends a run of saves


class Saved(NamedTuple):
    """A revision without what was typed."""

    number: int
    kind: str
    changed: dict[str, Any]
    is_text: bool
    by: int | None
    by_name: str
    at: datetime
    note: str
    stays: bool
    based_on: int

    @classmethod
    def of(cls, revisions: QuerySet[Revision], most: int | None = None) -> "list[Saved]":
        """The revisions of a queryset, newest first."""
        rows = revisions.order_by("-number").values_list(*cls._fields)
        return [cls(*row) for row in rows[:most]]


Entry = Saved | Move
Run = list[Saved]


class Place(NamedTuple):
    """Where a page of the history begins: below this revision and this Move; 0: at the newest."""

    number: int = 0
    move: int = 0

    @classmethod
    def read(cls, typed: str) -> Self | None:
        """The place that an address names; None when it names none."""
        found = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,18})", typed)
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.number}-{self.move}"


class Kind(StrEnum):
    RUN = auto()
    STEP = auto()
    BESIDE = auto()


@dataclass(frozen=True)
class Mark:
    """What readers have of a revision: “live”, “seen” or “scheduled”, and the words for it."""

    kind: str
    words: str


@dataclass(frozen=True)
class Save:
    """One revision in a list."""

    number: int
    name: str
    at: datetime
    clock: str
    what: str
    note: str
    mark: Mark | None


@dataclass(frozen=True)
class Line:
    """One line of the history."""

    kind: Kind
    at: datetime
    day: str
    clock: str  # “09:32”, or “09:10–09:32”
    who: str
    what: str  # the sentence, with who in it
    more: tuple[str, ...] = ()  # further sentences
    why: str = ""
    verb: str = ""  # of a step
    number: int | None = None  # the revision it is about; of a run the last
    name: str = ""
    mark: Mark | None = None
    saves: tuple[Save, ...] = ()  # of a run, newest first
    holds: bool = False  # whether the revision itself stands here: a step only names one

    @property
    def marks(self) -> list[tuple[int, Mark]]:
        """What readers have, of each revision in the line that they have."""
        if self.saves:
            return [(save.number, save.mark) for save in self.saves if save.mark]
        return [(self.number, self.mark)] if self.number and self.mark and self.holds else []


@dataclass(frozen=True)
class History:
    """A page of the history: its lines, newest first, and the place where the next one begins."""

    lines: list[Line]
    older: Place | None
    pair: tuple[int, int] | None  # the two revisions to compare unless others are chosen


def lines(article_id: int, *, before: Place | None = None, t: datetime, zone: ZoneInfo) -> History:
    """Return a page of a story's history as it stands at t, times in the zone."""
    place = before or Place()
    saved, moves = _read(article_id, place)
    entries = list(in_order(saved, moves))
    is_last = len(entries) <= PAGE
    groups = list(runs(entries[:PAGE]))
    if not is_last and len(groups) > 1 and not isinstance(groups[-1], Move):
        groups.pop()  # its beginning may stand on the next page, where all of it is shown
    page = _Page(t, zone, _marks(article_id, groups, t))
    found = page.lines(groups)
    return History(found, None if is_last else _below(place, groups), _pair(found))


def newest_saves(article_id: int, t: datetime, most: int = 3) -> list[dict[str, Any]]:
    """The newest saves of a story in short: who, when, with which note; one query."""
    saves = Revision.objects.filter(article=article_id, kind=RevisionKind.SAVE)
    return [{"save": saved, "when": overview.when(saved.at, t)} for saved in Saved.of(saves, most)]


def in_order(saved: Iterable[Saved], moves: Iterable[Move]) -> Iterator[Entry]:
    """Both as one, newest first; each keeps its own order, whatever the machines' clocks said."""
    revisions, steps = deque(saved), deque(moves)
    while revisions and steps:
        yield revisions.popleft() if _is_after(revisions[0], steps[0]) else steps.popleft()
    yield from revisions
    yield from steps


def runs(entries: Iterable[Entry]) -> Iterator[Run | Move]:
    """Steps, and runs of saves between them: by one person, with no long pause.

    A text set beside is a run of its own; the working copy kept again after it is in none.
    """
    run: Run = []
    for entry in entries:
        if isinstance(entry, Saved) and entry.kind == RevisionKind.AGAIN:
            continue
        if run and not _continues(run[-1], entry):
            yield run
            run = []
        if isinstance(entry, Move):
            yield entry
        else:
            run.append(entry)
    if run:
        yield run


def _read(article_id: int, place: Place) -> tuple[list[Saved], list[Move]]:
    revisions = Revision.objects.filter(article=article_id)
    if place.number:
        revisions = revisions.filter(number__lt=place.number)
    moves = Move.objects.filter(article=article_id).order_by("-pk")
    if place.move:
        moves = moves.filter(pk__lt=place.move)
    return Saved.of(revisions, PAGE + 1), list(moves[: PAGE + 1])


def _is_after(saved: Saved, move: Move) -> bool:
    """Whether a revision came after a Move. At one moment, a step follows what it is about."""
    if saved.at != move.at:
        return saved.at > move.at
    return move.revision is not None and saved.number > move.revision


def _continues(newer: Saved, entry: Entry) -> bool:
    return (
        isinstance(entry, Saved)
        and newer.kind == entry.kind == RevisionKind.SAVE
        and (newer.by or newer.by_name) == (entry.by or entry.by_name)
        and abs(newer.at - entry.at) <= PAUSE
    )


def _below(place: Place, groups: list[Run | Move]) -> Place:
    numbers = [saved.number for group in groups if isinstance(group, list) for saved in group]
    moves = [group.pk for group in groups if isinstance(group, Move)]
    return Place(min(numbers, default=place.number), min(moves, default=place.move))


def _pair(found: list[Line]) -> tuple[int, int] | None:
    """What readers have, or else the last but one, and the newest; None where there are no two."""
    held = [line for line in found if line.holds and line.kind != Kind.BESIDE]
    if len(held) < 2:
        return None
    live = [line for line in held[1:] if line.mark and line.mark.kind == "live"]
    return (live or held[1:])[0].number or 0, held[0].number or 0


def _marks(article_id: int, groups: list[Run | Move], t: datetime) -> dict[int, Mark]:
    """What readers have of the revisions that a page names."""
    numbers = {group.revision for group in groups if isinstance(group, Move) and group.revision}
    numbers |= {saved.number for group in groups if isinstance(group, list) for saved in group}
    begun = Publication.objects.filter(article=article_id, revision__in=numbers, starts_at__lte=t)
    seen = begun.exclude(ends_at=F("starts_at")).order_by().values_list("revision", flat=True)
    marks = {number: Mark("seen", _("readers had it")) for number in seen.distinct()}
    for row in Publication.objects.line(article_id, t):
        if row.starts_at > t:
            words = _("goes out %(when)s") % {"when": overview.when(row.starts_at, t)}
            marks[row.revision] = Mark("scheduled", words)
        elif not row.withheld:
            marks[row.revision] = Mark("live", _("readers have it now"))
    return marks


class _Page:
    """How groups of entries become lines, at a moment and in a zone."""

    def __init__(self, t: datetime, zone: ZoneInfo, marks: dict[int, Mark]) -> None:
        self.t, self.zone, self.marks = t, zone, marks

    def lines(self, groups: list[Run | Move]) -> list[Line]:
        """The lines; that a story began and what its first save held is one of them."""
        found = []
        begun = next((g for g in groups if isinstance(g, Move) and g.verb == "create"), None)
        for group in groups:
            if isinstance(group, Move):
                first = _first(groups) if group is begun else None
                found.append(self._step(group, first))
            elif begun is None or group[-1].number != 1:
                found.append(self._saves(group))
            elif rest := group[:-1]:
                found.append(self._saves(rest))
        return found

    def _step(self, move: Move, first: Saved | None) -> Line:
        more = sentences.more_of_move(move, self.zone)
        if first:
            more = [_("First text: %(what)s.") % {"what": sentences.of_changes([first.changed])}]
        return Line(
            Kind.STEP,
            **self._when(move.at, move.at),
            who=move.by_name,
            what=sentences.of_move(move),
            more=tuple(more),
            why=move.reason or (first.note if first else ""),
            verb=move.verb,
            number=move.revision,
            name=_name(move.revision) if move.revision else "",
            mark=self.marks.get(move.revision or 0),
            holds=first is not None,
        )

    def _saves(self, run: Run) -> Line:
        last = run[0]
        is_beside = last.kind == RevisionKind.BESIDE
        sentence = _("%(who)s: %(what)s")
        if is_beside:
            sentence = _("%(who)s’s text was set beside the working copy: %(what)s")
        what = sentences.of_changes(saved.changed for saved in run)
        return Line(
            Kind.BESIDE if is_beside else Kind.RUN,
            **self._when(run[-1].at, last.at),
            who=last.by_name,
            what=sentence % {"who": last.by_name, "what": what},
            why=" · ".join(list(dict.fromkeys(saved.note for saved in run if saved.note))[:3]),
            number=last.number,
            name=_name(last.number),
            mark=self.marks.get(last.number),
            saves=tuple(self._save(saved) for saved in run) if len(run) > 1 else (),
            holds=True,
        )

    def _save(self, saved: Saved) -> Save:
        return Save(
            saved.number,
            _name(saved.number),
            saved.at,
            self._clock(saved.at),
            sentences.of_changes([saved.changed]),
            saved.note,
            self.marks.get(saved.number),
        )

    def _when(self, since: datetime, at: datetime) -> dict[str, Any]:
        first, last = self._clock(since), self._clock(at)
        clock = last if first == last else f"{first}–{last}"
        return {"at": at, "day": self._day(at), "clock": clock}

    def _clock(self, moment: datetime) -> str:
        return time_format(moment.astimezone(self.zone), "H:i")

    def _day(self, moment: datetime) -> str:
        there, here = moment.astimezone(self.zone).date(), self.t.astimezone(self.zone).date()
        day = date_format(there)
        ago = {0: _("Today, %(day)s"), 1: _("Yesterday, %(day)s")}.get((here - there).days)
        return ago % {"day": day} if ago else day


def _name(number: int) -> str:
    return _("revision %(number)d") % {"number": number}


def _first(groups: list[Run | Move]) -> Saved | None:
    """Revision 1, where it is among the groups."""
    saved = (group[-1] for group in groups if isinstance(group, list))
    return next((save for save in saved if save.number == 1), None)
