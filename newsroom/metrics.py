"""What is counted and timed, by names of a bounded number, for Prometheus.

A process of gunicorn's counts in files that all workers of the machine share a folder for
(newsroom/metrics_files.py); any other process counts for itself.
"""

import os
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from newsroom.metrics_files import FOLDER, slot_of_this_process

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# By slot, not by process: a worker that comes after another counts on where that one ended, so
# that sums never fall, and the files do not become more with every worker that ever was.
values.ValueClass = (
    values.MultiProcessValue(slot_of_this_process) if FOLDER in os.environ else values.MutexValue
)
_OWN = CollectorRegistry()

_requests = Counter(
    "newsroom_requests", "Requests that Django answered.", ["view", "status"], registry=_OWN
)
_seconds = Histogram(
    "newsroom_request_seconds",
    "Seconds that Django took for a request.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=_OWN,
)
_cache = Counter(
    "newsroom_page_cache", "What became of requests for cached pages.", ["outcome"], registry=_OWN
)
_entries = Gauge(
    "newsroom_page_cache_entries",
    "Pages that are kept.",
    registry=_OWN,
    multiprocess_mode="livesum",
)
_bytes = Gauge(
    "newsroom_page_cache_bytes",
    "Bytes of the pages that are kept.",
    registry=_OWN,
    multiprocess_mode="livesum",
)
_press = Histogram(
    "newsroom_press_to_visible_seconds",
    "Seconds from a change of the press until this machine showed it.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60),
    registry=_OWN,
)


def request_seen(view: str, status: int, seconds: float) -> None:
    """Count a request that Django answered; `view` is the resolver's name, never an address."""
    _requests.labels(view, status).inc()
    _seconds.labels(view).observe(seconds)


def cache_counted(counts: Mapping[str, int]) -> None:
    """Add to what became of requests for cached pages, by name: {"hit": 120, "rendered": 2}.

    Each number is what came since the last call. The names are the caller's, and few.
    """
    for outcome, count in counts.items():
        _cache.labels(outcome).inc(count)


def cache_holds(entries: int, size: int) -> None:
    """Say how many pages this process keeps now, and how many bytes they are."""
    _entries.set(entries)
    _bytes.set(size)


def press_seen(seconds: float) -> None:
    """Count that a change of the press was shown so many seconds after it was made."""
    _press.observe(max(0.0, seconds))


def text(*more: Collector) -> str:
    """Everything counted on this machine, and what other collectors find now, as Prometheus reads.

    The text format is version 0.0.4 of Prometheus' exposition formats.
    """
    registry = CollectorRegistry()
    if folder := os.environ.get(FOLDER):
        MultiProcessCollector(registry, path=folder)
    else:
        registry.register(_OWN)
    for collector in more:
        registry.register(collector)
    return generate_latest(registry).decode()
