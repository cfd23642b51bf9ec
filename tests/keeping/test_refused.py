"""What is no backup, was damaged, or was made to do harm, is refused with a sentence: nothing is
written, neither into the database nor into the store of pictures."""

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from newsroom.keeping import tables
from newsroom.keeping.archive import PIECE, Writer
from newsroom.keeping.manifest import Manifest
from newsroom.keeping.restore import in_the_way

pytestmark = pytest.mark.django_db

PICTURE = ("masters/ab/ab12.jpg", b"\xff\xd8 of a harbour" * 60)


@pytest.fixture
def store(tmp_path, settings):
    """An empty store of pictures for this test."""
    folder = tmp_path / "media"
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return folder


@pytest.fixture
def made(tmp_path):
    """Write an archive, good but for what is said otherwise; return its file."""

    def made(media=(PICTURE,), stream=b"rows", **told):
        manifest = Manifest(
            made_at="2026-06-19T06:30:00+00:00", product="0.1.0", django="5.2", server="",
            vendor=connection.vendor, migrations=tables.applied(connection), files=len(media),
        )  # fmt: skip
        path = tmp_path / "made.tar"
        with path.open("wb") as file:
            writer = Writer(file, io.BytesIO())
            for name, content in media:
                writer.add_media(name, len(content), [content])
            manifest.streams = {"sqlite": writer.add_stream("sqlite", [stream])}
            writer.seal({**manifest.as_json(), **told})
        return path

    return made


def refusal(path, *options):
    with pytest.raises(CommandError) as refused:
        call_command("restore", str(path), *options)
    return str(refused.value)


def test_a_good_file_is_good(made, store):
    call_command("restore", str(made()), "--check", stdout=io.StringIO())


def test_each_flipped_byte_is_seen(made, store):
    path = made()
    whole = path.read_bytes()
    for at in [*range(0, len(whole), 97), *range(len(whole) - 2100, len(whole), 53)]:
        damaged = bytearray(whole)
        damaged[at] ^= 0x20
        path.write_bytes(damaged)
        assert "Nothing was restored" in refusal(path, "--check"), at
    assert not store.exists()


def test_a_damaged_member_is_named(made, store):
    path = made()
    path.write_bytes(path.read_bytes().replace(b"of a harbour", b"of A harbour", 1))
    assert "media/masters/ab/ab12.jpg" in refusal(path)


def test_a_file_that_was_cut_off_anywhere_is_refused(made, store):
    path = made()
    whole = path.read_bytes()
    for size in [0, 1, 511, 512, 5000, len(whole) - 2048, len(whole) - 512, len(whole) - 1]:
        path.write_bytes(whole[:size])
        assert "cut off" in refusal(path)
    path.write_bytes(whole + b"\0")
    assert "Nothing was restored" in refusal(path)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"format": 2}, "newer version"),
        ({"format": None}, "newer version"),
        ({"migrations": {"articles": "9999_of_tomorrow"}}, "articles 9999_of_tomorrow"),
        ({"migrations": {"crosswords": "0001_initial"}}, "crosswords 0001_initial"),
        ({"vendor": "oracle"}, "PostgreSQL"),
        ({"streams": {"sqlite": {"bytes": "many", "sha256": ""}}}, "manifest is damaged"),
        ({"streams": []}, "manifest is damaged"),
        ({"tables": {"articles_article": -1}}, "manifest is damaged"),
        ({"surprise": 1}, "manifest is damaged"),
    ],
)
def test_what_cannot_come_back_here_is_refused_before_it_is_read(made, store, told, says):
    assert says in refusal(made(**told))
    assert not store.exists()


