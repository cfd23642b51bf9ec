"""What a story's versions do on the line of time: pure steps from one line to the next.

A line is what has not ended at the moment of the verb: the live version, if there is one, and
what is scheduled, in time order. The steps know no database; the press writes the difference.
Moments are aware and in UTC, intervals half-open.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.states import EndsAs


@dataclass(frozen=True)
class Slot:
    """One version on the line. `key` is its Publication's id; None: not written yet."""

    revision: int
    starts_at: datetime
    first_published_at: datetime
    updated_at: datetime
    ends_at: datetime | None = None
    ends_as: str = ""
    brings_end: bool = False
    key: int | None = None
    change: str = ""  # states.Change; empty: the first version, or no change at all
    note: str = ""  # for readers

    def holds(self, t: datetime) -> bool:
        return self.starts_at <= t and (self.ends_at is None or self.ends_at > t)


Line = tuple[Slot, ...]


def live(line: Line, t: datetime) -> Slot | None:
    """The version that readers see at t."""
    return next((slot for slot in line if slot.holds(t)), None)


def pending(line: Line, now: datetime) -> Line:
    """What is scheduled: the versions that begin after now."""
    return tuple(slot for slot in line if slot.starts_at > now)


def open_at(line: Line, new: Slot) -> Line:
    """Put a version in at its start; what stood there ends as it begins.

    It takes over the end of what stood there, or ends where the next one starts. An end of its
    own (`brings_end`) must lie after its start and before whatever follows.
    """
    covering = live(line, new.starts_at)
    following = next((slot for slot in line if slot.starts_at > new.starts_at), None)
    if new.brings_end:
        _require_room(line, new, covering, following)
    elif covering:
        new = replace(
            new,
            ends_at=covering.ends_at,
            ends_as=covering.ends_as,
            brings_end=covering.brings_end,
        )
    elif following:
        new = replace(new, ends_at=following.starts_at, ends_as=EndsAs.NEXT)
    kept = tuple(
        replace(slot, ends_at=new.starts_at, ends_as=EndsAs.NEXT) if slot is covering else slot
        for slot in line
    )
    return _in_order((*kept, new))


def remove(line: Line, slot: Slot) -> Line:
    """Take a scheduled version out; the one before it gets its end back.

    An end that came with a version goes with it: once nothing of what was put into its time is
    left, the version before lasts as it did.
    """
    rest = tuple(other for other in line if other is not slot)
    before = _before(line, slot)
    if before is None:
        return rest
    if slot.ends_as != EndsAs.EXPIRED:
        heir = replace(before, ends_at=slot.ends_at, ends_as=slot.ends_as)
    elif slot.brings_end and not before.brings_end:
        after = next((other for other in rest if other.starts_at > slot.starts_at), None)
        ends = (after.starts_at, EndsAs.NEXT) if after else (None, "")
        heir = replace(before, ends_at=ends[0], ends_as=ends[1])
    else:
        heir = replace(
            before, ends_at=slot.ends_at, ends_as=slot.ends_as, brings_end=slot.brings_end
        )
    return tuple(heir if other is before else other for other in rest)


def shift(line: Line, slot: Slot, to: datetime) -> Line:
    """Move a scheduled version's start; it stays between its neighbours."""
    before = _before(line, slot)
    neighbour = line[line.index(slot) - 1] if line.index(slot) else None
    if neighbour is None:
        too_early = False
    elif neighbour is before:
        too_early = to <= neighbour.starts_at
    else:  # a gap that was asked for lies between them: it may shrink, not turn over
        too_early = neighbour.ends_at is not None and to < neighbour.ends_at
    if too_early or (slot.ends_at is not None and to >= slot.ends_at):
        raise ValidationError(
            _("That would pass what stands before or after it. Cancel one, or pick another time.")
        )
    moved = replace(
        slot,
        starts_at=to,
        updated_at=min(slot.updated_at, to),
        first_published_at=min(slot.first_published_at, to),
    )
    changed = {id(slot): moved}
    if before:
        changed[id(before)] = replace(before, ends_at=to)
    return tuple(changed.get(id(other), other) for other in line)


def set_end(line: Line, at: datetime | None, now: datetime) -> Line:
    """Let the story end by itself at a moment, or (None) stand for ever."""
    last = line[-1]
    if at is None:
        return (*line[:-1], replace(last, ends_at=None, ends_as="", brings_end=False))
    if at <= max(now, last.starts_at):
        raise ValidationError(
            _("The end has to lie in the future, and after the last version that is scheduled.")
        )
    return (*line[:-1], replace(last, ends_at=at, ends_as=EndsAs.EXPIRED, brings_end=False))


def withdraw(line: Line, now: datetime, ends_as: EndsAs, *, latest: datetime | None = None) -> Line:
    """End what is live, and drop whatever is scheduled.

    `latest` is the latest moment that any clock has shown to the story (None: this one's). Where
    this one is behind it and nothing holds yet, the version that began meanwhile becomes one of
    no length, here and now: no clock may show it again.
    """
    shown = live(line, now)
    begun = [slot for slot in line if now < slot.starts_at <= (latest or now)]
    if shown is None and begun:
        first = min(begun[-1].first_published_at, now)
        shown = replace(begun[-1], starts_at=now, first_published_at=first, updated_at=first)
    if shown is None:
        return ()
    return (replace(shown, ends_at=now, ends_as=ends_as, brings_end=False),)


def anchor(line: Line, now: datetime, first: datetime | None) -> Line:
    """Give what has not begun the story's first-published moment.

    `first` is that of the newest version that has begun; None: nothing has, and the earliest
    start that remains becomes it.
    """
    waiting = pending(line, now)
    if not waiting:
        return line
    moment = first or min(slot.starts_at for slot in waiting)
    return tuple(
        replace(slot, first_published_at=moment, updated_at=max(moment, slot.updated_at))
        if slot.starts_at > now
        else slot
        for slot in line
    )


def _before(line: Line, slot: Slot) -> Slot | None:
    """The version that the slot takes over from."""
    return next(
        (
            other
            for other in line
            if other is not slot
            and other.ends_as == EndsAs.NEXT
            and other.ends_at == slot.starts_at
            and other.starts_at < slot.starts_at
        ),
        None,
    )


def _require_room(line: Line, new: Slot, covering: Slot | None, following: Slot | None) -> None:
    if new.ends_at is None or new.ends_at <= new.starts_at:
        raise ValidationError(_("The end has to lie after the start."))
    if following and new.ends_at > following.starts_at:
        raise ValidationError(_("Another version is scheduled before that end. Move one of them."))
    has_end = any(
        slot.ends_as == EndsAs.EXPIRED and not slot.brings_end
        for slot in line
        if slot.ends_at and slot.ends_at > new.starts_at
    )
    if has_end or (covering and covering.ends_as == EndsAs.EXPIRED):
        raise ValidationError(_("The story already has an end. Change that end instead."))


def _in_order(line: Line) -> Line:
    return tuple(sorted(line, key=lambda slot: (slot.starts_at, slot.ends_at is None)))
