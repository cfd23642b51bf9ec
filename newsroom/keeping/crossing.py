"""From SQLite to PostgreSQL: the rows of a backup of the one, as the other takes them."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from newsroom.keeping import sqlite, tables
from newsroom.keeping.archive import Archive, Unfit
from newsroom.keeping.manifest import Manifest

_KINDS = """
SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
_ROWS = "SELECT {columns} FROM {table}"
_BATCH = 1000

_AS: dict[str, Callable[[Any], Any]] = {
    "boolean": bool,
    # Django writes moments into SQLite in UTC, without saying so.
    "timestamp with time zone": lambda text: f"{text}+00",
    "tsvector": lambda words: " ".join(f"'{word}'" for word in words.split()),
}


def copy(archive: Archive, manifest: Manifest, connection: Any, folder: Path) -> None:
    """Copy every row of a backup of SQLite into the tables of its migrations. Raises Unfit."""
    # Read without Django's converters: what SQLite keeps as text, PostgreSQL takes as text.
    source = sqlite3.connect(sqlite.unpack(archive, manifest, folder, connection))
    try:
        for name in tables.names(connection):
            _copy(source, connection, manifest, name)
    finally:
        source.close()


def _copy(source: Any, connection: Any, manifest: Manifest, name: str) -> None:
    kinds = dict(tables.ask(connection, _KINDS, [connection.ops.quote_name(name)]))
    if name not in manifest.tables:
        raise Unfit(f"The backup has no table {name}, as its migrations make it.")
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, kinds))
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {quote(name)} ({columns}) FROM STDIN") as rows:
            for row in _rows(source, name, list(kinds)):
                rows.write_row(_crossed(row, list(kinds.values())))
        if cursor.rowcount != manifest.tables[name]:
            raise Unfit(f"Other rows came back in {name} than the backup holds.")


def _rows(source: Any, name: str, columns: list[str]) -> Iterator[Sequence[Any]]:
    asked = [f'"{column}"' for column in columns]
    if name in tables.SEARCH:
        asked = ["rowid" if c == tables.SEARCH[name] else f'"{c}"' for c in columns]
    found = source.execute(_ROWS.format(columns=", ".join(asked), table=f'"{name}"'))
    while batch := found.fetchmany(_BATCH):
        yield from batch


def _crossed(row: Sequence[Any], kinds: list[str]) -> list[Any]:
    return [
        value if value is None or kind not in _AS else _AS[kind](value)
        for value, kind in zip(row, kinds, strict=True)
    ]
