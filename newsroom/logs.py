"""What a line of the log says: JSON in production, readable in development; never what anybody
typed, read or searched for, nor from where."""

import errno
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from newsroom import compat

_ROOT = f"{Path(__file__).resolve().parent.parent}/"
_LONGEST = 40  # places of a fault that are told
# What a server says of a request that it could not read goes on with the request itself.
_TOLD_SHORT = re.compile(r"(Invalid request|Error handling request)\b.*", re.DOTALL)
# Answered before any view; named here, as their paths are fixed.
PROBES = ("/healthz", "/readyz", "/metrics")


def view_of(request: HttpRequest) -> str:
    """The name of the view that a request reached, one of a bounded number; `none` without one."""
    if request.path_info in PROBES:
        return request.path_info[1:]
    if request.path_info.startswith(settings.STATIC_URL):
        return "static"
    match = request.resolver_match
    return match.view_name or "unnamed" if match else "none"


def _without_address(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Say the view instead of the path, which may hold the token of a share link."""
    record = event["_record"]
    request = getattr(record, "request", None)
    if record.name.startswith("django.security."):
        event["event"] = record.name.rpartition(".")[2]  # the rest quotes what was sent
    if isinstance(request, HttpRequest):
        event["view"] = view_of(request)
        # Django escapes a path that is not all ASCII, as it logs it.
        escaped = request.path.encode("unicode_escape").decode("ascii")
        event["event"] = str(event["event"]).replace(escaped, event["view"])
        if status := getattr(record, "status_code", None):
            event["status"] = status
    elif record.name.startswith("gunicorn"):
        event["event"] = _TOLD_SHORT.sub(r"\1", str(event["event"]))
    return event


def _without_words(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Say of a fault its types and places: its message may quote a draft or a search."""
    given = event.pop("exc_info", None)
    fault = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(fault, BaseException):
        event["fault"] = [
            {"type": _kind(one), "places": list(_places(one))} for one in _chain(fault)
        ]
    return event


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """A fault, and what it came from."""
    told: BaseException | None = fault
    while told is not None:
        yield told
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)


def _kind(fault: BaseException) -> str:
    """The type of a fault, with the code of the system or the database where it bears one."""
    number = getattr(fault, "errno", None)
    code = (
        getattr(fault, "sqlstate", None)
        or getattr(fault, "sqlite_errorname", None)
        or (errno.errorcode.get(number) if isinstance(number, int) else None)
    )
    name = f"{type(fault).__module__}.{type(fault).__qualname__}"
    return f"{name} {code}" if code else name


def _places(fault: BaseException) -> Iterator[str]:
    for frame, line in list(traceback.walk_tb(fault.__traceback__))[-_LONGEST:]:
        file = frame.f_code.co_filename.removeprefix(_ROOT).rpartition("site-packages/")[2]
        yield f"{file}:{line} {frame.f_code.co_name}"


_IN_EACH: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[*_IN_EACH, ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)


class JsonLines(ProcessorFormatter):
    """For production: one JSON object a line."""

    def __init__(self) -> None:
        rendering: list[Processor] = [_without_words, structlog.processors.JSONRenderer()]
        super().__init__(
            foreign_pre_chain=[*_IN_EACH, _without_address],
            processors=[ProcessorFormatter.remove_processors_meta, *rendering],
        )


class Readable(ProcessorFormatter):
    """For development: a line to read, and a fault with all it says."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=[*_IN_EACH, _without_address],
            processors=[
                ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(
                    colors=False, exception_formatter=structlog.dev.plain_traceback
                ),
            ],
        )


def configuration(*, readable: bool) -> dict[str, Any]:
    """Django's LOGGING: one handler, and no line for what readers and strangers get wrong."""
    formatter: type[logging.Formatter] = Readable if readable else JsonLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "newsroom": {"level": "INFO"},
            # Its own handlers would print a line twice, and mail faults with all they hold.
            "django": {"handlers": [], "level": "WARNING"},
            "django.request": {"level": "ERROR"},  # 5xx: a 404 is no fault of ours
            "django.security.DisallowedHost": {"level": "CRITICAL"},  # what a stranger sent
            # Which request enqueued which task; the worker's own lines name the task.
            compat.TASKS_LOGGER: {"level": "DEBUG"},
        },
    }
