"""The table of checks: what is looked at, and what a fault means for readers."""

from datetime import datetime

from newsroom.health import database, indexes, outside, storage, worker
from newsroom.health.findings import Check, Found, Weight, look

CHECKS = (
    Check("database", database.unreachable, Weight.UNREADY),
    Check("migrations", database.unmigrated, Weight.UNREADY),
    Check("static", storage.ungathered, Weight.UNREADY),
    Check("memory", storage.memory, Weight.DEGRADED),
    Check("media", storage.media, Weight.DEGRADED),
    Check("worker", worker.faults, Weight.DEGRADED),
    Check("clock", database.skewed, Weight.DEGRADED),
    Check("zone", database.wrong_zone, Weight.ASIDE),
    Check("indexes", indexes.lacking, Weight.ASIDE),
    Check("static of this release", storage.gathered_before, Weight.ASIDE),
    Check("disks", storage.disks, Weight.ASIDE),
    Check("backups", storage.backups, Weight.ASIDE),
    Check("mail", outside.failing_mail, Weight.ASIDE),
    Check("proxy", outside.untrusted_proxy, Weight.ASIDE),
    Check("debug", outside.debugging, Weight.ASIDE),
    Check("key", outside.weak_key, Weight.ASIDE),
)


def look_at_all(now: datetime) -> list[Found]:
    """Do every check."""
    return [look(check, now) for check in CHECKS]


def look_as_a_probe(now: datetime) -> list[Found]:
    """Do the checks that say whether this machine can serve readers."""
    return [look(check, now) for check in CHECKS if check.weight is not Weight.ASIDE]
