"""What readers are served from memory, what is rendered for them, and what is never served again.

An entry is the page while its edition is the site's and nothing has started or ended since. One
that is older than the last withdrawal, or past an end that was known, is never served, whatever
fails.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.db import Error
from django.http.request import split_domain_port, validate_host

from articles.moments import AS_OF_COOKIE
from articles.pages.cache.addresses import Address
from articles.pages.cache.entries import SECOND, Entry, Known
from articles.pages.cache.horizon import Horizon, State
from articles.pages.cache.rendering import SCHEME, ask
from articles.pages.cache.shelves import Shelf

# What is a page of the paper: not the desk, a shared draft, the bytes of files, what ops ask.
_NO_PAGE = (
    "/admin/",
    "/share/",
    "/pictures/",
    settings.STATIC_URL,
    "/healthz",
    "/readyz",
    "/metrics",
)
_STORED = frozenset({200, 301, 404, 410})
LED = frozenset({301, 410})  # how an address of another system is answered, if it leads anywhere
_COOKIES = tuple(f"{name}=".encode() for name in (settings.SESSION_COOKIE_NAME, AS_OF_COOKIE))
# Microseconds: an entry's longest life, which is how old the ranking of what is read may be; for
# which a page of the last edition is shown while the next one is rendered; and for which a page
# that cannot be rendered is not tried again.
LONGEST, SHOWN_WHILE_RENDERED, NOT_AGAIN_FOR = 300 * SECOND, SECOND // 2, SECOND
_SMALL = 1 / 16  # of the room: for what is no page
_MOST_FAILED = 10_000  # addresses of which it is remembered


class PageCache:
    """The public pages of a process, in front of Django's WSGI handler."""

    def __init__(
        self,
        django: WSGIApplication,
        horizon: Horizon,
        *,
        room: int,
        clock: Callable[[], int],
    ) -> None:
        """`room` is the bytes of memory that entries may take, `clock` gives microseconds."""
        self.django, self.horizon, self.clock = django, horizon, clock
        self.machine = horizon.machine
        self.pages, self.others = Shelf(room), Shelf(int(room * _SMALL))
        self.counts: Counter[str] = Counter()  # hit, stale, rendered, shared, looked up, failed
        self._failed: dict[str, int] = {}  # by key, when a render failed last

    def takes(self, method: str, path: str, host: bytes, scheme: str, cookie: bytes) -> bool:
        """Whether a request asks for a page as everybody gets it."""
        return (
            method in ("GET", "HEAD")
            and not path.startswith(_NO_PAGE)
            and scheme == SCHEME
            and not (cookie and any(name in cookie for name in _COOKIES))
            and _is_ours(host)
        )

    def fresh(self, key: str, now: int) -> Entry | None:
        """The entry of a key, if it is the page at `now`: no database is asked."""
        entry = self.pages.get(key) or self.others.get(key)
        if entry and self.horizon.is_near(now) and _is_fresh(entry, self.horizon.state, now):
            self.counts["hit"] += 1
            return entry
        return None

    def meanwhile(self, key: str, now: int) -> Entry | None:
        """What may be shown while a page is rendered anew: that of an edition just over."""
        if self.horizon.is_down(now):
            return None  # it will not be
        state = self.horizon.state
        entry = self.pages.get(key)
        just_over = self.horizon.is_near(now) and now - state.moved < SHOWN_WHILE_RENDERED
        if entry and just_over and now < entry.known.ends and _may_stand_in(entry, state, now):
            self.counts["stale"] += 1
            return entry
        return None

    def while_down(self, key: str, now: int) -> Entry | None:
        """What stands in for a page while the database does not answer, if anything may."""
        return self.instead(key, now) if self.horizon.is_down(now) else None

    def instead(self, key: str, now: int) -> Entry | None:
        """What may stand in for a page that cannot be rendered: of this process, or of another."""
        state = self.horizon.state
        entry = self.pages.get(key) or self.others.get(key)
        if entry is None or entry.known.number != state.number:  # another may have a newer one
            entry = max(filter(None, (entry, self.machine.shared(key))), key=_age, default=None)
        if entry is None or not _may_stand_in(entry, state, now):
            return None
        self.counts["stale"] += 1
        self._keep(key, entry)
        return entry

    def attempt(self, address: Address, *, wait: bool = True) -> Entry | None:
        """Return the page as it is now, rendered if need be; None where another process is at it.

        Whoever has waited long enough says `wait=False`, and renders it in any case. A page that
        cannot be rendered is the one of before, where that may stand in for it. Runs in a thread:
        it asks the database.
        """
        key = address.key
        with self.machine.turn(key) as is_ours:
            if wait and not is_ours:
                return None
            now = self.clock()  # only now: what another has just rendered is not of the future
            if now - self._failed.get(key, 0) < NOT_AGAIN_FOR and (entry := self.instead(key, now)):
                return entry
            try:
                state = self.horizon.look(now)
            except Error:
                state = None
            if state and (entry := self._rendered_by_another(key, state, now)):
                return entry
            return self._render(address, state, now)

    def _rendered_by_another(self, key: str, state: State, now: int) -> Entry | None:
        entry = self.pages.get(key) or self.others.get(key)
        if entry is None or not _is_fresh(entry, state, now):
            entry = self.machine.shared(key)
            if entry is None or not _is_fresh(entry, state, now):
                return None
            self._keep(key, entry)
        self.counts["shared"] += 1
        return entry

    def _render(self, address: Address, state: State | None, now: int) -> Entry:
        key = address.key
        status, headers, body = ask(self.django, address, now)
        self.counts["looked up" if address.only_old else "rendered"] += 1
        if status >= 500 and (entry := self._failed_now(key, now)):
            return entry
        entry = Entry.of(status, headers, body, _known(state, now))
        if state and status in _STORED and _may_be_kept(headers):
            self._keep(key, entry)
            self.machine.share(key, entry)
        return entry

    def _failed_now(self, key: str, now: int) -> Entry | None:
        """Remember that a page could not be rendered; return what may stand in for it."""
        self.counts["failed"] += 1
        if len(self._failed) >= _MOST_FAILED:
            self._failed.clear()
        self._failed[key] = now
        return self.instead(key, now)

    def _keep(self, key: str, entry: Entry) -> None:
        here, there = self.pages, self.others
        if entry.status != 200:
            here, there = there, here
        here.put(key, entry)
        there.drop(key)


