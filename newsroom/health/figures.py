"""What is looked up when Prometheus asks: the worker's heartbeat and its queue."""

from collections.abc import Iterator
from datetime import datetime

from django import db
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from newsroom.health import worker


class Figures(Collector):
    """Figures of the whole site at a moment; without a database only that there is none."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        try:
            queue, last = worker.queue(), worker.last_beat()
        except db.Error:
            yield _gauge("newsroom_database_up", "Whether the database answers.", 0)
            return
        yield _gauge("newsroom_database_up", "Whether the database answers.", 1)
        yield _gauge("newsroom_queue_tasks", "Tasks that could run now.", queue.length)
        yield _gauge(
            "newsroom_queue_oldest_seconds",
            "Seconds for which the oldest of them could have run.",
            self._since(queue.oldest) if queue.oldest else 0,
        )
        if last:
            yield _gauge(
                "newsroom_worker_heartbeat_seconds",
                "Seconds since a worker was heard of.",
                self._since(last),
            )

    def _since(self, moment: datetime) -> float:
        return (self.now - moment).total_seconds()


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value)
