"""The readers' index follows what is printed, whoever prints it: the press, an import, a rebuild.

That it follows every verb: the_readers_index_holds_each_version_once in test_press_properties.py.
"""

from datetime import timedelta
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from articles import reading_index
from articles.models import Publication
from tests import indexed
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do, rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

BY_LAW = {"reason": "By law.", "authority": "The court, 12/26"}


def words():
    return set().union(*indexed.rows().values())


@pytest.fixture
def history(published):
    """A story with a past, and a change that is scheduled."""
    story = published("Quixotry Opens", body="<p>Of zeppelins.</p>")
    do("publish", story, revision=rewrite(story, body="<p>Of kestrels.</p>"))
    later = rewrite(story, body="<p>Of ospreys.</p>")
    do("schedule", story, revision=later, at=NOW + HOUR)
    return story


def test_each_version_has_its_words_and_the_past_stands_apart(history):
    indexed.check(NOW)
    past = [held for at, held in indexed.rows().items() if at < 0]
    assert past == [{"quixotry", "opens", "of", "zeppelins"}]
    assert {"kestrels", "ospreys"} <= words()


def test_what_was_cancelled_is_held_no_more(history):
    do("cancel", history, NOW + HOUR)
    assert "ospreys" not in words()


def test_what_ended_by_itself_is_put_away_when_the_press_comes_by(published):
    story = published("Harbour Opens")
    do("set_end", story, at=NOW + HOUR)
    do("publish", story, revision=1, now=NOW + 2 * HOUR)
    assert sorted(at > 0 for at in indexed.rows()) == [False, True]


@pytest.mark.parametrize("how", ["gone", "vanished"])
def test_only_what_is_withheld_leaves_no_row(history, how):
    do("take_down", history, how=how, **BY_LAW)
    indexed.check(NOW)
    assert bool(indexed.rows()) == (how == "gone")


def test_an_erased_story_leaves_no_word_in_the_database(history):
    do("erase", history, **BY_LAW)
    assert indexed.rows() == {}
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT block FROM articles_reading_search_data")
            held = b"".join(bytes(row[0]) for row in cursor.fetchall())
        assert b"zeppelin" not in held


def test_stories_written_in_bulk_are_indexed():
    call_command("make_archive", 100, versions=3, stdout=StringIO())
    indexed.check(NOW)
    assert any(at < 0 for at in indexed.rows())


def test_the_command_indexes_every_version_anew(history, capsys):
    before = indexed.rows()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_reading_search")
    call_command("rebuild_search")
    assert "3 versions" in capsys.readouterr().out
    assert indexed.rows() == before


def test_the_migration_indexes_what_was_printed_before(history):
    before = indexed.rows()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_reading_search")
    migration = import_module("articles.migrations.0013_reading_search")
    migration.index_versions(apps, None)
    assert indexed.rows() == before


def test_the_newest_story_stands_first_whatever_its_version(published):
    old = published("Old", at=NOW - timedelta(days=9))
    new = published("New", at=NOW - timedelta(days=1))
    do("publish", old, revision=rewrite(old, body="<p>Once more.</p>"))
    newest = Publication.objects.at(NOW).get(article=new.pk)
    assert max(indexed.rows()) == reading_index.place(newest.pk, newest.first_published_at)
