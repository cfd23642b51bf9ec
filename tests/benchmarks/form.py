"""How much is measured: all on a quiet machine, or the short form in a quarter of an hour."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tests.benchmarks.archives import Archives
from tests.benchmarks.programs import ROOT, environment, run

SHORT = 100_000  # stories, and fewer: the short form
SMALL = 1_000  # stories of the archive that a big one is compared with


@dataclass(frozen=True)
class Form:
    """What a run of the benchmarks measures on, and for how long."""

    stories: int
    only: tuple[str, ...] = ()  # what the names of the rows hold that are wanted; empty: all are
    archives: Archives = field(default_factory=Archives)

    def wants(self, *names: str) -> bool:
        """Whether any of some rows is wanted."""
        return not self.only or any(word in name.lower() for word in self.only for name in names)

    @property
    def is_short(self) -> bool:
        return self.stories <= SHORT

    def of(self, whole: float, short: float) -> Any:
        """The figure of this form."""
        return short if self.is_short else whole

    @property
    def rounds(self) -> int:
        return int(self.of(9, 5))

    @property
    def seconds(self) -> float:
        """Of a burst."""
        return float(self.of(3, 1))


@lru_cache
def facts(database: str) -> dict[str, Any]:
    """What there is to ask for in a database (facts.py)."""
    return told("facts", database)


def told(program: str, database: str, *words: str, **more: str) -> dict[str, Any]:
    """Run a program of this folder on a database, and return the JSON that it prints."""
    command: Sequence[str] = [sys.executable, "-m", f"tests.benchmarks.{program}", *words]
    said: dict[str, Any] = json.loads(run(list(command), environment(database, **more)))
    return said


Press = Callable[[], dict[str, Any]]


@contextmanager
def pressing(database: str, **more: str) -> Iterator[Press]:
    """Run presses.py; give what lets it press once, and returns what it says of that."""
    command = [sys.executable, "-m", "tests.benchmarks.presses"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(database, **more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    asked, said = process.stdin, process.stdout
    assert asked
    assert said

    def press() -> dict[str, Any]:
        asked.write("press\n")
        asked.flush()
        found: dict[str, Any] = json.loads(said.readline())
        return found

    try:
        press()  # what takes longer the first time
        yield press
    finally:
        asked.close()
        process.wait(timeout=30)
        said.close()
