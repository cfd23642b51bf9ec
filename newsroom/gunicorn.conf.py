"""How gunicorn serves the site; it stands behind a proxy in production (docs/ops.md)."""

import os
from pathlib import Path

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
