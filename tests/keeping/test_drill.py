"""The restore drill: a paper that is at work is backed up, and stands again on an empty machine."""

import gzip
import json
import signal
import subprocess
import tarfile
import time
from pathlib import Path

import pytest

from tests.keeping.places import IS_POSTGRESQL, ROOT, Place, Places


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    made = Places(tmp_path_factory.mktemp("places"))
    yield made
    made.clear()


@pytest.fixture(scope="module")
def paper(places):
    """A site with some stories and pictures."""
    place = places.make("paper")
    assert place.manage("migrate", "-v0").returncode == 0
    place.program("tests.keeping.writer", 8)
    return place


@pytest.fixture(scope="module")
def at_work(paper):
    """Backed up while its desk writes on: the file, and how many steps the desk took meanwhile."""
    file = paper.folder / "backup.tar"
    writer = subprocess.Popen(
        paper.command("-m", "tests.keeping.writer", "0"), cwd=ROOT, env=paper.env, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    first = int(writer.stdout.readline())
    done = paper.manage("backup", file)
    writer.stdin.close()
    steps = [int(line) for line in writer.stdout]
    assert writer.wait() == 0
    assert done.returncode == 0, done.stderr
    return file, steps[-1] - first


def manifest(file):
    with tarfile.open(file) as tar:
        return json.load(tar.extractfile("manifest.json"))


def test_a_paper_at_work_is_backed_up_and_stands_again_on_an_empty_machine(places, paper, at_work):
    file, steps = at_work
    assert steps > 3, "the desk stood still"
    told = manifest(file)
    assert told["missing"] == []
    empty = places.make("empty")
    done = empty.manage("restore", file)
    assert done.returncode == 0, done.stderr
    house = empty.program("tests.keeping.house")
    counts = {name: count for name, (count, _) in house["tables"].items()}
    assert counts == {name: told["tables"][name] for name in counts}
    assert 8 < counts["articles_article"] < 8 + steps + 40
    assert house["files"].keys() <= empty.files().keys()
    assert len(empty.files()) == told["files"]
    # And it is the same again: what a backup of it holds, the first one held, beside what the desk
    # threw away meanwhile.
    again = empty.folder / "again.tar"
    assert empty.manage("backup", again).returncode == 0
    assert contents(again).items() <= contents(file).items()
    # It is a paper that goes on: no id of the old one comes again.
    empty.program("tests.keeping.writer", 3)
    empty.program("tests.keeping.house")


def contents(file: Path) -> dict[str, bytes]:
    """What any tar finds in a backup; of SQLite's file, which pages move in, only its size."""
    with tarfile.open(file) as tar:
        held = {one.name: tar.extractfile(one).read() for one in tar if "/" in one.name}
    if IS_POSTGRESQL:
        return held
    files = {name: data for name, data in held.items() if name.startswith("media/")}
    pieces = sorted(held.keys() - files.keys())
    whole = b"".join(gzip.decompress(held[name]) for name in pieces)
    return {**files, "size": len(whole)}


def test_what_is_there_is_replaced_only_for_who_types_the_sites_name(places, paper, at_work):
    file, _ = at_work
    before = paper.program("tests.keeping.house")
    refused = paper.manage("restore", file)
    assert refused.returncode != 0
    assert "in the way" in refused.stderr
    assert paper.manage("restore", file, "--replace", typed="Currier\n").returncode != 0
    assert paper.program("tests.keeping.house") == before
    done = paper.manage("restore", file, "--replace", typed="Courier\n")
    assert done.returncode == 0, done.stderr
    assert "articles_article" in done.stdout
    after = paper.program("tests.keeping.house")
    counts = {name: count for name, (count, _) in after["tables"].items()}
    assert counts == {name: manifest(file)["tables"][name] for name in counts}
    assert len(paper.files()) == manifest(file)["files"], "pictures of the replaced site are left"


@pytest.mark.skipif(not IS_POSTGRESQL, reason="PostgreSQL is what a small paper grows into")
def test_a_paper_on_sqlite_grows_into_postgresql(places):
    small, large = places.make("small", sqlite=True), places.make("large")
    assert small.manage("migrate", "-v0").returncode == 0
    small.program("tests.keeping.writer", 6)
    file = small.folder / "small.tar"
    assert small.manage("backup", file).returncode == 0
    done = large.manage("restore", file)
    assert done.returncode == 0, done.stderr
    was, now = (place.program("tests.keeping.house") for place in (small, large))
    assert now["files"] == was["files"]
    assert {name: count for name, (count, _) in now["tables"].items()} == {
        name: was["tables"][name][0] for name in now["tables"]
    }
    large.program("tests.keeping.writer", 2)


def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(paper):
    folder = paper.folder / "killed"
    folder.mkdir()
    backup = subprocess.Popen(
        paper.command("manage.py", "backup", "--into", str(folder)), cwd=ROOT, env=paper.env
    )
    give_up = time.monotonic() + 60
    while not list(folder.glob(".*/backup")) and time.monotonic() < give_up:
        assert backup.poll() is None, "it ended before it was killed"
    backup.send_signal(signal.SIGKILL)
    backup.wait()
    assert list(folder.glob("[!.]*")) == []
    # The next one takes away what it left.
    assert paper.manage("backup", "--into", folder, "--keep", "1").returncode == 0
    (left,) = folder.iterdir()
    assert left.name.startswith("newsroom-")
    assert left.stat().st_mode & 0o777 == 0o600
    assert paper.manage("restore", left, "--check").returncode == 0


def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing(paper):
    folder = paper.folder / "full"
    folder.mkdir()
    command = paper.command("manage.py", "backup", str(folder / "new.tar"))
    done = subprocess.run(
        ["bash", "-c", 'ulimit -f 64; exec "$@"', "-", *command],  # 64 kB a file
        cwd=ROOT, env=paper.env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "No backup was made" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(folder.iterdir()) == []


def test_of_the_backups_in_a_folder_the_newest_are_kept(paper):
    folder = paper.folder / "kept"
    folder.mkdir()
    for day in ("01", "02", "03"):
        (folder / f"newsroom-2026-06-{day}T00-00-00Z.tar").touch()
    (folder / "newsroom-of-my-own.tar").touch()
    assert paper.manage("backup", "--into", folder, "--keep", "2").returncode == 0
    kept = sorted(path.name for path in folder.iterdir())
    assert len(kept) == 3
    assert kept[0] == "newsroom-2026-06-03T00-00-00Z.tar"
    assert kept[2] == "newsroom-of-my-own.tar"


def test_pictures_in_a_bucket_are_said_to_be_elsewhere(paper):
    file = paper.folder / "bucket.tar"
    done = InABucket(paper.folder, paper.url).manage("backup", file)
    assert done.returncode == 0, done.stderr
    assert "s3://courier/pictures" in done.stdout
    assert manifest(file)["pictures"] == "s3://courier/pictures"
    assert manifest(file)["files"] == 0


class InABucket(Place):
    @property
    def store(self) -> str:
        return "s3://courier/pictures"
