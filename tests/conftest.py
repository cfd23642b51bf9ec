"""What every test stands on: the wall before public requests, people, and stories to hand."""

import gc
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from articles.desk import pictures, press, renditions, revisions
from articles.desk.revisions import Values
from articles.desk.rights import Program
from articles.models import Article, Author, Image, NameWord, Section, Tag
from articles.models.name_word import KINDS_OF_NAMES
from tests import files

NOW = datetime(2026, 6, 19, 6, 30, tzinfo=UTC)  # noon in the tests' newsroom, Asia/Kolkata
PROGRAM = Program("tests")


def pytest_configure(config: pytest.Config) -> None:
    AppConfig.create("zeal").ready()  # the walls' middleware lets it look at every page
    # The same line asks who is signed in and whom a page of the admin is of; and both of the two
    # revisions that a page compares.
    of_two = ("accounts.User", "articles.Revision")
    settings.ZEAL_ALLOWLIST = [{"model": name, "field": "*"} for name in of_two]
    settings.MIDDLEWARE.insert(0, "tests.walls.WallMiddleware")
    # Pages are rendered many thousand times: names of static files without a manifest to build.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        # A file, as in life: a browser's server has threads, each with its own connection.
        name = f"newsroom-tests-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}.sqlite3"
        folder = "/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir()
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = os.path.join(folder, name)
    # No picture of a test is kept: the folder goes with the process.
    folder_of_pictures = tempfile.TemporaryDirectory(prefix="newsroom-tests-pictures-")
    settings.STORAGES["default"]["OPTIONS"]["location"] = folder_of_pictures.name
    config.add_cleanup(folder_of_pictures.cleanup)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True


def pytest_collection_finish() -> None:
    # What is loaded by now stays: to look through all of it for garbage, over and over, takes a
    # fifteenth of a run. What a test leaves is still collected, only in larger lots.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.fixture
def now() -> datetime:
    """The moment that the frozen clock shows."""
    return NOW


@pytest.fixture
def clock() -> Any:
    """A clock that stands at NOW until a test moves it (`clock.move_to`, `clock.shift`)."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(db: None) -> Section:
    return Section.objects.get(slug="world")


@pytest.fixture
def national(db: None) -> Section:
    return Section.objects.get(slug="national")


def named(of: Author | Tag) -> Any:
    """An author or a topic, as the desk writes one: with the words of its name."""
    of.save()
    NameWord.objects.write(KINDS_OF_NAMES[type(of)], [of])
    return of


@pytest.fixture
def author(db: None) -> Author:
    return named(Author(name="Ilse Hartmann", slug="ilse-hartmann", bio="Writes of ports."))


@pytest.fixture
def topic(db: None) -> Tag:
    return named(Tag(name="Ports", slug="ports"))


@pytest.fixture
def add_picture(db: None) -> Callable[..., Image]:
    """Add a picture with a description to the library; with `make=True` in all its sizes."""

    def add_picture(alt: str = "A lock at high water", *, make: bool = False, **said: Any) -> Image:
        at = said.pop("now", NOW - timedelta(days=2))
        image = pictures.add(said.pop("content", None) or files.photo(), by=PROGRAM, now=at)
        image.alt = alt
        for name, value in said.items():
            setattr(image, name, value)
        pictures.save(image, by=PROGRAM, now=at)
        if make:
            renditions.make(image.pk)
        return image

    return add_picture


@pytest.fixture
def write(world: Section) -> Callable[..., Article]:
    """Write a story's first revision: write("Headline", body="<p>…</p>", tags=[…], …)."""

    def write(headline: str = "Harbour Opens", **values: Any) -> Article:
        values.setdefault("section", world.pk)
        values.setdefault("body", "<p>The harbour opened on Tuesday.</p>")
        at = values.pop("now", NOW - timedelta(days=1))
        by = values.pop("by", PROGRAM)
        return revisions.create(Values(headline=headline, **values), by=by, now=at)

    return write


@pytest.fixture
def published(write: Callable[..., Article]) -> Callable[..., Article]:
    """Write a story and publish it, two hours ago or at `at`."""

    def published(
        headline: str = "Harbour Opens", *, at: datetime = NOW - timedelta(hours=2), **values: Any
    ) -> Article:
        article = write(headline, now=at - timedelta(minutes=1), **values)
        press.publish(article.pk, revision=1, by=PROGRAM, seen=0, now=at)
        article.refresh_from_db()
        return article

    return published


def person(role: str, **fields: Any) -> User:
    """Make a person of the newsroom who holds one role."""
    name = fields.pop("display_name", role)
    email = fields.pop("email", f"{role.lower().replace(' ', '.')}@newsroom.example")
    user = User.objects.create_user(email=email, password="pass", display_name=name, **fields)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def reporter(db: None) -> User:
    return person("Reporter")


@pytest.fixture
def editor(db: None) -> User:
    return person("Editor")


@pytest.fixture
def publisher(db: None) -> User:
    return person("Publisher")


@pytest.fixture
def managing_editor(db: None) -> User:
    return person("Managing editor")


@pytest.fixture
def administrator(db: None) -> User:
    return person("Administrator")


@pytest.fixture
def desk_of() -> Callable[[User], Client]:
    """A browser signed in to the admin as someone."""

    def desk_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return desk_of
