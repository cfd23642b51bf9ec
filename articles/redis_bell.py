"""A bell for several machines (articles/bell.py), where the extra redis is installed."""

import logging

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

_PATIENCE = 0.2  # seconds that Redis may take
_PASS_OVER = 100  # times that a broken one is not listened to: some five seconds
_KEY = "newsroom:edition"


class RedisBell:
    """A number in Redis, which each ring raises."""

    def __init__(self, url: str) -> None:
        self.redis = redis.Redis.from_url(
            url,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 0),  # whoever waits has a press to end, or an edition to read
        )
        self.is_broken = False
        self._passed_over = 0  # times that it was not listened to since it broke

    def ring(self) -> None:
        self._ask("incr")

    def heard(self) -> object:
        if self.is_broken and self._passed_over < _PASS_OVER:
            self._passed_over += 1
            return None
        self._passed_over = 0
        return self._ask("get")

    def _ask(self, command: str) -> object:
        try:
            said = getattr(self.redis, command)(_KEY)
        except (redis.RedisError, OSError, ValueError) as fault:
            if not self.is_broken:  # once, not ten times a second
                log.warning("The bell in Redis does not answer: %s", type(fault).__name__)
            self.is_broken = True
            return None
        self.is_broken = False
        return said
