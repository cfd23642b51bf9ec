"""Pictures come and go while a backup copies them: what its database names, it holds."""

import tarfile

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection

from articles.desk import pictures
from newsroom.keeping import backup
from tests.conftest import NOW, PROGRAM

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


class Watched(FileSystemStorage):
    """A store in which something happens at the moment a file is first opened."""

    def __init__(self, location, happens):
        super().__init__(location=location)
        self.happens = happens

    def open(self, name, mode="rb"):
        self.happens.pop(name, lambda: None)()
        return super().open(name, mode)


@pytest.fixture
def store(tmp_path, settings):
    folder = tmp_path / "media"
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return folder


@pytest.fixture
def make(store, tmp_path):
    """Make a backup while something happens; return what it says, and the files that it holds."""

    def make(happens):
        path, storage = tmp_path / "backup.tar", Watched(store, happens)
        made = backup.make(path, connection=connection, storage=storage, bucket="", now=NOW)
        with tarfile.open(path) as tar:
            return made, {name[6:] for name in tar.getnames() if name.startswith("media/")}

    return make


def files(image):
    return {image.file, *image.renditions.values_list("file", flat=True)}


def test_a_picture_that_comes_after_the_others_were_listed_is_held(make, add_picture):
    first, came = add_picture(), []
    last = first.renditions.get().file  # pictures are listed before their sizes
    made, held = make({last: lambda: came.append(add_picture())})
    assert held == files(first) | files(came[0])
    assert (made.tables["articles_image"], made.missing) == (2, [])


def test_a_picture_that_goes_after_the_snapshot_named_it_is_not_named_either(make, add_picture):
    first, happens = add_picture(), {}

    def comes():
        second = add_picture()
        happens[second.file] = lambda: pictures.delete(second, by=PROGRAM, now=NOW)

    happens[first.renditions.get().file] = comes
    made, held = make(happens)
    assert files(first) <= held
    assert (made.tables["articles_image"], made.missing) == (1, [])


def test_a_file_that_was_lost_long_ago_is_told_of_and_stops_nothing(make, add_picture, store):
    image = add_picture()
    lost = image.renditions.get().file
    (store / lost).unlink()
    made, held = make({})
    assert held == {image.file}
    assert made.missing == [lost]
