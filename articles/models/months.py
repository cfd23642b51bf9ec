"""The month (UTC) that a moment is in, as what an index can hold on both databases."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, F, Func, Value
from django.db.models.lookups import Exact


class UTCMonth(Func):
    """A month as the database compares it; no more than that can be done with it.

    Django's own TruncMonth is a function that Python gives to SQLite, which no index can hold.
    """

    arity = 1
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, 1, 7)")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "date_trunc('month', %(expressions)s AT TIME ZONE 'UTC')"
        return self.as_sql(compiler, connection, template=template)


def in_month(field: str, moment: datetime) -> Exact:
    """That a field's moment is in the same month (UTC) as another."""
    return Exact(UTCMonth(F(field)), UTCMonth(Value(moment, output_field=DateTimeField())))
