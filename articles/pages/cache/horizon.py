"""How far what a process knows reaches: the edition, and the next moments that change a page."""

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import count
from threading import Event, Lock, Thread
from typing import NamedTuple

from django.db import Error, close_old_connections

from articles import bell, edition, intervals
from articles.moments import newsroom_zone
from articles.pages.cache.entries import FOREVER, SECOND, microseconds, moment
from articles.pages.cache.machine import Machine

log = logging.getLogger(__name__)

# Seconds between two looks: at the bell, and at the database whether it rang or not.
AT_THE_BELL, AT_THE_DATABASE = 0.05, 0.5
# Microseconds without a look after which a process asks before it serves: it was asleep.
_TOO_LONG = 1 * SECOND


class State(NamedTuple):
    """The site as it was when somebody last looked; moments in microseconds."""

    number: int = -1  # the edition's; nothing is known yet
    withdrawals: int = -1
    moved: int = 0  # when that number was first seen
    starts: int = 0  # the next moment at which anything starts, or the newsroom's day does
    ends: int = 0  # and at which anything ends


class Horizon:
    """What a process knows; looked at again whenever a bell rings, and twice a second."""

    def __init__(self, machine: Machine, *, withdrawn: Callable[[], object] = lambda: None) -> None:
        """`withdrawn` is called each time something was taken away from readers."""
        self.machine = machine
        self.state = State()
        self.looked = 0  # microseconds: when the database last answered
        self.asking = 0  # since when the watch waits for an answer; 0: it does not
        self.failed = False  # the last look did
        self._withdrawn = withdrawn
        self._lock, self._tickets, self._last = Lock(), count(), -1

    def is_near(self, now: int) -> bool:
        """Whether what is known may be relied on: somebody looked, or nobody can."""
        return 0 <= now - self.looked < _TOO_LONG or self.is_down(now)

    def is_down(self, now: int) -> bool:
        """Whether the database does not answer: it refused, or has let the watch wait."""
        return self.failed or 0 < self.asking < now - _TOO_LONG // 2

    def look(self, now: int) -> State:
        """Read the edition, and what comes next where that may be another; return what is known.

        Raises django.db.Error while the database does not answer; what was known stays.
        """
        ticket = next(self._tickets)
        try:
            read, state = edition.read(), self.state
            if read != state[:2] or now >= min(state.starts, state.ends):
                state = self._state(read, now)
        except Error:
            self.failed = True
            self._recall()
            raise
        with self._lock:
            if ticket < self._last:  # a thread that asked later has answered by now
                return self.state
            was, self.state, self.looked = self.state, state, now
            self._last, self.failed = ticket, False
        if state != was:
            self.machine.remember(state)
        if state.withdrawals != was.withdrawals and was.withdrawals >= 0:
            self._withdrawn()
        return state

    def _recall(self) -> None:
        """Of a process that starts while the database is down: know what another knew."""
        if self.state.number < 0 and (known := self.machine.remembered()):
            self.state = State(*known)

    def _state(self, read: edition.Count, now: int) -> State:
        starts, ends = intervals.next_changes(moment(now))
        midnight = microseconds(_next_day(moment(now)))  # the masthead says which day it is
        return State(
            read.number,
            read.withdrawals,
            self.state.moved if read.number == self.state.number else now,
            min(microseconds(starts) if starts else FOREVER, midnight),
            microseconds(ends) if ends else FOREVER,
        )


class Watch(Thread):
    """The thread of a process that looks, so that no reader has to wait for it."""

    def __init__(
        self, horizon: Horizon, clock: Callable[[], int], looked: Callable[[], object]
    ) -> None:
        """`clock` gives the microseconds since 1970; `looked` is called after every look."""
        super().__init__(name="edition", daemon=True)
        self.horizon, self.clock, self.looked = horizon, clock, looked
        self.ended = Event()

    def run(self) -> None:
        heard, left = bell.heard(), 0.0
        while not self.ended.wait(AT_THE_BELL):
            left -= AT_THE_BELL
            hears = bell.heard()
            if hears != heard or left <= 0:
                heard, left = hears, AT_THE_DATABASE
                self._look()

    def _look(self) -> None:
        was_down = self.horizon.failed
        try:
            close_old_connections()
            self.horizon.asking = self.clock()
            self.horizon.look(self.horizon.asking)
            self.looked()
        except Error as fault:
            if not was_down:
                log.error("The edition cannot be read: %s", type(fault).__name__)
            close_old_connections()
        except Exception:  # logged whole; if the thread ended here, nobody would look any more
            log.exception("Looking at the edition failed")
        finally:
            self.horizon.asking = 0


def _next_day(t: datetime) -> datetime:
    local = t.astimezone(newsroom_zone())
    # Noon first: where clocks change at midnight, a day later by the wall is another day's.
    tomorrow = (local.replace(hour=12, fold=0) + timedelta(days=1)).date()
    return datetime.combine(tomorrow, time(), tzinfo=newsroom_zone())
