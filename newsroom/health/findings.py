"""What a check is: a look at one thing, which yields a sentence a fault that says its fix."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from time import perf_counter

from django import db

_REFUSAL = (
    "The database refuses what it is asked ({}): start it, correct DATABASE_URL, or run "
    "`manage.py migrate`."
)


class Weight(Enum):
    """What a fault means for somebody who asks whether this machine can serve readers."""

    UNREADY = "unready"  # readers get faults from it
    DEGRADED = "degraded"  # readers are served; something else waits or will fail
    ASIDE = "aside"  # to be mended; not asked by a probe


@dataclass(frozen=True)
class Check:
    """A row of the table of checks."""

    name: str
    faults: Callable[[datetime], Iterable[str]]
    weight: Weight


@dataclass(frozen=True)
class Found:
    """What a check found: a sentence a fault, and how long it looked."""

    check: Check
    faults: list[str]
    seconds: float


def look(check: Check, now: datetime) -> Found:
    """Do a check at a moment; a database that refuses is a fault as well."""
    began = perf_counter()
    try:
        faults = list(check.faults(now))
    except db.Error as refusal:
        said = str(refusal).strip().partition("\n")[0]
        faults = [_REFUSAL.format(said)]
    return Found(check, faults, perf_counter() - began)
