"""A page of a long list, by a bounded walk: what an index holds in order, and what only looking
at a story tells. No list is counted, and none is read further than MOST stories a page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from django.db.models import DateTimeField, F, Func, Lookup, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from articles.models import Article

PAGE = 50
MOST = 5_000  # stories that are looked at for one page
_FIRST, _LARGEST = 200, 1_600  # stories looked at in one go


class Row(NamedTuple):
    """What a walk knows of a story without looking further."""

    pk: int
    edited_at: datetime
    due_at: datetime | None
    status: str
    section_id: int
    created_by_id: int | None
    assignee_id: int | None
    erased: bool


Key = tuple[Any, ...]  # where a story stands in a list's order: sorted, the list itself


class HasId(Protocol):
    """A row of a list."""

    @property
    def pk(self) -> int: ...


R = TypeVar("R", bound=HasId)
Test = Callable[[Sequence[Any]], set[int]]  # those of some rows (ids) that a list holds


class Source(Protocol[R]):
    """A list's rows in its order."""

    def key(self, row: R) -> Key: ...

    def take(self, after: Key | None, size: int, *, backwards: bool) -> list[R]:
        """The next rows after (backwards: before) a place, or from the list's beginning."""
        ...


def rows_of(stories: QuerySet[Article]) -> list[Row]:
    """What a walk knows of stories: one query."""
    return [Row(*values) for values in stories.values_list(*Row._fields)]


class _Pair(Func):
    """(moment, id), which is compared in the order of an index that ends in both: one range."""

    template = "(%(expressions)s)"
    output_field = DateTimeField()


@dataclass(frozen=True)
class Ranges:
    """Ranges of indexes that end in (moment, id), merged: each an own query of `size` rows."""

    ranges: Sequence[QuerySet[Article]]
    moment: str  # “edited_at”, the newest first, or “due_at”, the earliest first

    @property
    def _newest_first(self) -> bool:
        return self.moment == "edited_at"

    def key(self, row: Row) -> Key:
        moment = getattr(row, self.moment)
        sign = -1 if self._newest_first else 1
        return (sign * microseconds(moment), sign * row.pk)

    def take(self, after: Key | None, size: int, *, backwards: bool) -> list[Row]:
        falls = self._newest_first != backwards
        found: set[Row] = set()
        for stories in self.ranges:
            if after is not None:
                stories = stories.filter(self._beyond(after, LessThan if falls else GreaterThan))
            sign = "-" if falls else ""
            found.update(rows_of(stories.order_by(f"{sign}{self.moment}", f"{sign}pk")[:size]))
        return sorted(found, key=self.key, reverse=backwards)[:size]

    def _beyond(self, after: Key, than: type[Lookup]) -> Lookup:
        at, pk = (abs(part) for part in after)
        here = _Pair(Value(of_microseconds(at), DateTimeField()), Value(pk))
        return than(_Pair(F(self.moment), F("pk")), here)


@dataclass(frozen=True)
class Pile:
    """Stories that are few enough to be sorted here, in an order of their own."""

    rows: Sequence[Row]
    order: Callable[[Row], Key]

    def key(self, row: Row) -> Key:
        return self.order(row)

    def take(self, after: Key | None, size: int, *, backwards: bool) -> list[Row]:
        rows: Iterable[Row] = sorted(self.rows, key=self.order, reverse=backwards)
        if after is not None and backwards:
            rows = (row for row in rows if self.order(row) < after)
        elif after is not None:
            rows = (row for row in rows if self.order(row) > after)
        return list(islice(rows, size))


def microseconds(moment: datetime) -> int:
    """A moment as a whole number, for a place in a list."""
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + moment.microsecond


def of_microseconds(number: int) -> datetime:
    """The moment that a whole number is; raises OverflowError, OSError or ValueError for none."""
    seconds, rest = divmod(number, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


@dataclass(frozen=True)
class Walked(Generic[R]):
    """What a walk found, in the list's order, and where it ended."""

    rows: tuple[R, ...]
    goes_on: bool  # there is another one beyond them
    stopped_at: R | None = None  # the last looked at, where the page is not full


def walk(
    source: Source[R],
    tests: Sequence[Test],
    *,
    after: Key | None = None,
    backwards: bool = False,
    most: int | None = None,
) -> Walked[R]:
    """Walk a list from a place on (None: its beginning), up to a full page or `most` rows."""
    most = min(most or MOST, MOST)
    found: list[R] = []
    looked, size = 0, _FIRST if tests else PAGE + 1
    while looked < most:
        rows = source.take(after, size, backwards=backwards)
        found += _passing(rows, tests)
        looked += len(rows)
        if len(found) > PAGE:
            return Walked(_in_order(found[:PAGE], backwards=backwards), goes_on=True)
        if len(rows) < size:
            return Walked(_in_order(found, backwards=backwards), goes_on=False)
        after = source.key(rows[-1])
        size = min(size * 2, _LARGEST, max(most - looked, 1))
    ordered = _in_order(found, backwards=backwards)
    return Walked(ordered, goes_on=True, stopped_at=rows[-1])


def _in_order(found: list[R], *, backwards: bool) -> tuple[R, ...]:
    return tuple(reversed(found) if backwards else found)


def _passing(rows: list[R], tests: Sequence[Test]) -> list[R]:
    for test in tests:
        if rows:
            passing = test(rows)
            rows = [row for row in rows if row.pk in passing]
    return rows
