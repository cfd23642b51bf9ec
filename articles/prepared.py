"""Questions to the database that are put into SQL once a process, and then only get their values.

Django builds and compiles a query anew each time it is asked; of a reader's page that was three
quarters of the work. A builder under `@prepared` reads like any other. It is called twice with
stand-ins for its values: where the two compilations differ there must be stand-ins, the same in
both and as they were given. Later calls put their values there, and Django's own iterables and
converters make the rows.

What stands of Django here that its documentation does not promise stands in this file only.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import lru_cache, update_wrapper
from itertools import count
from typing import Any, Generic, ParamSpec, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

P = ParamSpec("P")
Row = TypeVar("Row")
# Of an argument: the type of its one value, how many whole numbers it lists, or None for None.
Kind = type | int | None
# Of a parameter: which of all values it is, and what it is made into (PostgreSQL's numbers).
Place = tuple[int, type | None]

_SINGLE: tuple[type, ...] = (datetime, int, str)
_MOST_SHAPES = 256  # of one question: it is asked with lists of a few lengths
# Stand-ins are none that a builder or Django could write by itself.
_BEGINNING, _LARGE, _OF_A_TURN = datetime(1201, 2, 3, 4, 5, 6, 789012, UTC), 10**15, 100_000
ALL: "list[Prepared[Any, Any]]" = []  # every question that is asked anywhere, for tests


class Prepared(Generic[P, Row]):
    """A question that is compiled once for every shape of its arguments.

    Arguments by position are values: moments, whole numbers, texts, whole numbers to be among, or
    None. Arguments by keyword shape the question (how many rows, say): each has SQL of its own.
    """

    def __init__(self, build: "Callable[P, QuerySet[Any, Row]]") -> None:
        self.build = build
        self._statement = lru_cache(_MOST_SHAPES)(self._compiled)
        update_wrapper(self, build)

    def __call__(self, *values: P.args, **words: P.kwargs) -> list[Row]:
        """Return the rows.

        Raises TypeError for an argument by position that is no value, and ValueError where the
        question makes something else of a value before it hands it to the database.
        """
        kinds: list[Kind] = []
        flat: list[Any] = []
        for value in values:
            kind = _kind(value)
            if isinstance(kind, int):
                flat += _padded(cast("Iterable[int]", value), kind)
            elif kind:
                flat.append(value)
            kinds.append(kind)
        return self._statement(tuple(kinds), *words.items()).rows(flat)

    def _compiled(self, kinds: tuple[Kind, ...], *words: tuple[str, Any]) -> "_Statement":
        first, second = (_Trial(self.build, kinds, dict(words), turn) for turn in (1, 2))
        places = [first.place(param) for param in first.params]
        same = [second.place(param) for param in second.params]
        constants = [
            param == other
            for param, other, place in zip(first.params, second.params, places, strict=False)
            if place is None
        ]
        is_whole = not first.sql or len({n for n, _ in filter(None, places)}) == len(first.given)
        if first.sql != second.sql or places != same or not all(constants) or not is_whole:
            raise ValueError(
                f"{self.build.__qualname__} does not hand its values on as they are. Give it what "
                "it makes of them, and by keyword what decides how the question is written."
            )
        return _Statement(first, places)


def prepared(build: "Callable[P, QuerySet[Any, Row]]") -> Prepared[P, Row]:
    """Let a function that returns a queryset return its rows, and compile it once (Prepared)."""
    question = Prepared(build)
    ALL.append(question)
    return question


class _Trial:
    """A question compiled for stand-ins, of which those of another turn are others."""

    def __init__(
        self, build: Callable[..., QuerySet], kinds: Iterable[Kind], words: dict, turn: int
    ) -> None:
        numbers = count(turn * _OF_A_TURN)
        arguments = [_stand_in(kind, numbers) for kind in kinds]
        self.rows = build(*arguments, **words)
        self.compiler = self.rows.query.get_compiler(self.rows.db)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:  # whatever the values are
            self.sql, self.params = "", ()
        self.given = _adapted(self.compiler.connection, _flat(arguments))

    def place(self, param: Any) -> "Place | None":
        """Which stand-in a parameter is; None: it is none."""
        if not isinstance(param, _SINGLE) or param not in self.given:
            return None
        number = self.given.index(param)
        is_as_given = type(param) is type(self.given[number])
        return number, (None if is_as_given else type(param))


class _Statement:
    """A question in SQL, and where its values stand."""

    def __init__(self, trial: _Trial, places: Sequence[Place | None]) -> None:
        self._queryset, self._compiler, self._sql = trial.rows, trial.compiler, trial.sql
        # Each value once in each form, then what is the same whatever the values are.
        self._forms = list(dict.fromkeys(place for place in places if place))
        at = {place: number for number, place in enumerate(self._forms)}
        # How what is found in each column is made into what Django has of it.
        self._converters: Any = None
        self._constants: list[Any] = []
        self._order: list[int] = []
        for place, param in zip(places, trial.params, strict=True):
            if place:
                self._order.append(at[place])
            else:
                self._order.append(len(at) + len(self._constants))
                self._constants.append(param)

    def rows(self, values: Sequence[Any]) -> list[Any]:
        """Ask the database, on the thread's own connection."""
        connection = connections[self._queryset.db]
        adapted = _adapted(connection, values)
        pool = [form(adapted[n]) if form else adapted[n] for n, form in self._forms]
        pool += self._constants
        answer = self._sql, tuple(map(pool.__getitem__, self._order))
        compiler = copy(self._compiler)
        vars(compiler).update(
            connection=connection, as_sql=lambda: answer, get_converters=self._converted
        )
        queryset = object.__new__(type(self._queryset))
        vars(queryset).update(vars(self._queryset), _query=_Asked(compiler))
        return list(queryset)

    def _converted(self, columns: Any) -> Any:
        if self._converters is None:
            self._converters = self._compiler.get_converters(columns)
        return self._converters


class _Asked:
    """What Django's iterables take for the query: itself, but compiled."""

    def __init__(self, compiler: Any) -> None:
        self._compiler = compiler

    def get_compiler(self, *_using: Any, **_how: Any) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiler.query, name)


def _kind(value: Any) -> Kind:
    if value is None:
        return None
    if isinstance(value, bool):
        raise TypeError(f"{value} is no value to put in; give it by keyword.")
    for kind in _SINGLE:
        if isinstance(value, kind):
            return kind
    # As long as a power of two: there is no SQL of its own for every length.
    return 1 << (len(value) - 1).bit_length() if value else 0


def _padded(numbers: Iterable[int], length: int) -> list[int]:
    """Some numbers, the last of them again and again."""
    listed = list(numbers)
    return listed + listed[-1:] * (length - len(listed))


def _stand_in(kind: Kind, numbers: Iterator[int]) -> Any:
    if kind is datetime:
        return _BEGINNING + timedelta(days=next(numbers))
    if kind is str:
        return f"stand-in-{next(numbers)}"
    if kind is int:
        return _LARGE + next(numbers)
    return [_LARGE + next(numbers) for _ in range(kind)] if isinstance(kind, int) else None


def _flat(arguments: Iterable[Any]) -> list[Any]:
    flat: list[Any] = []
    for value in arguments:
        flat += value if isinstance(value, list) else () if value is None else (value,)
    return flat


def _adapted(connection: Any, values: Iterable[Any]) -> list[Any]:
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(value) if isinstance(value, datetime) else value for value in values]
