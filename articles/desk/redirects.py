"""How old addresses get where they lead: one by one or many at once, by the same rules.

An address that leads to another old address is kept as leading where that one does, so that a
reader is led once, and no change of one later makes a loop of two.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import NamedTuple, Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles import edition, old_addresses
from articles.desk import audit, redirect_targets, rights
from articles.desk.redirect_targets import Goal, OnSite, Target
from articles.desk.revisions import Stale
from articles.desk.rights import Actor
from articles.models import RESERVED_SLUGS, Move, Redirect

RIGHT = "articles.change_redirect"
MOST_STEPS = 10  # of old addresses that lead to old addresses
_AT_ONCE = 500  # addresses asked of the database in one query
_A_WRITE = 2000  # rows written in one statement
_VERBS = ("add_redirect", "change_redirect", "delete_redirect", "import_redirects")
_FIELDS = ("kind", "what", "address")
# Under these no old address is looked up (pages/redirects.py).
_NO_OLD_ADDRESS = ("/admin", "/api", settings.STATIC_URL.rstrip("/"))

One = TypeVar("One")


class Typed(Protocol):
    """A line of a file as it was read: what it says, or why it cannot be (`refused`)."""

    @property
    def number(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def refused(self) -> str: ...


class Fault(NamedTuple):
    """What is wrong, on which line."""

    line: int
    says: str


@dataclass(frozen=True)
class Plan:
    """What an import would do, having looked at how everything stands; it has written nothing."""

    seen: int  # the last Move of a redirect at that time
    new: int = 0
    changed: int = 0
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    rows: Mapping[str, Target] = field(default_factory=dict, repr=False)  # that are to be written


class _Wish(NamedTuple):
    line: int
    goal: Goal


def plan(lines: Iterable[Typed]) -> Plan:
    """Find out what becomes of every line of a file: of its faults all, each with a sentence."""
    seen = last_move()
    wishes, faults, again = _read(lines)
    ends, more = _ends(wishes)
    faults += more
    if faults:
        return Plan(seen, faults=sorted(faults))
    held = _held(ends)
    rows = {source: end for source, end in ends.items() if held.get(source) != end}
    new = sum(source not in held for source in rows)
    same = len(ends) - len(rows) + again
    return Plan(seen, new, len(rows) - new, same, [], rows)


def write(planned: Plan, *, by: Actor, now: datetime, name: str) -> None:
    """Write all that was planned, or nothing; `name` is what the file is called.

    Raises PermissionDenied, ValidationError where there are faults, or Stale when somebody
    changed a redirect since the plan was made.
    """
    rights.require(by, RIGHT)
    if planned.faults:
        raise ValidationError(planned.faults[0].says)
    with transaction.atomic():
        if last_move() != planned.seen:
            raise Stale
        for some in _batches(sorted(planned.rows.items()), _A_WRITE):
            Redirect.objects.bulk_create(
                [_row(source, end, by) for source, end in some],
                update_conflicts=True,
                unique_fields=["source"],
                update_fields=[*_FIELDS, "by_name"],
            )
        counts = {"new": planned.new, "changed": planned.changed, "same": planned.same}
        audit.record("import_redirects", by=by, at=now, subject=name, details=counts)
        _move_on(planned.changed)


def save(row: Redirect, typed: str, to: str, *, by: Actor, now: datetime) -> Redirect:
    """Write a new or changed redirect, from and to what was typed.

    Raises PermissionDenied, or ValidationError with a sentence of the field "source" or "target".
    """
    rights.require(by, RIGHT)
    source, end = checked(row, typed, to)
    before = Redirect.objects.filter(pk=row.pk).first()
    was = before and {"source": before.source, **{name: getattr(before, name) for name in _FIELDS}}
    row.source, row.by_name = source, str(by)[:120]
    row.kind, row.what, row.address = end.kind, end.what, end.address
    with transaction.atomic():
        row.save()
        audit.record(
            "change_redirect" if was else "add_redirect",
            by=by,
            at=now,
            subject=source,
            details={"to": to[:500], **({"was": was} if was else {})},
        )
        _move_on(was)
    return row


def checked(row: Redirect, typed: str, to: str) -> tuple[str, Target]:
    """The normal form of what was typed for a redirect, and where it leads; raises as `save`."""
    try:
        source = source_of(typed)
    except ValidationError as refused:
        raise ValidationError({"source": refused.messages}) from None
    if Redirect.objects.filter(source=source).exclude(pk=row.pk).exists():
        raise ValidationError({"source": _("This old address is on the list already.")})
    try:
        ends, faults = _ends({source: _Wish(1, redirect_targets.goal_of(to))})
    except ValidationError as refused:
        raise ValidationError({"target": refused.messages}) from None
    if faults:
        raise ValidationError({"target": faults[0].says})
    return source, ends[source]


def delete(row: Redirect, *, by: Actor, now: datetime) -> None:
    """Let an old address lead nowhere: it is answered as one that never was."""
    rights.require(by, RIGHT)
    with transaction.atomic():
        audit.record("delete_redirect", by=by, at=now, subject=row.source)
        row.delete()
        edition.move_on_with_a_withdrawal()


def last_move() -> int:
    """The newest Move of a redirect: another one means that they are not what they were."""
    newest = (Move.objects.filter(verb=verb).order_by("-at", "-pk") for verb in _VERBS)
    ids = (moves.values_list("pk", flat=True).first() for moves in newest)
    return max((pk for pk in ids if pk), default=0)


def source_of(typed: str) -> str:
    """Return the normal form of an old address that was typed.

    Raises ValidationError with a sentence for what none can be.
    """
    typed = typed.strip()
    if not typed:
        raise ValidationError(_("Say the old address."))
    if not typed.isprintable():  # spaces are: old systems had them
        raise ValidationError(_("There is a character in the old address that none can hold."))
    if not typed.lower().startswith(("/", "?", "http://", "https://")):
        raise ValidationError(_("An old address begins with “/”, “https://” or “http://”."))
    source = old_addresses.normal_form(typed)
    if len(source) > old_addresses.LONGEST:
        raise ValidationError(
            _("This old address is longer than %(most)s characters.")
            % {"most": f"{old_addresses.LONGEST:,}"}
        )
    if source == "/":
        raise ValidationError(_("The front page is no old address."))
    if _is_of_the_sites_own(source):
        raise ValidationError(
            _("A page of the site’s own stands at this address, and always wins.")
        )
    return source


def _is_of_the_sites_own(source: str) -> bool:
    path = source.partition("?")[0]
    first = path.split("/")[1]
    if f"/{first}" in _NO_OLD_ADDRESS:
        return True
    # Without asking the resolver of every one of 100,000: pages of our own begin with such a word.
    return first.partition(".")[0] in RESERVED_SLUGS and redirect_targets.is_ours(path)


def _read(lines: Iterable[Typed]) -> tuple[dict[str, _Wish], list[Fault], int]:
    """What a file's lines ask for, what is wrong with them, and how many say a thing again."""
    wishes: dict[str, _Wish] = {}
    faults, again = [], 0
    for line in lines:
        try:
            if line.refused:
                raise ValidationError(line.refused)
            source, goal = source_of(line.source), redirect_targets.goal_of(line.target)
            first = wishes.setdefault(source, _Wish(line.number, goal))
            if first.goal != goal:
                raise ValidationError(
                    _("Line %(line)d says otherwise of the same old address.")
                    % {"line": first.line}
                )
            again += first.line != line.number
        except ValidationError as refused:
            faults.append(Fault(line.number, " ".join(refused.messages)))
    return wishes, faults, again


