"""How gunicorn serves the site: how many at once, how long it waits, whom it believes.

It stands behind a proxy in production (deploy/nginx, docs/ops.md). The variables it reads are
explained in docs/ops.md: WORKER_CLASS, WEB_CONCURRENCY, BIND or PORT; gunicorn itself reads
FORWARDED_ALLOW_IPS.
"""

import os
import secrets
from pathlib import Path
from typing import Any

from newsroom import metrics_files

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

# Pages from memory are answered in an event loop; gthread serves them from threads, at a fourth of
# the rate.
worker_class = os.environ.get("WORKER_CLASS", "asgi")
wsgi_app = "newsroom.asgi:application" if worker_class == "asgi" else "newsroom.wsgi:application"
# A worker for each core. Two at least: while one starts anew the other answers.
workers = int(os.environ.get("WEB_CONCURRENCY") or min(8, max(2, CORES)))
# A request waits for the database half of its time, and the threads of one worker share a core.
threads = 4 if worker_class == "gthread" else 1
# "unix:/run/newsroom/site.sock", "10.0.0.5:8000"; only the proxy may reach it.
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
umask = 0o007  # a socket is for its group, which the proxy is in
# Each worker loads the site itself: HUP brings new code, and no connection to the database, no
# thread that watches the edition is there before the fork that would break it.
preload_app = False

# The heartbeat file of each worker, which gunicorn makes by mkstemp. On a disk it can stall a
# healthy worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes its file there by mkstemp: no name to foresee
control_socket_disable = True
# Nothing a client sends may set a variable that Django trusts. Of what the proxy says (from
# FORWARDED_ALLOW_IPS, by default this machine, or by a socket) one thing is believed: the scheme.
forwarder_headers = ""
secure_scheme_headers = {"X-FORWARDED-PROTO": "https"}
# As long as nginx passes on (large_client_header_buffers).
limit_request_line = 8190
limit_request_field_size = 8190
limit_request_fields = 100

# Longer than the proxy keeps an idle connection (60 s): it closes, and no request is lost on a
# connection that we were just closing.
keepalive = 75  # seconds
timeout = 30  # seconds without a heartbeat; a slow request alone does not count
graceful_timeout = 30  # seconds
# Against what leaks slowly: some hours at a newsroom's pace. Not for the asgi worker: it waits
# graceful_timeout for the proxy's idle connections, and only then a new one is started.
max_requests = 1_000_000 if worker_class == "gthread" else 0
max_requests_jitter = 250_000

logger_class = "newsroom.gunicorn_logger.JsonLogger"
accesslog = None  # readers' addresses are not written down; the proxy's log has the rest
errorlog = "-"  # stderr, where systemd's journal keeps it


def on_starting(_server: Any) -> None:
    metrics_files.open_folder()
    on_reload(_server)


def on_reload(_server: Any) -> None:
    """No page that an older release rendered, or older settings, is taken for one of this one."""
    os.environ["NEWSROOM_GENERATION"] = secrets.token_hex(4)  # newsroom/front.py


def pre_fork(server: Any, worker: Any) -> None:
    """Each worker counts in a slot that no other one has, nor one that is just ending."""
    worker.slot = metrics_files.free_slot(other.slot for other in server.WORKERS.values())


def post_fork(_server: Any, worker: Any) -> None:
    os.environ[metrics_files.SLOT] = str(worker.slot)


def post_worker_init(worker: Any) -> None:
    site = getattr(worker, "wsgi", None)
    if hasattr(site, "watch_edition"):  # an event loop starts its own (lifespan)
        site.watch_edition()


def child_exit(_server: Any, worker: Any) -> None:
    metrics_files.forget_living(worker.slot)


def on_exit(_server: Any) -> None:
    metrics_files.close_folder()