def sealed(path: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    """An archive of any members, with a list, a manifest and a seal that are true of them."""
    lines = "".join(f"{hashlib.sha256(data).hexdigest()}  {one.name}\n" for one, data in members)
    manifest = {
        "format": 1, "made_at": "", "product": "", "django": "", "server": "",
        "files": len(members),
        "vendor": connection.vendor, "migrations": tables.applied(connection),
        "streams": {"sqlite": {"bytes": 9, "sha256": "0"}},
    }  # fmt: skip
    written = io.BytesIO()

    def add(header, data):
        written.write(header.tobuf(tarfile.GNU_FORMAT) + data + b"\0" * (-len(data) % 512))

    def plain(name, data):
        header = tarfile.TarInfo(name)
        header.size = len(data)
        at = written.tell()
        add(header, data)
        return at

    for header, data in members:
        add(header, data)
    where = {"list": plain("members.sha256", lines.encode())}
    where["manifest"] = plain("manifest.json", json.dumps(manifest).encode())
    where["sha256"] = hashlib.sha256(written.getvalue()).hexdigest()
    plain("seal.json", json.dumps(where).encode().ljust(512))
    path.write_bytes(written.getvalue() + b"\0" * 1024)
    return path


def header(name, data=b"", **values):
    made = tarfile.TarInfo(name)
    made.size = len(data)
    for key, value in values.items():
        setattr(made, key, value)
    return made, data


@pytest.mark.parametrize(
    "member",
    [
        header("../../etc/cron.d/x", b"evil"),
        header("media/../../x.jpg", b"evil"),
        header("/etc/cron.d/x", b"evil"),
        header("media//etc/x", b"evil"),
        header("media/.ssh/authorized_keys", b"evil"),
        header("media/a\nb.jpg", b"evil"),
        header("database/../x/000000.gz", b"evil"),
        header("media/x.jpg", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        header("media/x.jpg", type=tarfile.LNKTYPE, linkname="media/y.jpg"),
        header("media/x", type=tarfile.DIRTYPE),
        header("media/x", type=tarfile.FIFOTYPE),
        header("media/x", type=tarfile.CHRTYPE),
        header("media/" + "x" * 300, b"evil"),  # GNU's long names
        header("media/x.jpg", size=1 << 40),
        header("setup.py", b"evil"),
    ],
    ids=lambda member: f"{member[0].name[:30]!r} {member[0].type!r}",
)
def test_a_member_that_no_backup_holds_is_refused(tmp_path, store, member):
    said = refusal(sealed(tmp_path / "hostile.tar", [member]))
    assert "Nothing was restored" in said
    assert not store.exists()
    assert not (tmp_path.parent / "x.jpg").exists()


def on_sqlite():
    if connection.vendor != "sqlite":
        pytest.skip("what SQLite's file is made of; PostgreSQL's pieces are read by the same code")


@pytest.mark.parametrize(
    "pieces",
    [
        [gzip.compress(b"\0" * (PIECE + 1))],
        [gzip.compress(b"\0" * PIECE)] * 3,
        [gzip.compress(b"123456789") + b"more"],
        [gzip.compress(b"123456789")[:-4]],
        [b"123456789"],
    ],
    ids=["a piece too large", "too many pieces", "more after it", "cut off", "not compressed"],
)
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_piece_unpacks_to_more_than_the_manifest_tells(tmp_path, store, pieces):
    on_sqlite()
    members = [header(f"database/sqlite/{n:06}.gz", data) for n, data in enumerate(pieces)]
    path = sealed(tmp_path / "bomb.tar", members)
    before = in_the_way(connection=connection, storage=default_storage)
    assert "Nothing was restored" in refusal(path, "--replace", "--yes")
    assert in_the_way(connection=connection, storage=default_storage) == before


def test_a_database_in_use_is_in_the_way_and_one_that_was_only_migrated_is_not(store, reporter):
    (found,) = in_the_way(connection=connection, storage=default_storage)
    assert "accounts_user" in found
    reporter.delete()
    assert in_the_way(connection=connection, storage=default_storage) == []


def test_a_picture_that_lies_there_is_in_the_way(made, store):
    (store / "masters").mkdir(parents=True)
    (store / "masters" / "mine.jpg").write_bytes(b"mine")
    said = refusal(made())
    assert "files: 1" in said
    assert "--replace" in said
    assert (store / "masters" / "mine.jpg").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["there.tar"], "there already"),
        ([], "Name a file, or a folder"),
        (["new.tar", "--into", "."], "not both"),
        (["new.tar", "--keep", "3"], "--keep wants --into"),
        (["--into", ".", "--keep", "0"], "from 1 on"),
        (["nowhere/new.tar"], "is no folder"),
        (["--into", "nowhere"], "is no folder"),
    ],
)
def test_a_backup_is_named_and_writes_over_nothing(tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.tar").write_text("mine")
    with pytest.raises(CommandError, match=says):
        call_command("backup", *arguments)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]
