"""Whether the database holds every index, rule and trigger that the code counts on."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import CheckConstraint, Index, UniqueConstraint

from articles.intervals import NoOverlap

# No model declares these: the words of the desk's search, and of the readers'.
OF_WORDS = {
    "articles_search": "articles/migrations/0008_desk_search.py",
    "articles_reading_search": "articles/migrations/0013_reading_search.py",
}
Held = Mapping[str, Mapping[str, Any]]


def lacking(_now: datetime) -> Iterator[str]:
    """What a model or a migration declares, and the database does not have."""
    tables = set(connection.introspection.table_names())
    yield from _lacking_words(tables)
    with connection.cursor() as cursor:
        triggers = _triggers(cursor)
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and model._meta.db_table in tables:
                held = connection.introspection.get_constraints(cursor, model._meta.db_table)
                for name, statement in _declared(model, held, triggers):
                    yield (
                        f"{name} is missing in the database's table {model._meta.db_table}: "
                        f"run `manage.py dbshell` and there: {statement}"
                    )


def _declared(
    model: type[models.Model], held: Held, triggers: set[str]
) -> Iterator[tuple[str, str]]:
    """What a table lacks: its name, and the statement that makes it."""
    for rule in (*model._meta.indexes, *model._meta.constraints):
        if isinstance(rule, NoOverlap) and connection.vendor == "sqlite":
            present = {f"{rule.name}_insert", f"{rule.name}_update"} <= triggers
        else:
            # PostgreSQL cuts a name that is too long, and says nothing.
            known_as = rule.name[: connection.ops.max_name_length()]
            present = known_as in held or _is_of_another_kind(rule)
        if not present:
            yield rule.name, _statement(model, rule)
    for field in model._meta.local_concrete_fields:
        column, table = field.column, model._meta.db_table
        if field.primary_key or not (field.unique or getattr(field, "db_index", False)):
            continue
        if not any(_is_index_of(column, one, unique=field.unique) for one in held.values()):
            kind = "UNIQUE INDEX" if field.unique else "INDEX"
            name = f"{table}_{column}_again"
            yield f"The index of {column}", f'CREATE {kind} "{name}" ON "{table}" ("{column}");'


def _is_of_another_kind(rule: Any) -> bool:
    return not isinstance(rule, Index | UniqueConstraint | CheckConstraint | NoOverlap)


def _is_index_of(column: str | None, one: Mapping[str, Any], *, unique: bool) -> bool:
    is_index = one["unique"] if unique else one["index"] or one["unique"]
    return (
        is_index
        and (one["columns"] or [None])[0] == column
        and (not unique or len(one["columns"]) == 1)
    )


def _statement(model: type[models.Model], rule: Any) -> str:
    """The SQL that makes an index or a rule; on SQLite a rule of a row is part of its table."""
    if isinstance(rule, CheckConstraint) and connection.vendor == "sqlite":
        return "nothing will do, as SQLite keeps rules in tables; go back to the last backup."
    editor = connection.schema_editor(collect_sql=True)  # not entered: nothing is changed
    statement = rule.create_sql(model, editor)
    made = [str(statement)] if statement else []
    return " ".join(f"{one.rstrip(';')};" for one in (*made, *editor.collected_sql))


def _triggers(cursor: Any) -> set[str]:
    if connection.vendor != "sqlite":
        return set()
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return {row[0] for row in cursor.fetchall()}


def _lacking_words(tables: set[str]) -> Iterator[str]:
    for table, migration in OF_WORDS.items():
        if table not in tables:
            yield (
                f"The table {table} of a search is missing: make it as {migration} does, then run "
                "`manage.py rebuild_search`."
            )
        elif connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                held = connection.introspection.get_constraints(cursor, table)
            if f"{table}_words" not in held:
                yield (
                    f"The index {table}_words of a search is missing, and each search reads all "
                    f"words: make it as the last migration that names it does ({migration})."
                )
