"""One question asked of many spans of time, in one statement: a step in an index for each span.

Django would compile the question again for every span, which takes a hundred times as long as the
database takes to answer it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

# What stands in a question for the beginning and the end of a span: moments that no story has, and
# ids that none has.
SINCE = datetime(1, 1, 2, 3, 4, 5, 678901, UTC)
UNTIL = datetime(1, 1, 3, 4, 5, 6, 789012, UTC)
LOW, HIGH = 2**62 + 123_456_789, 2**62 + 987_654_321
# SQLite takes 32,766 parameters a statement; here five a span and those of the questions.
_SPANS_A_STATEMENT = 5000


class Span(NamedTuple):
    """The moments (aware, in UTC) from one until another, which is not in it."""

    since: datetime
    until: datetime


class Part(NamedTuple):
    """The ids from one until another, which is not in it, of a span."""

    since: datetime
    until: datetime
    low: int
    high: int


_MARKS: dict[str, datetime | int] = {"since": SINCE, "until": UNTIL, "low": LOW, "high": HIGH}


class _Question:
    """A question's SQL, with the span's columns where it names them."""

    def __init__(self, rows: QuerySet) -> None:
        compiler = rows[:1].query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = {_adapted(mark): f"span.{name}" for name, mark in _MARKS.items()}
        marks = [columns.get(param, "%s") for param in params]
        pairs = zip(sql.split("%s"), [*marks, ""], strict=True)
        self.sql = f"({''.join(chain.from_iterable(pairs))})"
        self.params = [param for param in params if param not in columns]
        self.column = compiler.select[0][0]
        self.converters, _column = compiler.get_converters([self.column]).get(0, ([], None))

    def value(self, found: Any) -> Any:
        """What the database found, as Django has it."""
        for convert in self.converters:
            found = convert(found, self.column, connection)
        return found


def of_each(spans: Sequence[Span | Part], questions: Sequence[QuerySet]) -> list[list[Any]]:
    """For each span, what each question finds first: a value, or None where there is nothing.

    A question is ordered, asks for the values of one column, and names SINCE and UNTIL, of parts
    LOW and HIGH as well.
    """
    asked = [_Question(rows) for rows in questions]
    return [
        [question.value(value) for question, value in zip(asked, row[1:], strict=True)]
        for start in range(0, len(spans), _SPANS_A_STATEMENT)
        for row in _rows(asked, spans[start : start + _SPANS_A_STATEMENT])
    ]


def _rows(asked: Sequence[_Question], spans: Sequence[Span | Part]) -> list[tuple]:
    values = ", ".join(["(%s, %s, %s, %s, %s)"] * len(spans))
    columns = ", ".join(["n", *(question.sql for question in asked)])
    numbered = [(n, *map(_adapted, (*span, 0, 0)[:4])) for n, span in enumerate(spans)]
    params = [*numbered, *(question.params for question in asked)]
    span = f"WITH span (n, since, until, low, high) AS (VALUES {values})"
    statement = f"{span} SELECT {columns} FROM span"  # noqa: S608 - text of this file and of Django's compiler; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(statement, list(chain.from_iterable(params)))
        return sorted(cursor.fetchall())


def _adapted(value: datetime | int) -> Any:
    if isinstance(value, int):
        return value
    return connection.ops.adapt_datetimefield_value(value)
