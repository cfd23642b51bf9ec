"""Migrations run while the site serves: each new one keeps to the table of what may be done, and
the newest are run under a desk at work."""

import subprocess

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import Q

from newsroom.migrating import AddCheckWhileServing, AddIndexWhileServing, RemoveIndexWhileServing
from tests.keeping.places import IS_POSTGRESQL, ROOT, Places
from tests.keeping.serving_rules import PAST, faults

BEFORE = "0019"  # what the desk is at work on; the code of today writes to it


@pytest.mark.django_db
def test_no_new_migration_holds_the_site_up_or_breaks_the_code_before():
    loader = MigrationLoader(None)
    found = []
    for app, past in PAST.items():
        for key, migration in sorted(loader.disk_migrations.items()):
            if key[0] == app and key[1][:4] > past:
                found += faults(migration, loader.project_state(key, at_end=False))
    assert found == []


INDEX = models.Index("change", name="an_index")
CHECK = models.CheckConstraint(name="a_check", condition=Q(words__gte=0))
ADD = {"model_name": "article", "name": "mood"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("operation", "says"),
    [
        (migrations.AddField(**ADD, field=models.IntegerField(null=True)), ""),
        (migrations.AddField(**ADD, field=models.IntegerField(db_default=0)), ""),
        (migrations.AddField(**ADD, field=models.IntegerField(default=0)), "db_default"),
        (
            migrations.AddField(**ADD, field=models.IntegerField(null=True, db_index=True)),
            "db_index",
        ),
        (migrations.AddField(**ADD, field=models.IntegerField(null=True, unique=True)), "db_index"),
        (migrations.AlterField("article", "slugline", models.IntegerField()), "add a new one"),
        (migrations.AddIndex("publication", INDEX), "AddIndexWhileServing"),
        (AddIndexWhileServing("publication", INDEX), ""),
        (migrations.RemoveIndex("publication", "told_as_ended"), "RemoveIndexWhileServing"),
        (RemoveIndexWhileServing("publication", "told_as_ended"), ""),
        (migrations.AddConstraint("article", CHECK), "AddCheckWhileServing"),
        (AddCheckWhileServing("article", CHECK), ""),
        (migrations.RenameField("article", "slugline", "line"), "add the new column"),
        (migrations.RemoveField("article", "slugline"), "in the next"),
        (migrations.DeleteModel("Redirect"), "in the next"),
        (migrations.RunSQL("DROP TABLE x"), "what it locks"),
        (migrations.RunPython(migrations.RunPython.noop), ""),
    ],
    ids=lambda value: value.describe()[:50] if hasattr(value, "describe") else "",
)
def test_what_may_be_done_while_the_site_serves(operation, says):
    migration = migrations.Migration("9999_of_tomorrow", "articles")
    migration.operations, migration.atomic = [operation], False
    found = faults(migration, MigrationLoader(None).project_state())
    assert len(found) == bool(says)
    assert all(says in fault for fault in found)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "operation",
    [migrations.RunPython(migrations.RunPython.noop), AddIndexWhileServing("publication", INDEX)],
)
def test_what_takes_long_is_not_one_transaction(operation):
    migration = migrations.Migration("9999_of_tomorrow", "articles")
    migration.operations = [operation]
    (found,) = faults(migration, MigrationLoader(None).project_state())
    assert "atomic = False" in found


STEPS = [
    AddIndexWhileServing("publication", INDEX),
    AddCheckWhileServing("article", CHECK),
    RemoveIndexWhileServing("publication", "an_index"),
]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_houses_own_operations_work_on_both_databases_there_and_back():
    migration = migrations.Migration("9999_of_tomorrow", "articles")
    migration.operations, migration.atomic = STEPS, False
    state = MigrationLoader(None).project_state()
    said = []

    def listen(execute, sql, params, many, context):
        said.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        for undo in (False, True):
            with connection.schema_editor(atomic=False) as editor:
                if undo:
                    migration.unapply(state.clone(), editor)
                else:
                    migration.apply(state.clone(), editor)
            if connection.vendor == "postgresql":
                asked = [sql for sql in said if " INDEX " in sql]
                assert asked
                assert all("CONCURRENTLY" in sql for sql in asked)
    with connection.cursor() as cursor:
        names = connection.introspection.get_constraints(cursor, "articles_publication")
        checks = connection.introspection.get_constraints(cursor, "articles_article")
    assert "an_index" not in names
    assert "a_check" not in checks


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    made = Places(tmp_path_factory.mktemp("places"))
    yield made
    made.clear()


@pytest.fixture(scope="module")
def before(places):
    """A site with stories, on the tables of some releases ago."""
    place = places.make("before")
    assert place.manage("migrate", "-v0", "articles", BEFORE).returncode == 0
    assert place.manage("migrate", "-v0", "accounts").returncode == 0
    place.program("tests.keeping.writer", 4)
    return place


def test_a_backup_of_some_releases_ago_comes_back_and_is_brought_up(places, before):
    file, later = before.folder / "old.tar", places.make("later")
    assert before.manage("backup", file).returncode == 0
    done = later.manage("restore", file)
    assert done.returncode == 0, done.stderr
    assert later.manage("migrate", "--check").returncode == 0
    tables = later.program("tests.keeping.house")["tables"]
    assert tables["articles_article"][0] == 4
    assert tables["articles_nameword"][0] == 2  # of the one name that had been written


def test_the_newest_migrations_run_while_the_desk_writes_and_no_save_fails(before):
    place = before
    waits = {"PGOPTIONS": "-c lock_timeout=5s"} if IS_POSTGRESQL else {}
    writer = subprocess.Popen(
        place.command("-m", "tests.keeping.writer", "0"), cwd=ROOT, env={**place.env, **waits},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    first = int(writer.stdout.readline())
    done = subprocess.run(
        place.command("manage.py", "migrate", "-v0"), cwd=ROOT, env={**place.env, **waits},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said, failed = writer.communicate("")
    assert done.returncode == 0, done.stderr
    assert writer.returncode == 0, failed
    assert int(said.splitlines()[-1]) > first + 1, "the desk stood still"
    place.program("tests.keeping.house")
