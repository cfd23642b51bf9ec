"""What Sentry is told of a fault: where in the code, and in which view; never what it was about.

Named is what is told, not what is left out: what another version of sentry-sdk adds stays here.
"""

from typing import Any

import sentry_sdk
import structlog
from sentry_sdk.integrations.django import DjangoIntegration

_TOLD = ("contexts", "environment", "event_id", "level", "logger", "modules", "platform", "release",
         "sdk", "server_name", "timestamp")  # fmt: skip
_OF_A_FAULT = ("type", "module", "mechanism")
_OF_A_FRAME = ("filename", "abs_path", "function", "module", "lineno", "in_app", "pre_context",
               "context_line", "post_context")  # fmt: skip
_CONTEXTS = ("runtime", "trace")


def start(dsn: str) -> None:
    """Tell Sentry of faults from now on. Raises ValueError for a DSN that is none."""
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,  # a draft is one
        max_request_body_size="never",
        max_breadcrumbs=0,  # addresses, and lines of the log as they were before ours look at them
        auto_session_tracking=False,
        before_send=_told,
        integrations=[DjangoIntegration(transaction_style="function_name")],
    )


def _told(event: Any, _hint: Any) -> Any:
    told = {key: event[key] for key in _TOLD if key in event}
    told["contexts"] = _some(_CONTEXTS, event.get("contexts", {}))
    if event.get("transaction_info", {}).get("source") != "url":  # an address that leads nowhere
        told["transaction"] = event.get("transaction", "")
    if request_id := structlog.contextvars.get_contextvars().get("request_id"):
        told["tags"] = {"request_id": request_id}
    if message := event.get("logentry", {}).get("message"):
        told["logentry"] = {"message": message}  # as it stands in the code, without its values
    faults = event.get("exception", {}).get("values", [])
    told["exception"] = {"values": [_fault(fault) for fault in faults]}
    return told


def _fault(fault: dict[str, Any]) -> dict[str, Any]:
    """A fault by its type and places: its message may quote a draft or a search."""
    frames = (fault.get("stacktrace") or {}).get("frames", [])
    return {
        **_some(_OF_A_FAULT, fault),
        "stacktrace": {"frames": [_some(_OF_A_FRAME, frame) for frame in frames]},
    }


def _some(keys: tuple[str, ...], of: dict[str, Any]) -> dict[str, Any]:
    return {key: of[key] for key in keys if key in of}