def _ends(wishes: Mapping[str, _Wish]) -> tuple[dict[str, Target], list[Fault]]:
    """Where each old address leads in the end, over others on the list or in the file."""
    asked = {wish.goal for wish in wishes.values() if isinstance(wish.goal, OnSite)}
    found: dict[OnSite, Target] = {}
    for some in _batches(asked, _AT_ONCE):
        found |= redirect_targets.standing(some)
    held = _held(one.key for one in asked - found.keys() if one.key not in wishes)
    ends, faults = {}, []
    for source, wish in wishes.items():
        try:
            ends[source] = _end(source, wishes, found, held)
        except ValidationError as refused:
            faults.append(Fault(wish.line, " ".join(refused.messages)))
    return ends, faults


def _end(
    source: str,
    wishes: Mapping[str, _Wish],
    found: Mapping[OnSite, Target],
    held: Mapping[str, Target],
) -> Target:
    """Follow an old address to its end; raise ValidationError where it has none."""
    passed = [source]
    while True:
        goal = wishes[passed[-1]].goal
        if isinstance(goal, Target):
            return goal
        key = goal.key
        if key in passed:
            raise ValidationError(_loop(passed, key))
        if end := found.get(goal) or held.get(key):
            return end
        if key not in wishes:
            raise ValidationError(
                _("Nothing stands at “%(address)s” on this site.") % {"address": goal.path[:200]}
            )
        if len(passed) == MOST_STEPS:
            raise ValidationError(_("It leads over more than ten other old addresses."))
        passed.append(key)


def _loop(passed: list[str], key: str) -> str:
    if len(passed) == 1:
        return _("It leads to itself.")
    shown = " → ".join(one[:80] for one in (*passed, key))
    return _("It leads back to where it was, and never ends: %(steps)s.") % {"steps": shown}


def _held(sources: Iterable[str]) -> dict[str, Target]:
    """Where those old addresses lead that are on the list."""
    held: dict[str, Target] = {}
    for some in _batches(sources, _AT_ONCE):
        rows = Redirect.objects.filter(source__in=some).values_list("source", *_FIELDS)
        held |= {source: Target(*fields) for source, *fields in rows}
    return held


def _row(source: str, end: Target, by: Actor) -> Redirect:
    return Redirect(
        source=source, kind=end.kind, what=end.what, address=end.address, by_name=str(by)[:120]
    )


def _batches(things: Iterable[One], size: int) -> Iterator[list[One]]:
    iterator = iter(things)
    return iter(lambda: list(islice(iterator, size)), [])


def _move_on(takes_away: object) -> None:
    step: Callable[[], None] = edition.move_on_with_a_withdrawal if takes_away else edition.move_on
    step()
