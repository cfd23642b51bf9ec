"""The audit, page by page: the newest Moves first, of a verb, a person or a story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.db.models import QuerySet

from articles.desk.asked import is_id
from articles.desk.story_walk import Key, walk
from articles.models import Move


@dataclass(frozen=True)
class Asked:
    """What of the audit is asked for; an empty string asks for nothing."""

    verb: str = ""
    by: str = ""  # part of a person's name, as it was
    story: str = ""  # an id

    @classmethod
    def of(cls, typed: Mapping[str, Any]) -> Self:
        """What an address's parameters ask for."""
        held = {field.name: str(typed.get(field.name, "")).strip()[:120] for field in fields(cls)}
        return cls(**held | {"story": held["story"] if is_id(held["story"]) else ""})

    @property
    def query(self) -> str:
        """As an address's query; empty where nothing is asked."""
        return urlencode({name: value for name, value in vars(self).items() if value})


@dataclass(frozen=True)
class Page:
    """A page of the audit, and where the others begin (Moves' ids)."""

    moves: tuple[Move, ...]
    newer: int | None = None  # ?after=
    older: int | None = None  # ?before=
    stopped_at: Move | None = None  # the walk ended there before the page was full


class _Row(NamedTuple):
    pk: int
    verb: str
    by_name: str


@dataclass(frozen=True)
class _Moves:
    """Moves in their order: that of an index, be it of a story or of all."""

    moves: QuerySet[Move]

    def key(self, row: _Row) -> Key:
        return (-row.pk,)

    def take(self, after: Key | None, size: int, *, backwards: bool) -> list[_Row]:
        moves = self.moves.order_by("pk" if backwards else "-pk")
        if after is not None:
            pk = -after[0]
            moves = moves.filter(pk__gt=pk) if backwards else moves.filter(pk__lt=pk)
        return [_Row(*values) for values in moves.values_list(*_Row._fields)[:size]]


def page(asked: Asked, *, before: str = "", after: str = "") -> Page:
    """A page of the audit: the newest, what is older than the Move `before`, or what is newer
    than the Move `after`. Anything that is no id gives the newest."""
    moves = Move.objects.filter(article=int(asked.story)) if asked.story else Move.objects.all()
    source, tests = _Moves(moves), _tests(asked)
    if is_id(after):
        walked = walk(source, tests, after=(-int(after),), backwards=True)
        if walked.goes_on:
            began = walked.stopped_at or walked.rows[0]
            last = walked.rows[-1].pk if walked.rows else int(after)
            return Page(_moves(walked.rows), began.pk, last, _move(walked.stopped_at))
    begins = (-int(before),) if is_id(before) else None
    walked = walk(source, tests, after=begins)
    ended = walked.stopped_at or (walked.rows[-1] if walked.goes_on else None)
    newer = walked.rows[0].pk if begins and walked.rows else None
    return Page(_moves(walked.rows), newer, ended.pk if ended else None, _move(walked.stopped_at))


def verbs() -> list[str]:
    """Every verb that was ever done, by its name: a step of the index each."""
    found: list[str] = []
    while True:
        rows = Move.objects.filter(verb__gt=found[-1]) if found else Move.objects.all()
        following = rows.order_by("verb").values_list("verb", flat=True).first()
        if following is None:
            return found
        found.append(following)


def _tests(asked: Asked) -> list[Any]:
    name = asked.by.casefold()

    def test(rows: Sequence[_Row]) -> set[int]:
        return {
            row.pk
            for row in rows
            if row.verb == (asked.verb or row.verb) and name in row.by_name.casefold()
        }

    return [test] if asked.verb or name else []


def _moves(rows: Sequence[_Row]) -> tuple[Move, ...]:
    return tuple(Move.objects.filter(pk__in=[row.pk for row in rows]).order_by("-pk"))


def _move(row: _Row | None) -> Move | None:
    return Move.objects.get(pk=row.pk) if row else None
