"""gunicorn by its deployed configuration: what it believes, how it is reloaded, how many it is."""

import http.client
import json
import os
import runpy
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.proxy.programs import HOST, PACKAGED, ROOT, ended_after, gunicorn, nginx
from tests.proxy.speaking import ask

TINY = {
    "asgi": "tests.proxy.tiny_site:asgi",
    "gthread": "tests.proxy.tiny_site:application",
}
FILE = ROOT / "newsroom" / "gunicorn.conf.py"


def settings(monkeypatch, **environment):
    for name in ("WEB_CONCURRENCY", "BIND", "PORT", "WORKER_CLASS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(FILE))


@pytest.fixture(scope="module", params=TINY)
def server(tmp_path_factory, request):
    """gunicorn before a site of one page, by each class of worker; its port and process."""
    folder, site = tmp_path_factory.mktemp("gunicorn"), TINY[request.param]
    with gunicorn(folder, site, WEB_CONCURRENCY="2", WORKER_CLASS=request.param) as running:
        yield running


def told(port, path="/", **headers):
    """What gunicorn made of a request that comes past the proxy."""
    speaker = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    speaker.request("GET", path, headers={"Host": HOST} | headers)
    reply = speaker.getresponse()
    body = reply.read()
    speaker.close()
    return json.loads(body) if reply.status == 200 else reply.status


def test_a_worker_for_each_core_and_never_one_alone(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0}, raising=False)
    assert settings(monkeypatch)["workers"] == 2
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(6)), raising=False)
    assert settings(monkeypatch)["workers"] == 6
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(64)), raising=False)
    assert settings(monkeypatch)["workers"] == 8
    assert settings(monkeypatch, WEB_CONCURRENCY="1")["workers"] == 1


def test_it_listens_where_it_is_told(monkeypatch):
    assert settings(monkeypatch)["bind"] == "127.0.0.1:8000"
    assert settings(monkeypatch, PORT="8080")["bind"] == "127.0.0.1:8080"
    place = "unix:/run/newsroom/site.sock"
    assert settings(monkeypatch, PORT="8080", BIND=place)["bind"] == place


def test_an_asgi_worker_is_never_ended_by_a_count(monkeypatch):
    """It would be gone for as long as the proxy keeps an idle connection to it: 29 s, tried."""
    assert settings(monkeypatch, WORKER_CLASS="gthread")["max_requests"] > 0
    assert settings(monkeypatch, WORKER_CLASS="asgi")["max_requests"] == 0


def test_an_idle_connection_is_the_proxys_to_close(monkeypatch):
    configuration = (ROOT / "deploy" / "nginx" / "newsroom.conf").read_text(encoding="utf-8")
    upstream = configuration[configuration.index("upstream newsroom") :]
    theirs = int(upstream.partition("keepalive_timeout ")[2].partition("s;")[0])
    assert theirs < settings(monkeypatch)["keepalive"]


def test_of_what_the_proxy_says_the_scheme_is_believed_and_nothing_else(server):
    port, _process = server
    assert told(port)["scheme"] == "http"
    assert told(port, **{"X-Forwarded-Proto": "https"})["scheme"] == "https"
    for name in ("X-Forwarded-Ssl", "X-Forwarded-Protocol"):
        assert told(port, **{name: "on"})["scheme"] == "http"
    heard = told(port, **{"Script-Name": "/x", "SCRIPT_NAME": "/x", "PATH_INFO": "/admin/"})
    assert (heard["SCRIPT_NAME"], heard["PATH_INFO"]) == ("", "/")


def test_nobody_but_the_proxy_is_believed(tmp_path):
    with gunicorn(tmp_path, TINY["asgi"], FORWARDED_ALLOW_IPS="10.0.0.5") as (port, _process):
        assert told(port, **{"X-Forwarded-Proto": "https"})["scheme"] == "http"


def test_as_much_is_taken_as_the_proxy_passes_on(server):
    port, _process = server
    assert isinstance(told(port, "/" + "a" * 8000), dict)
    assert isinstance(told(port, Cookie="a" * 8000), dict)
    assert told(port, "/" + "a" * 9000) in (400, 414)
    assert told(port, Cookie="a" * 9000) in (400, 431)


def test_a_socket_is_for_its_group_and_nothing_else_is_opened(tmp_path):
    place = tmp_path / "site.sock"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        str(FILE),
        "--log-level",
        "debug",
        TINY["asgi"],
    ]
    home = {
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "BIND": f"unix:{place}",
        "WEB_CONCURRENCY": "1",
    }
    log = tmp_path / "log"
    with log.open("wb") as said:
        running = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **home}, stderr=said)
    with ended_after(running):
        wait_until(lambda: "Control socket" in log.read_text())  # “disabled”, or where it is
        assert stat.S_IMODE(place.stat().st_mode) == 0o770
        assert {one.name for one in tmp_path.iterdir()} == {"site.sock", "log"}


@pytest.mark.parametrize("worker", ["gthread", "asgi"])
def test_a_reload_under_load_loses_no_request(worker, tmp_path):
    site = {"gthread": "tests.proxy.tiny_site:application", "asgi": "tests.proxy.tiny_site:asgi"}
    told = {"WORKER_CLASS": worker, "WEB_CONCURRENCY": "2"}
    with (
        gunicorn(tmp_path, site[worker], **told) as (port, process),
        nginx(PACKAGED, tmp_path / "nginx", f"127.0.0.1:{port}") as proxy,
        ReadersAndWriters(proxy) as load,
    ):
        first = wait_until(lambda: load.workers & children(process))
        for _generation in range(2):
            old = children(process)
            os.kill(process, signal.SIGHUP)
            wait_until(lambda old=old: len(children(process) - old) == 2)
            wait_until(lambda old=old: not children(process) & old)
        last = wait_until(lambda: load.workers & children(process))
    assert set(load.statuses) == {200}
    assert len(load.statuses) > 50
    assert not first & last


class ReadersAndWriters:
    """Half of them read and half of them post, without a pause, while the block lasts."""

    def __init__(self, proxy):
        self.proxy, self.over = proxy, threading.Event()
        self.statuses, self.workers = [], set()
        self.threads = [
            threading.Thread(target=self.work, args=(method,)) for method in ("GET", "POST") * 4
        ]

    def work(self, method):
        while not self.over.is_set():
            reply = ask(self.proxy, "/?0.02", method, b"a=b" if method == "POST" else None)
            self.statuses.append(reply.status)
            if reply.status == 200:
                self.workers.add(json.loads(reply.body)["process"])

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=10)


def children(process):
    """The workers of a gunicorn, by the system's own list."""
    return set(Path(f"/proc/{process}/task/{process}/children").read_text().split())


def wait_until(find, seconds=20):
    """What is found at last; fails after some seconds."""
    deadline = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found
