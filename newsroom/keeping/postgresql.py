"""The database's half on PostgreSQL: every table by COPY, in one snapshot; no client tools.

pg_dump would have to be there, and of the server's version. What it adds is the schema, and the
migrations are that: a backup comes back into the tables that they make.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from newsroom.keeping import crossing, tables
from newsroom.keeping.archive import Archive, Stream, Unfit, Writer
from newsroom.keeping.manifest import Manifest

_SCHEMA = "newsroom_restoring"
_SESSION = """
SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '10s';
SET synchronize_seqscans = off; SET maintenance_work_mem = '256MB';
SET datestyle = 'ISO'; SET timezone = 'UTC'; SET extra_float_digits = 3
"""
_COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum
"""
_COUNTERS = """
SELECT t.relname, s.last_value FROM pg_sequences s
JOIN pg_depend d ON d.objid = format('%%I.%%I', s.schemaname, s.sequencename)::regclass
JOIN pg_class t ON t.oid = d.refobjid
WHERE s.schemaname = current_schema() AND s.last_value IS NOT NULL AND d.deptype IN ('a', 'i')
"""
_SET_COUNTER = "SELECT setval(pg_get_serial_sequence(quote_ident(%s), 'id'), %s)"
# Made again after the rows are there: a key or an index is then built once, not row by row.
_RULES = """
SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', t.relname, c.conname),
       format(
         'ALTER TABLE %%I ADD CONSTRAINT %%I %%s', t.relname, c.conname, pg_get_constraintdef(c.oid)
       )
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
WHERE c.connamespace = current_schema()::regnamespace AND c.contype IN ('f', 'x')
"""
_INDEXES = """
SELECT format('DROP INDEX %%I', i.relname), pg_get_indexdef(i.oid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
WHERE i.relnamespace = current_schema()::regnamespace AND NOT x.indisunique
  AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.oid)
"""


class Snapshot:
    """One state of the database, as long as this is open."""

    def __init__(self, connection: Any, _folder: Path) -> None:
        self.connection = connection.copy()
        self.connection.set_autocommit(False)
        with self.connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(_SESSION)
            quote = self.connection.ops.quote_name
            # No migration changes a table while it is read.
            listed = ", ".join(quote(name) for name in tables.names(self.connection))
            cursor.execute(f"LOCK TABLE {listed} IN ACCESS SHARE MODE")

    def tell(self, manifest: Manifest) -> None:
        """Say what is in it, but for the rows, which are counted as they are written."""
        names = tables.names(self.connection)
        manifest.columns = {name: _columns(self.connection, name) for name in names}
        manifest.counters = dict(tables.ask(self.connection, _COUNTERS))
        manifest.server = str(tables.ask(self.connection, "SHOW server_version")[0][0])
        self._manifest = manifest

    def write(self, writer: Writer) -> dict[str, Stream]:
        streams = {}
        for name, columns in self._manifest.columns.items():
            copied = _Copied(self.connection, name, columns)
            streams[name] = writer.add_stream(name, copied)
            self._manifest.tables[name] = copied.rows
        return streams

    def close(self) -> None:
        self.connection.close()


class _Copied:
    """A table's rows as COPY writes them."""

    def __init__(self, connection: Any, name: str, columns: list[str]) -> None:
        self._connection, self.rows = connection, 0
        self._sql = f"COPY {_target(connection, name, columns)} TO STDOUT"

    def __iter__(self) -> Iterator[bytes]:
        with self._connection.cursor() as cursor:
            with cursor.copy(self._sql) as copy:
                for data in copy:
                    yield bytes(data)
            self.rows = cursor.rowcount


def _target(connection: Any, name: str, columns: Iterable[str]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(name)} ({', '.join(quote(column) for column in columns)})"


def _columns(connection: Any, name: str) -> list[str]:
    quoted = connection.ops.quote_name(name)
    return [row[0] for row in tables.ask(connection, _COLUMNS, [quoted])]


