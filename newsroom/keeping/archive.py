"""The file of a backup: a plain tar of plain files, and at its end a seal over every byte before.

`media/…` are files of pictures as they are; `database/<stream>/<number>.gz` are pieces of a stream,
each compressed by itself; then follow `members.sha256` (a line for each of those, as sha256sum
writes it), `manifest.json` and `seal.json`, which says where these two begin. Any tar unpacks it.
It is read here without tarfile's reader: a member is a regular file with a name of these two kinds,
or the file is refused, and nothing is read into memory that is larger than a piece.
"""

import gzip
import hashlib
import json
import os
import re
import tarfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

PIECE = 8 * 1024 * 1024  # bytes of a stream that are compressed together
_LARGEST_PACKED = PIECE + 64 * 1024  # bytes: what does not compress grows a little
_LARGEST_MANIFEST = 16 * 1024 * 1024  # bytes
_CHUNK = 1024 * 1024
_THREADS = 2  # that compress; zlib lets others run meanwhile
_BLOCK = tarfile.BLOCKSIZE
_SEAL_BYTES = 512
_END = b"\0" * 2 * _BLOCK
_TAIL = _BLOCK + _SEAL_BYTES + len(_END)
LIST, MANIFEST, SEAL = "members.sha256", "manifest.json", "seal.json"
MEDIA = "media/"
_WORD = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
_NAME = re.compile(rf"media/{_WORD}(/{_WORD})*|database/[a-z0-9_]+/[0-9]{{6}}\.gz")


class Unfit(Exception):
    """Why a backup cannot be made, or a file of one cannot be used, in a sentence."""


@dataclass(frozen=True)
class Stream:
    """What a stream was before it was cut and compressed."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Member:
    """A file within the archive, and where its bytes begin."""

    name: str
    size: int
    at: int

    @property
    def after(self) -> int:
        return self.at + -(-self.size // _BLOCK) * _BLOCK


# --- Writing -------------------------------------------------------------------------------------


class Writer:
    """Writes an archive from its beginning to its seal; never reads or keeps what it wrote."""

    def __init__(self, file: IO[bytes], lines: IO[bytes]) -> None:
        """`lines` is an empty file, in which the list of members stands until the seal."""
        self._file, self._lines = file, lines
        self._hash = hashlib.sha256()
        self._at = 0
        self.files = self.bytes = 0  # of media

    def add_media(self, name: str, size: int, chunks: Iterable[bytes]) -> None:
        """Add a file of the store; raises Unfit where its size is not what was said."""
        self._add(f"{MEDIA}{name}", size, chunks)
        self.files += 1
        self.bytes += size

    def add_stream(self, name: str, chunks: Iterable[bytes]) -> Stream:
        """Add a stream of any length, in compressed pieces; return what it was."""
        whole, size = hashlib.sha256(), 0

        def seen() -> Iterator[bytes]:
            nonlocal size
            for chunk in chunks:
                whole.update(chunk)
                size += len(chunk)
                yield chunk

        for number, packed in enumerate(_packed(_pieces(seen()))):
            self._add(_piece_name(name, number), len(packed), [packed])
        return Stream(size, whole.hexdigest())

    def seal(self, manifest: dict[str, Any]) -> None:
        """Write the list of members, the manifest and the seal, and let the disk have it all."""
        where: dict[str, Any] = {"list": self._at}
        size = self._lines.tell()
        self._lines.seek(0)
        self._write_member(LIST, size, _chunks(self._lines))
        where["manifest"] = self._at
        text = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
        self._write_member(MANIFEST, len(text), [text])
        where["sha256"] = self._hash.hexdigest()
        text = json.dumps(where).encode().ljust(_SEAL_BYTES)
        self._write_member(SEAL, len(text), [text])
        self._write(_END)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _add(self, name: str, size: int, chunks: Iterable[bytes]) -> None:
        if not _NAME.fullmatch(name):
            raise Unfit(f"“{name}” is no name that a backup can hold; rename it in the store.")
        sha256 = self._write_member(name, size, chunks)
        self._lines.write(f"{sha256}  {name}\n".encode())

    def _write_member(self, name: str, size: int, chunks: Iterable[bytes]) -> str:
        header = tarfile.TarInfo(name)
        header.size, header.mode = size, 0o600
        self._write(header.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict"))
        sha256, written = hashlib.sha256(), 0
        for chunk in chunks:
            sha256.update(chunk)
            written += len(chunk)
            self._write(chunk)
        if written != size:
            raise Unfit(f"“{name}” changed while it was read: {size} bytes, then {written}.")
        self._write(b"\0" * (-size % _BLOCK))
        return sha256.hexdigest()

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)
        self._at += len(data)


def _piece_name(stream: str, number: int) -> str:
    return f"database/{stream}/{number:06}.gz"


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)


def _packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces, compressed in their order; only as many as there are threads are in memory."""
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting: deque[Future[bytes]] = deque()
        for piece in pieces:
            waiting.append(pool.submit(gzip.compress, piece, 1, mtime=0))
            if len(waiting) > _THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


# --- Reading -------------------------------------------------------------------------------------


