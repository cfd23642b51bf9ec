"""How a WebSub hub is told of a list's feeds that changed, and what becomes of one it did not take.

A feed is told at least once: a worker that dies in between has it told again.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from articles.desk import fetching, topics
from articles.models import FeedTopic

logger = logging.getLogger(__name__)
# When another worker takes up what one took up and did not finish.
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 24  # four days
_LONGEST_WAIT = timedelta(hours=6)
_OK, _NO_SUCCESS = 200, 300


class Unreachable(Exception):
    """The hub gives no answer; no other feed needs be tried for now."""


def tell(topic: FeedTopic, etags: Mapping[str, str], now: datetime) -> int:
    """Tell the hub of each feed of a list that is not as it was told; return of how many it heard.

    `etags` are those of the list's feeds at `now`, by their paths; empty of what is not there. What
     the hub refuses is told again later. Raises Unreachable; then all that is due is put off.
    """
    lease = _claim(topic, now)
    if lease is None:
        return 0
    # Of a list that the hub never heard of all are told, and of an address that was left as well.
    paths = {**topic.told, **etags}
    changed = [path for path in paths if topic.told.get(path) != etags.get(path, "")]
    heard = 0
    try:
        for path in changed:
            if _hears(path):
                heard += 1
                _keep(topic, path, etags.get(path))
    except Unreachable:
        _put_off(topic, lease, now)
        waits = {"due_at": now + _wait(topic.attempts), "attempts": topic.attempts}
        topics.due(now).update(**waits)
        raise
    finally:
        FeedTopic.objects.filter(pk=topic.pk).update(told=topic.told)
    if heard < len(changed):
        _put_off(topic, lease, now)
    else:
        _leave(topic, lease, None, attempts=0)
    return heard


def _hears(path: str) -> bool:
    """Whether the hub takes that a feed changed; raises Unreachable."""
    url = f"{settings.SITE_URL}{path}"
    answer = fetching.post(settings.WEBSUB_HUB, {"hub.mode": "publish", "hub.url": url})
    if not answer.status:
        raise Unreachable(answer.fault)
    is_taken = _OK <= answer.status < _NO_SUCCESS
    if not is_taken:
        logger.warning("The hub answers %d to %s.", answer.status, url)
    return is_taken


def _keep(topic: FeedTopic, path: str, etag: str | None) -> None:
    if etag is None:
        del topic.told[path]
    else:
        topic.told[path] = etag


def _claim(topic: FeedTopic, now: datetime) -> datetime | None:
    """Take a list up; return until when, or None where another worker did, or it changed again.

    Its attempts are none meanwhile, so that a look may mark it anew.
    """
    lease = now + LEASE
    held = FeedTopic.objects.filter(pk=topic.pk, due_at=topic.due_at)
    return lease if held.update(due_at=lease, attempts=0) else None


def _put_off(topic: FeedTopic, lease: datetime, now: datetime) -> None:
    """Have a list tried again, twice as late as the last time, and after four days no more."""
    topic.attempts += 1
    if topic.attempts < MOST_ATTEMPTS:
        _leave(topic, lease, now + _wait(topic.attempts), attempts=topic.attempts)
        return
    logger.error("The hub did not take %s for days; it hears of its next change.", topic)
    _leave(topic, lease, None, attempts=0)


def _wait(attempts: int) -> timedelta:
    return min(timedelta(minutes=2 ** min(attempts, 10)), _LONGEST_WAIT)


def _leave(topic: FeedTopic, lease: datetime, due_at: datetime | None, *, attempts: int) -> None:
    """Let go of a list; where it was marked anew meanwhile, it stays due."""
    FeedTopic.objects.filter(pk=topic.pk).update(attempts=attempts)
    FeedTopic.objects.filter(pk=topic.pk, due_at=lease).update(due_at=due_at)