class Restored:
    """A backup that comes back on PostgreSQL: built and checked in a schema of its own, beside the
    tables that are there, so that these are changed for it in one transaction."""

    def __init__(
        self, archive: Archive, manifest: Manifest, connection: Any, folder: Path, migrate: Any
    ) -> None:
        self._connection, self._manifest = connection, manifest
        self._schema = tables.ask(connection, "SELECT current_schema()")[0][0]
        if self._schema is None:
            raise Unfit("This database has no schema that the site can write to.")
        self._say(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE; CREATE SCHEMA {_SCHEMA}")
        try:
            self._look_at(_SCHEMA)
            migrate(connection, manifest.migrations)
            self._load(archive, manifest, folder)
        except connection.Database.Error as error:
            self.close()
            raise Unfit(f"PostgreSQL refuses what this backup holds: {error}") from error
        except BaseException:
            self.close()
            raise

    def take_place(self) -> None:
        """Put it in the place of what is there, in one transaction. Raises Unfit."""
        self._look_at(self._schema)
        quote = self._connection.ops.quote_name
        old, new = tables.names(self._connection), self._built
        moves = ["SET LOCAL lock_timeout = '10s'"]
        if old:
            moves.append(f"DROP TABLE {', '.join(map(quote, old))} CASCADE")
        moves += [
            f"ALTER TABLE {_SCHEMA}.{quote(name)} SET SCHEMA {quote(self._schema)}" for name in new
        ]
        try:
            self._say("BEGIN; " + "; ".join(moves) + "; COMMIT")
        except self._connection.Database.OperationalError as error:
            self._say("ROLLBACK")
            raise Unfit(f"The database was left as it was: {error} Is the site stopped?") from None

    def look_again(self) -> None:
        """Raise Unfit where other rows are in place than the backup holds."""
        for name in self._built:
            if tables.count(self._connection, name) != self._manifest.tables.get(name):
                raise Unfit(f"Other rows are in {name} than the backup holds.")

    def close(self) -> None:
        """Take away what was built and did not take its place."""
        self._look_at(self._schema)
        self._say(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")

    def _load(self, archive: Archive, manifest: Manifest, folder: Path) -> None:
        connection = self._connection
        self._built = tables.names(connection)
        quote = connection.ops.quote_name
        self._say(f"TRUNCATE {', '.join(map(quote, self._built))}")
        again = self._without_rules()
        if manifest.vendor == "sqlite":
            crossing.copy(archive, manifest, connection, folder)
        else:
            self._copy(archive, manifest)
        for statement in again:
            self._say(statement)
        for name, last in manifest.counters.items():
            if name in self._built:
                tables.ask(connection, _SET_COUNTER, [name, max(last, 1)])
        self._say("ANALYZE")

    def _copy(self, archive: Archive, manifest: Manifest) -> None:
        if sorted(manifest.streams) != self._built:
            odd = set(manifest.streams) ^ set(self._built)
            raise Unfit(f"The backup and its migrations tell of other tables: {sorted(odd)}.")
        for name, told in manifest.streams.items():
            columns = manifest.columns[name]
            if sorted(columns) != sorted(_columns(self._connection, name)):
                raise Unfit(f"The backup and its migrations tell of other columns of {name}.")
            sql = f"COPY {_target(self._connection, name, columns)} FROM STDIN"
            with self._connection.cursor() as cursor, cursor.copy(sql) as copy:
                for piece in archive.stream(name, told):
                    copy.write(piece)
            self._require_same(manifest, name, told)

    def _require_same(self, manifest: Manifest, name: str, told: Stream) -> None:
        """What was loaded, read again: as many rows, and the same bytes."""
        copied, sha256 = _Copied(self._connection, name, manifest.columns[name]), hashlib.sha256()
        for data in copied:
            sha256.update(data)
        if (copied.rows, sha256.hexdigest()) != (manifest.tables.get(name), told.sha256):
            raise Unfit(f"Other rows came back in {name} than the backup holds.")

    def _without_rules(self) -> list[str]:
        """Take keys, exclusions and indexes away; return what makes them again, indexes first."""
        rules = tables.ask(self._connection, _RULES)
        indexes = tables.ask(self._connection, _INDEXES)
        for drop, _ in [*rules, *indexes]:
            self._say(drop)
        return [make for _, make in [*indexes, *rules]]

    def _look_at(self, schema: str) -> None:
        """Have every statement from now on mean the tables of one schema, reconnected or not."""
        self._connection.close()
        options = self._connection.settings_dict["OPTIONS"]
        options["options"] = f"-c search_path={schema}"
        self._say(_SESSION)

    def _say(self, sql: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
