"""What a migration does to a large table while the site serves.

Django's own operations for this know PostgreSQL only; these are migrated on both databases. On
SQLite they are Django's usual ones: writers wait, as they do for every migration there. Their
migration says `atomic = False`, and may be run again where it was stopped half-way.
"""

from typing import Any

from django.contrib.postgres.operations import NotInTransactionMixin
from django.db.migrations import AddConstraint, AddIndex, RemoveIndex


class AddIndexWhileServing(NotInTransactionMixin, AddIndex):
    """An index that is built while others read and write."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, *states)
            return
        self._ensure_not_in_transaction(schema_editor)
        # What a stopped build left is invalid: it costs every write, and no query reads it.
        name = schema_editor.quote_name(self.index.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        model = states[1].apps.get_model(app_label, self.model_name)
        schema_editor.add_index(model, self.index, concurrently=True)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, *states)
            return
        self._ensure_not_in_transaction(schema_editor)
        model = states[0].apps.get_model(app_label, self.model_name)
        schema_editor.remove_index(model, self.index, concurrently=True)


class RemoveIndexWhileServing(NotInTransactionMixin, RemoveIndex):
    """An index that is dropped without waiting for those who read, or having them wait."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, *states)
            return
        self._ensure_not_in_transaction(schema_editor)
        name = schema_editor.quote_name(self.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, *states)
            return
        self._ensure_not_in_transaction(schema_editor)
        index = states[1].models[app_label, self.model_name_lower].get_index_by_name(self.name)
        model = states[1].apps.get_model(app_label, self.model_name)
        schema_editor.add_index(model, index, concurrently=True)


class AddCheckWhileServing(NotInTransactionMixin, AddConstraint):
    """A check that holds for new rows at once, and is then looked for in the old ones while others
    write."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, *states)
            return
        self._ensure_not_in_transaction(schema_editor)
        model = states[1].apps.get_model(app_label, self.model_name)
        table = schema_editor.quote_name(model._meta.db_table)
        name = schema_editor.quote_name(self.constraint.name)
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        added = self.constraint.create_sql(model, schema_editor)
        schema_editor.execute(f"{added} NOT VALID", params=None)
        schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
