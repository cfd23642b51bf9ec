"""What a backup has to know of the database's tables, by name: this room imports no model."""

from collections.abc import Iterable, Iterator
from typing import Any

# Which columns name files of the store.
FILES = (("articles_image", "file"), ("articles_rendition", "file"))
# What `migrate` itself writes: a database that holds no more than this is empty.
MADE_BY_MIGRATE = {
    "accounts_user_groups", "articles_edition", "articles_section", "auth_group",
    "auth_group_permissions", "auth_permission", "django_content_type", "django_migrations",
}  # fmt: skip
# The indexes of words, which no model declares: FTS5, or on PostgreSQL a table with this key.
SEARCH = {"articles_search": "article_id", "articles_reading_search": "place"}

_BATCH = 1000
_COUNT = "SELECT count(*) FROM {table}"
_ANY = "SELECT 1 FROM {table} LIMIT 1"
_NEXT_FILES = "SELECT id, {column} FROM {table} WHERE id > %s ORDER BY id LIMIT %s"
_SQLITE = (
    r"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%%' ESCAPE '\'"
)
_POSTGRESQL = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


def names(connection: Any) -> list[str]:
    """Every table there is, but those that belong to the database itself or to an extension."""
    sql = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    return sorted(row[0] for row in ask(connection, sql))


def count(connection: Any, table: str) -> int:
    return int(ask(connection, _COUNT.format(table=connection.ops.quote_name(table)))[0][0])


def holding(connection: Any) -> list[str]:
    """The tables that hold more than `migrate` writes; none: the database is empty."""
    of_search = tuple(f"{table}_" for table in SEARCH)  # what FTS5 keeps for itself
    return [
        table
        for table in names(connection)
        if table not in MADE_BY_MIGRATE and not table.startswith(of_search)
        if ask(connection, _ANY.format(table=connection.ops.quote_name(table)))
    ]


def files(connection: Any) -> Iterator[str]:
    """The names of the store's files that the database names, in batches: no query stays open."""
    there = set(names(connection))
    for table, column in FILES:
        quote = connection.ops.quote_name
        sql = _NEXT_FILES.format(table=quote(table), column=quote(column))
        last = 0
        while table in there and (rows := ask(connection, sql, [last, _BATCH])):
            yield from (name for _, name in rows)
            last = rows[-1][0]


def applied(connection: Any) -> dict[str, str]:
    """The last migration of each app, as the database tells it."""
    rows = ask(connection, "SELECT app, name FROM django_migrations ORDER BY app, name")
    return dict(rows)


def ask(connection: Any, sql: str, params: Iterable[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return list(cursor.fetchall())
