"""What is kept of an answer, and how it is answered at a moment: labels in place, compressed once.

All moments here are whole microseconds since 1970 (UTC), as the doors read them off the clock.
"""

import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import blake2b
from http.client import responses
from typing import Any, NamedTuple, Self

import brotli

from articles.pages import holes

Header = tuple[bytes, bytes]

SECOND = 1_000_000  # microseconds
FOREVER = 2**62
# Seconds for which others may keep a page that nothing changes: browsers, and caches that stand
# before the site. Whoever presses a verb wants it seen, and neither can be told of it.
BROWSERS_KEEP, PROXIES_KEEP = 10, 1
# Seconds for which they may show it while the site does not answer at all.
SHOWN_ON_ERROR = 3600
# Bytes: below, compressing makes it longer or saves no packet.
_WORTH_COMPRESSING = 860
# Brotli's quality for a page as it lies in memory: a tenth of a millisecond, and a third is left.
_PACKED = 1
# Written anew for each answer; the rest of what Django said is kept as it was said.
_SAID_ANEW = frozenset(
    {b"content-length", b"etag", b"cache-control", b"vary", b"x-holds-until", b"date"}
)
_OF_A_BODY = frozenset({b"content-length", b"content-type", b"content-encoding"})
_TEXT = re.compile(rb"text/|application/(\S+\+)?(xml|json)", re.IGNORECASE)
_MAX_AGE = re.compile(rb"\bmax-age=(\d+)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Return an aware moment as whole microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """Return the moment, in UTC, that so many microseconds since 1970 are."""
    return _EPOCH + microseconds * _MICROSECOND


@dataclass(frozen=True)
class Answer:
    """An answer as it goes out: of a status, with headers, in one coding."""

    status: int
    headers: list[Header]
    body: bytes
    etag: bytes
    until: int  # it is true as it stands until then

    @cached_property
    def messages(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The two messages that an ASGI server is sent."""
        start = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        return start, {"type": "http.response.body", "body": self.body}

    @cached_property
    def start(self) -> tuple[str, list[tuple[str, str]]]:
        """The status and the headers that a WSGI server is sent."""
        headers = [(name.decode(), value.decode("latin-1")) for name, value in self.headers]
        return f"{self.status} {responses[self.status]}", headers

    @cached_property
    def not_modified(self) -> "Answer":
        """The answer to who holds this one (RFC 9110, section 15.4.5)."""
        headers = [pair for pair in self.headers if pair[0] not in _OF_A_BODY]
        return replace(self, status=304, headers=headers, body=b"")


class Known(NamedTuple):
    """What was known of a page before it was rendered: how long it is true."""

    number: int  # the edition's
    withdrawals: int
    begins: int  # when it was rendered
    ends: int  # it is the page until then
    never_after: int  # and may not even stand in for it from then on


@dataclass(slots=True)
class Entry:
    """An answer of Django's as it is kept, with holes for its labels, and how long it is true."""

    status: int
    headers: tuple[Header, ...]
    packed: bytes  # the page with its holes
    length: int  # of it unpacked
    known: Known
    own_etag: bytes = b""
    own_caching: bytes = b""  # Cache-Control, where the view says it
    _etag: bytes = b""
    _words_until: int = -1  # the labels are filled until then
    _bodies: dict[bytes, bytes] = field(default_factory=dict)  # by coding, labels in place
    _answers: dict[bytes, Answer] = field(default_factory=dict)  # by coding
    _is_coded: bool = field(init=False)

    def __post_init__(self) -> None:
        kinds = (value for name, value in self.headers if name == b"content-type")
        is_text = any(map(_TEXT.match, kinds))
        self._is_coded = is_text and self.length >= _WORTH_COMPRESSING

    @classmethod
    def of(cls, status: int, headers: Iterable[tuple[str, str]], body: bytes, known: Known) -> Self:
        """Keep what Django answered, before which so much was known."""
        said = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
        own = dict(said)
        if until := own.get(b"x-holds-until"):
            known = known._replace(ends=min(known.ends, int(until)))
        return cls(
            status,
            tuple(pair for pair in said if pair[0] not in _SAID_ANEW),
            brotli.compress(body, quality=_PACKED),
            len(body),
            known,
            own_etag=own.get(b"etag", b""),
            own_caching=own.get(b"cache-control", b""),
        )

    @property
    def size(self) -> int:
        """Bytes of memory, about: the page as it is packed, and its two codings, which are less."""
        return 3 * len(self.packed) + 2000

    def answer(self, accepted: bytes, now: int) -> Answer:
        """Return the answer to who accepts some codings (an Accept-Encoding), at `now`."""
        coding = _coding(accepted) if self._is_coded else b""
        ready = self._answers.get(coding)
        if ready is None or now >= ready.until or now < self.known.begins:
            ready = self._make(coding, now)
            # As it is, a page takes as much memory as all the rest; few ask for it so.
            if coding or not self._is_coded:
                self._answers[coding] = ready
        return ready

    def _make(self, coding: bytes, now: int) -> Answer:
        filled = None
        if now >= self._words_until or now < self.known.begins:
            filled = self._fill(now)
        body = self._bodies.get(coding)
        if body is None:
            body = _CODINGS[coding]((filled or self._filled(now)).content)
            if coding:
                self._bodies[coding] = body
        etag = b"W/" + self._etag if coding and not self._etag.startswith(b"W/") else self._etag
        headers = [
            *self.headers,
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", self._caching(now)),
            (b"etag", etag),
        ]
        if self._is_coded:
            headers.append((b"vary", b"Accept-Encoding"))
        if coding:
            headers.append((b"content-encoding", coding))
        # Each second what others may keep is a second shorter.
        until = min(self._words_until, now + SECOND)
        return Answer(self.status, headers, body, etag, until)

    def _filled(self, now: int) -> holes.Filled:
        return holes.fill(brotli.decompress(self.packed), moment(now))

    def _fill(self, now: int) -> holes.Filled:
        filled = self._filled(now)
        self._words_until = microseconds(filled.until) if filled.until else FOREVER
        etag = b'W/"%s"' % blake2b(filled.content, digest_size=12).hexdigest().encode()
        self._etag = self.own_etag or etag
        self._bodies, self._answers = {}, {}
        return filled

    def _caching(self, now: int) -> bytes:
        """What others may keep, and how long: never past what we know to change, a label too.

        RFC 9111, section 5.2.2; RFC 5861, sections 3 and 4.
        """
        left = max(0, min(self.known.ends, self._words_until) - now) // SECOND
        on_error = min(SHOWN_ON_ERROR, max(0, self.known.never_after - now) // SECOND)
        if self.own_caching:
            return _MAX_AGE.sub(
                lambda said: b"max-age=%d" % min(int(said[1]), left), self.own_caching
            )
        caching = b"public, max-age=%d, s-maxage=%d" % (
            min(BROWSERS_KEEP, left),
            min(PROXIES_KEEP, left),
        )
        if left > PROXIES_KEEP:
            caching += b", stale-while-revalidate=1"
        return caching + b", stale-if-error=%d" % on_error

    def dumped(self, key: str) -> bytes:
        """As another process of the machine reads it: a line of JSON, and the page."""
        known = {
            "key": key,
            "status": self.status,
            "headers": [[name.decode(), value.decode("latin-1")] for name, value in self.headers],
            "etag": self.own_etag.decode("latin-1"),
            "caching": self.own_caching.decode("latin-1"),
            "known": self.known,
            "length": self.length,
        }
        return json.dumps(known).encode() + b"\n" + self.packed

    @classmethod
    def loaded(cls, key: str, content: bytes) -> Self | None:
        """What another process dumped; None where it is another key's, or not whole."""
        line, _newline, packed = content.partition(b"\n")
        try:
            known = json.loads(line)
        except ValueError:
            return None
        if known["key"] != key:
            return None
        return cls(
            known["status"],
            tuple((name.encode(), value.encode("latin-1")) for name, value in known["headers"]),
            packed,
            known["length"],
            Known(*known["known"]),
            own_etag=known["etag"].encode("latin-1"),
            own_caching=known["caching"].encode("latin-1"),
        )


def holds(etag: bytes, if_none_match: bytes) -> bool:
    """Whether who asks holds the page (RFC 9110, section 13.1.2; weak comparison)."""
    if if_none_match.strip() == b"*":
        return True
    mine = etag.removeprefix(b"W/")
    return any(mine == each.strip().removeprefix(b"W/") for each in if_none_match.split(b","))


@lru_cache(maxsize=256)
def _coding(accepted: bytes) -> bytes:
    """The best coding that an Accept-Encoding takes (RFC 9110, section 12.5.3); empty: none."""
    refused, taken = set[bytes](), set[bytes]()
    for part in accepted.lower().split(b","):
        name, *parameters = (each.strip() for each in part.split(b";"))
        is_refused = any(re.fullmatch(rb"q=0(\.0*)?", each) for each in parameters)
        (refused if is_refused else taken).add(name)
    for coding in (b"br", b"gzip"):
        if coding in taken or (b"*" in taken and coding not in refused):
            return coding
    return b""


_CODINGS = {
    b"": lambda body: body,
    # Half a millisecond for a page; the next level takes twice as long for two bytes in a hundred.
    b"br": lambda body: brotli.compress(body, quality=5),
    b"gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
