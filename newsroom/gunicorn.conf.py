"""How gunicorn serves the site; it stands behind a proxy in production (docs/ops.md)."""

import os
from pathlib import Path
from typing import Any

from newsroom import metrics_files

wsgi_app = "newsroom.wsgi:application"
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
logger_class = "newsroom.gunicorn_logger.JsonLogger"
worker_class = "gthread"
workers = min(4, (os.cpu_count() or 1))
threads = 4
# The heartbeat file of each worker, which gunicorn makes by mkstemp. On a disk it can stall a
# healthy worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - mkstemp's names
control_socket_disable = True
# Nothing a client sends may set a variable that Django trusts.
forwarder_headers = ""
max_requests = 5000
max_requests_jitter = 500
graceful_timeout = 30  # seconds


def on_starting(_server: Any) -> None:
    metrics_files.open_folder()


def pre_fork(server: Any, worker: Any) -> None:
    """Each worker counts in a slot that no other one has, nor one that is just ending."""
    worker.slot = metrics_files.free_slot(other.slot for other in server.WORKERS.values())


def post_fork(_server: Any, worker: Any) -> None:
    os.environ[metrics_files.SLOT] = str(worker.slot)


def child_exit(_server: Any, worker: Any) -> None:
    metrics_files.forget_living(worker.slot)


def on_exit(_server: Any) -> None:
    metrics_files.close_folder()