def _known(state: State | None, now: int) -> Known:
    """How long a page is true that is rendered now; without a database, not a moment."""
    if state is None:
        return Known(-1, -1, now, now, now)
    ends = min(state.starts, state.ends, now + LONGEST)
    return Known(state.number, state.withdrawals, now, ends, state.ends)


def _is_fresh(entry: Entry, state: State, now: int) -> bool:
    known = entry.known
    return (
        known.number == state.number
        and known.withdrawals == state.withdrawals
        and known.begins <= now < known.ends  # before it began: the clock was set back
    )


def _may_stand_in(entry: Entry, state: State, now: int) -> bool:
    known = entry.known
    return known.withdrawals == state.withdrawals and known.begins <= now < known.never_after


def _age(entry: Entry) -> tuple[int, int]:
    return entry.known.number, entry.known.begins


def _may_be_kept(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether an answer is everybody's: it sets no cookie, and depends on none."""
    said: Mapping[str, str] = {name.lower(): value.lower() for name, value in headers}
    caching = said.get("cache-control", "")
    return not (
        "set-cookie" in said
        or "cookie" in said.get("vary", "")
        or "private" in caching
        or "no-store" in caching
    )


@lru_cache(maxsize=256)
def _is_ours(host: bytes) -> bool:
    """Whether the site answers to a Host, by Django's own rule."""
    domain, _port = split_domain_port(host.decode("latin-1"))
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
