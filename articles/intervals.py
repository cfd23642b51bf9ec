"""What holds from one moment to another: the gate, the next change, and that no two overlap."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import F, Q


class IntervalQuerySet(models.QuerySet):
    """Questions about half-open intervals [starts_at, ends_at); moments are aware, in UTC."""

    def at(self, t: datetime) -> Self:
        """Those that hold at the moment t."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=t), starts_at__lte=t)

    def begun(self, t: datetime) -> Self:
        """Those that had begun by the moment t, ended or not."""
        return self.filter(starts_at__lte=t)

    def unfinished(self, t: datetime) -> Self:
        """Those that hold at the moment t or later."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=t))

    def next_change(self, t: datetime) -> datetime | None:
        """The first moment after t at which one of these starts or ends; None when none will."""
        return first(self.next_start(t), self.next_end(t))

    def next_start(self, t: datetime) -> datetime | None:
        """The first moment after t at which one of these starts."""
        return self.filter(starts_at__gt=t).aggregate(first=models.Min("starts_at"))["first"]

    def next_end(self, t: datetime) -> datetime | None:
        """The first moment after t at which one of these ends."""
        return self.filter(ends_at__gt=t).aggregate(first=models.Min("ends_at"))["first"]


class Interval(models.Model):
    """A row that holds from `starts_at` until just before `ends_at` (empty: for ever)."""

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    # Of rows that follow another kind's: they start and end at no moment of their own.
    follows_another = False

    class Meta:
        abstract = True

    def holds(self, t: datetime) -> bool:
        """Whether it holds at the moment t."""
        return self.starts_at <= t and (self.ends_at is None or self.ends_at > t)


def kinds() -> Iterable[type[Interval]]:
    """Every model that has a moment in the future."""
    return (model for model in apps.get_models() if issubclass(model, Interval))


def next_changes(t: datetime) -> tuple[datetime | None, datetime | None]:
    """The first moments after t at which anything on the site starts, and ends, by itself."""
    own: list[IntervalQuerySet] = [
        IntervalQuerySet(model) for model in kinds() if not model.follows_another
    ]
    return first(*(rows.next_start(t) for rows in own)), first(*(rows.next_end(t) for rows in own))


def next_change(t: datetime) -> datetime | None:
    """The first moment after t at which anything on the site starts or ends by itself."""
    return first(*next_changes(t))


def first(*moments: datetime | None) -> datetime | None:
    """The earliest of some moments, where there is one."""
    return min((moment for moment in moments if moment), default=None)


def ends_after_it_starts(name: str) -> models.CheckConstraint:
    """The constraint that an interval does not end before it starts (it may have no length)."""
    return models.CheckConstraint(
        name=name, condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at"))
    )


_POSTGRESQL = (
    "EXCLUDE USING gist (int8range({owner}, {owner}, '[]') WITH &&, "
    "tstzrange(starts_at, ends_at) WITH &&) DEFERRABLE INITIALLY DEFERRED"
)
_SQLITE = """CREATE TRIGGER "%(name)s_%(verb)s" BEFORE %(when)s ON %(table)s
WHEN NEW.starts_at IS NOT NEW.ends_at BEGIN
  SELECT RAISE(ABORT, 'two intervals overlap: %(name)s') FROM %(table)s other
  WHERE other.%(owner)s = NEW.%(owner)s AND other.id IS NOT NEW.id
    AND other.starts_at < coalesce(NEW.ends_at, '9999-12-31')
    AND NEW.starts_at < coalesce(other.ends_at, '9999-12-31')
    AND other.starts_at IS NOT other.ends_at;
END"""


class NoOverlap(models.BaseConstraint):
    """No two intervals of one owner overlap; those of no length never do.

    An exclusion constraint on PostgreSQL (without btree_gist, deferred to the commit), triggers
    on SQLite. Being a declared constraint, it comes back when Django rebuilds a table on
    SQLite, where a trigger made by RunSQL silently vanishes.
    """

    def __init__(self, *, owner: str, name: str) -> None:
        self.owner = owner  # the column of the owner's id
        super().__init__(name=name)

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            rule = _POSTGRESQL.format(owner=schema_editor.quote_name(self.owner))
            return f"CONSTRAINT {schema_editor.quote_name(self.name)} {rule}"
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            table = schema_editor.quote_name(model._meta.db_table)
            return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"
        for trigger in self._triggers(model, schema_editor):
            schema_editor.execute(trigger)
        return None

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            table = schema_editor.quote_name(model._meta.db_table)
            return f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"
        for verb in ("insert", "update"):
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{self.name}_{verb}"')
        return None

    def _triggers(self, model: Any, schema_editor: Any) -> list[Statement]:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        return [
            Statement(_SQLITE, name=self.name, verb=verb, when=when, owner=self.owner, table=table)
            for verb, when in (("insert", "INSERT"), ("update", "UPDATE"))
        ]

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Left to the database: a form cannot know what another transaction is writing."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "owner": self.owner}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NoOverlap):
            return NotImplemented
        return (self.name, self.owner) == (other.name, other.owner)

    def __hash__(self) -> int:
        return hash((self.name, self.owner))