class Archive:
    """A backup's file, open; raises Unfit where it is none, or was cut off."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._end = os.fstat(file.fileno()).st_size - _TAIL
        self._seal = self._read_seal()
        self.manifest = self._read_manifest()

    def check(self) -> None:
        """Read all of it and compare every hash; raises Unfit, naming the first damaged member."""
        whole = hashlib.sha256()
        self._file.seek(0)
        for chunk in _chunks(self._file, self._end):
            whole.update(chunk)
        if whole.hexdigest() != self._seal["sha256"]:
            raise Unfit(f"This file is damaged{self._first_damage()}. Use another copy of it.")
        if damage := self._first_damage():
            raise Unfit(f"This file does not hold what it says it holds{damage}.")

    def media(self) -> Iterator[tuple[str, int, Iterator[bytes]]]:
        """The store's files: name, size and bytes, which are read before the next one is asked."""
        for member in self._members():
            if member.name.startswith(MEDIA):
                yield member.name[len(MEDIA) :], member.size, self._bytes(member)

    def stream(self, name: str, told: Stream) -> Iterator[bytes]:
        """A stream as it was; raises Unfit as soon as it is not what was told of it."""
        sha256, size, number = hashlib.sha256(), 0, 0
        for member in self._members():
            if member.name.rpartition("/")[0] != f"database/{name}":
                continue
            if member.name != _piece_name(name, number) or member.size > _LARGEST_PACKED:
                raise Unfit(f"This file does not hold what it says it holds: {member.name}.")
            piece = _unpacked(b"".join(self._bytes(member)), member.name)
            sha256.update(piece)
            size, number = size + len(piece), number + 1
            if size > told.bytes:
                break
            yield piece
        if (size, sha256.hexdigest()) != (told.bytes, told.sha256):
            raise Unfit(f"This file does not hold what it says it holds: database/{name}.")

    def _read_seal(self) -> dict[str, Any]:
        try:
            if self._end < 0 or self._member_at(self._end).name != SEAL:
                raise ValueError
            self._file.seek(self._end + _BLOCK)
            seal = json.loads(self._file.read(_SEAL_BYTES))
            if self._file.read() != _END or not 0 <= seal["list"] < seal["manifest"] < self._end:
                raise ValueError
            return {"list": seal["list"], "manifest": seal["manifest"], "sha256": seal["sha256"]}
        except (ValueError, KeyError, TypeError, tarfile.HeaderError):
            raise Unfit("This is no backup, or was cut off before its end.") from None

    def _read_manifest(self) -> dict[str, Any]:
        try:
            member = self._member_at(self._seal["manifest"])
            if member.name != MANIFEST or not 0 < member.size <= _LARGEST_MANIFEST:
                raise ValueError
            manifest = json.loads(b"".join(self._bytes(member)))
            if not isinstance(manifest, dict):
                raise TypeError
            return manifest
        except (ValueError, TypeError, tarfile.HeaderError):
            raise Unfit("This file’s manifest is damaged. Use another copy of it.") from None

    def _members(self) -> Iterator[Member]:
        """What stands before the list; raises Unfit at anything that no backup holds."""
        at = 0
        while at < self._seal["list"]:
            try:
                member = self._member_at(at)
            except (ValueError, tarfile.HeaderError):
                raise Unfit(f"This file is damaged at byte {at}. Use another copy.") from None
            if not _NAME.fullmatch(member.name):
                raise Unfit(f"This file holds “{member.name}”, which no backup holds.")
            yield member
            at = member.after

    def _member_at(self, at: int) -> Member:
        self._file.seek(at)
        header = tarfile.TarInfo.frombuf(self._file.read(_BLOCK), "ascii", "strict")
        member = Member(header.name, header.size, at + _BLOCK)
        if header.type != tarfile.REGTYPE or header.linkname or member.size < 0:
            raise ValueError(header.name)
        if member.after > self._end + _TAIL:
            raise ValueError(header.name)
        return member

    def _bytes(self, member: Member) -> Iterator[bytes]:
        self._file.seek(member.at)
        yield from _chunks(self._file, member.size)

    def _first_damage(self) -> str:
        """Where the list of members and the members differ first; empty where they do not."""
        try:
            listed = self._member_at(self._seal["list"])
        except (ValueError, tarfile.HeaderError):
            return f": {LIST}"
        at, left = listed.at, listed.size
        for member in self._members():
            sha256 = hashlib.sha256()
            for chunk in self._bytes(member):
                sha256.update(chunk)
            line = f"{sha256.hexdigest()}  {member.name}\n".encode()
            self._file.seek(at)
            if self._file.read(min(len(line), left)) != line:
                return f": {member.name}"
            at, left = at + len(line), left - len(line)
        return f": {LIST}" if left else ""


def _unpacked(packed: bytes, name: str) -> bytes:
    """A piece's bytes; raises Unfit where they are more than a piece has."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        piece = unpacker.decompress(packed, PIECE + 1)
    except zlib.error:
        raise Unfit(f"This file is damaged: {name}. Use another copy of it.") from None
    if len(piece) > PIECE or not unpacker.eof or unpacker.unused_data:
        raise Unfit(f"This file does not hold what it says it holds: {name}.")
    return piece


def _chunks(file: IO[bytes], size: int | None = None) -> Iterator[bytes]:
    """The next bytes of a file, to its end or so many."""
    left = size
    while left is None or left > 0:
        chunk = file.read(_CHUNK if left is None else min(_CHUNK, left))
        if not chunk:
            return
        if left is not None:
            left -= len(chunk)
        yield chunk
