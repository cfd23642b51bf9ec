"""What a migration may do while the site serves, the code before and the code after side by side;
of everything else, what to do instead."""

from django.contrib.postgres.operations import NotInTransactionMixin
from django.db import connection, migrations
from django.db.migrations.state import ProjectState

# Made before this rule; docs/ops.md says to stop the site for them where the archive is large.
PAST = {"articles": "0022", "accounts": "0002"}

_FINE = (
    migrations.CreateModel, migrations.AlterModelOptions, migrations.AlterModelManagers,
    migrations.RemoveConstraint, NotInTransactionMixin,
)  # fmt: skip
_INSTEAD = {
    migrations.AddIndex: "holds every writer up while it builds: AddIndexWhileServing",
    migrations.RemoveIndex: "waits for and holds up every reader: RemoveIndexWhileServing",
    migrations.AddConstraint: (
        "reads the whole table while nobody may: AddCheckWhileServing, or for what is unique a "
        "unique index by AddIndexWhileServing's way"
    ),
    migrations.RenameField: "breaks the code before: add the new column, write both, read the new, "
    "and drop the old one a release later (RemoveAfterARelease)",
    migrations.RenameModel: "breaks the code before: give the old table by Meta.db_table",
    migrations.AlterModelTable: "breaks the code before: keep the table's name",
    migrations.RemoveField: "breaks the code before: stop naming it in this release (in the state "
    "only, by SeparateDatabaseAndState), and drop it in the next (DROPPED_A_RELEASE_LATER)",
    migrations.DeleteModel: "breaks the code before: stop naming it in this release, and drop it "
    "in the next (DROPPED_A_RELEASE_LATER)",
    migrations.RunSQL: "says nothing of what it locks: use an operation of newsroom/migrating.py",
}
# Migration and operation of what a release drops that the one before stopped naming.
DROPPED_A_RELEASE_LATER: set[tuple[str, str]] = set()


def faults(migration, state: ProjectState) -> list[str]:
    """What in a migration is not done while the site serves; `state` is that before it."""
    found, created = [], set()
    for operation in _flat(migration.operations):
        after = state.clone()
        operation.state_forwards(migration.app_label, after)
        what = f"{migration.app_label} {migration.name}: {operation.describe()}"
        if isinstance(operation, migrations.CreateModel):
            created.add(operation.name_lower)
        elif getattr(operation, "model_name_lower", None) in created:
            pass  # nobody else knows its table yet
        elif (migration.name, operation.describe()) not in DROPPED_A_RELEASE_LATER:
            says = _fault(migration, operation, state, after)
            found += [f"{what} {says}"] * bool(says)
        state = after
    return found


def _flat(operations):
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from operation.database_operations
        else:
            yield operation


def _fault(migration, operation, before, after):
    if isinstance(operation, NotInTransactionMixin) and migration.atomic:
        return "cannot run in a transaction: say atomic = False"
    if isinstance(operation, _FINE):
        return ""
    if isinstance(operation, migrations.AddField):
        return _fault_of_a_field(operation.field)
    if isinstance(operation, migrations.AlterField):
        return _fault_of_a_change(migration, operation, before, after)
    if isinstance(operation, migrations.RunPython):
        return (
            "holds what it wrote locked until all is written: say atomic = False, and commit every "
            "few hundred rows"
        ) * bool(migration.atomic)
    for kind, says in _INSTEAD.items():
        if isinstance(operation, kind):
            return says
    return "is not in the table of tests/keeping/serving_rules.py: add it, with what it locks"


def _fault_of_a_field(field):
    if field.many_to_many:
        return ""
    if not field.null and not field.has_db_default():
        return "is a column that the code before does not fill: null=True, or a db_default"
    if field.unique or field.db_index or (field.remote_field and field.db_constraint):
        return (
            "builds an index or reads the table while nobody may: db_index=False and "
            "db_constraint=False, then AddIndexWhileServing"
        )
    return ""


def _fault_of_a_change(migration, operation, before, after):
    """Words and choices change no column; everything else rewrites or reads the table."""
    old, new = (
        state.apps.get_model(migration.app_label, operation.model_name)._meta.get_field(
            operation.name
        )
        for state in (before, after)
    )
    if not connection.schema_editor()._field_should_be_altered(old, new):
        return ""
    return "changes a column that the code before reads: add a new one, and fill it in batches"
