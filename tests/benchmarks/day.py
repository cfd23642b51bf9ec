"""python -m tests.benchmarks.day HOURS: a newspaper's day, replayed before its page cache.

The clock is simulated; the cache, its shelves, its horizon and what it asks the database are the
site's own. Only Django's pages are stood in for: bytes as many as a page of the paper has. On a
copy of the SQLite database of DATABASE_URL; prints JSON.
"""

import itertools
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

_SHARED = "/dev/shm" if os.path.isdir("/dev/shm") else None
_FOLDER = tempfile.TemporaryDirectory(dir=_SHARED)
_COPY = Path(_FOLDER.name) / "newsroom.sqlite3"
shutil.copy(urlsplit(os.environ["DATABASE_URL"]).path, _COPY)
os.environ["DATABASE_URL"] = f"sqlite:///{_COPY}"

import django

django.setup()

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from articles import edition
from articles.desk import archive
from articles.desk.archive import Story, Version
from articles.desk.revisions import Values
from articles.desk.rights import Program
from articles.models import Section
from articles.pages.cache.addresses import Address
from articles.pages.cache.entries import SECOND, microseconds
from articles.pages.cache.horizon import AT_THE_BELL, AT_THE_DATABASE, Horizon
from articles.pages.cache.machine import Machine
from articles.pages.cache.page_cache import PageCache
from newsroom.front import MEGABYTE

A_SECOND, ADDRESSES, SLOPE = 50, 20_000, 1.0  # Zipf: the nth address is asked for by 1/n
SCHEDULED_A_DAY, PRESSES_AN_HOUR, A_TAKEDOWN_IN = 200, 40, 100
FIRST_TAKEDOWN = 5  # so that an hour has one as well
SMALLEST, LARGEST = 20_000, 45_000  # bytes of a page
HOUR = 3600 * SECOND


@dataclass
class Paper:
    """What stands in for Django: a page says which withdrawals its render knew of."""

    withdrawals: int = 0
    text: bytes = field(default_factory=lambda: _text(LARGEST + 1_000))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        number = crc32(path.encode())
        begin, size = number % 1_000, SMALLEST + number % (LARGEST - SMALLEST)
        known = [("X-Withdrawals", str(self.withdrawals))]
        start_response("200 OK", [*known, ("Content-Type", "text/html; charset=utf-8")])
        return [self.text[begin : begin + size]]


@dataclass
class Day:
    """A day from `now` on (microseconds), for a cache with a room of so many bytes."""

    now: int
    hours: float
    room: int
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED, 0))

    def __post_init__(self) -> None:
        self.dice, self.paper = random.Random(1), Paper()
        self.end = self.now + int(self.hours * HOUR)
        self.cache = PageCache(
            self.paper, Horizon(Machine(None)), room=self.room, clock=lambda: self.now
        )
        self.paper.withdrawals = edition.read().withdrawals

    def play(self) -> float:
        """Let the day pass; the share of requests that no render was needed for."""
        presses, looks = self._presses(), self._looks()
        never = self.end + HOUR
        press, look, rung = next(presses), next(looks), never
        for address in self._asked():
            while self.now >= min(press, look, rung):
                if press <= min(look, rung):
                    self._press()
                    # Whoever waits for the bell hears it within so much.
                    rung, press = press + int(AT_THE_BELL * SECOND), next(presses)
                elif rung <= look:
                    self.cache.horizon.look(self.now)
                    rung = never
                else:
                    self.cache.horizon.look(self.now)
                    look = next(looks)
            self._ask(address, is_told=rung == never)
            self.now += SECOND // A_SECOND
        return 1 - self.cache.counts["rendered"] / self.counts["requests"]

    def _asked(self) -> Iterator[Address]:
        addresses = [Address(f"/world/story-{number}/") for number in range(ADDRESSES)]
        weights = list(itertools.accumulate((number + 1) ** -SLOPE for number in range(ADDRESSES)))
        while self.now < self.end:
            yield from self.dice.choices(addresses, cum_weights=weights, k=A_SECOND)

    def _presses(self) -> Iterator[int]:
        at = self.now
        while True:
            at += int(self.dice.expovariate(PRESSES_AN_HOUR / HOUR))
            yield at

    def _looks(self) -> Iterator[int]:
        return itertools.count(self.now, int(AT_THE_DATABASE * SECOND))

    def _press(self) -> None:
        self.counts["presses"] += 1
        with transaction.atomic():
            if self.counts["presses"] % A_TAKEDOWN_IN != FIRST_TAKEDOWN:
                edition.move_on()
                return
            edition.move_on_with_a_withdrawal()
        self.counts["takedowns"] += 1
        self.paper.withdrawals += 1

    def _ask(self, address: Address, *, is_told: bool) -> None:
        self.counts["requests"] += 1
        entry = self.cache.fresh(address.key, self.now) or self.cache.attempt(address)
        self.counts["late"] += is_told and int(entry.headers[0][1]) != self.paper.withdrawals


def _text(size: int) -> bytes:
    """Words of no language, as many bytes: they are packed about as well as a page is."""
    dice = random.Random(3)
    words = ["".join(dice.choices("aeinorst", k=dice.randrange(2, 9))) for _ in range(400)]
    return " ".join(dice.choices(words, k=size)).encode()[:size]


_COUNTED = ("requests", "presses", "takedowns", "late")


def schedule(now: Any, hours: float) -> int:
    """Schedule as many stories as a day has, for so many of its hours."""
    count, section = round(SCHEDULED_A_DAY * hours / 24), Section.objects.order_by("pk")[0].pk
    dice = random.Random(2)
    stories = [
        Story(
            [
                Version(
                    now + timedelta(hours=hours * dice.random()),
                    Values("To come", section, body="<p>So it is.</p>", slug=f"to-come-{number}"),
                )
            ]
        )
        for number in range(count)
    ]
    archive.write(stories, by=Program("benchmarks"), now=now)
    return count


def main(hours: str) -> None:
    now = timezone.now()
    scheduled = schedule(now, float(hours))
    day = Day(microseconds(now), float(hours), settings.PAGE_CACHE_MB * MEGABYTE)
    rate = day.play()
    roomy = Day(microseconds(now), float(hours) / 4, 2**40)
    said = {
        "rate": rate,
        "rate with room": roomy.play(),
        "scheduled": scheduled,
        "rendered": day.cache.counts["rendered"],
        **day.counts,
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
