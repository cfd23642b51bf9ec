"""The real site, served by gunicorn as production does, with a database of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]


class Site:
    """A site of its own processes: a database, settings, and a port."""

    def __init__(self, folder, **env):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = folder / "log"
        self.origin = f"http://127.0.0.1:{self.port}"
        self.env = {
            "PATH": os.environ["PATH"],
            "SECRET_KEY": "kR2v9-xLq4TzW8nB_c5JmP7sYhD1gFaE3uVtXoQiZ6-yNwKb0e",
            "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
            "PICTURES_STORE": str(folder / "pictures"),
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            **env,
        }

    def manage(self, *command, **env):
        return subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env={**self.env, **env},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    @contextmanager
    def served(self):
        """Serve it by gunicorn, as production does; yields the process, whose log is a file."""
        command = [sys.executable, "-m", "gunicorn", "--config", "newsroom/gunicorn.conf.py"]
        with self.log.open("w") as log:
            server = subprocess.Popen(command, cwd=ROOT, env=self.env, stderr=log)
        try:
            wait_for(lambda: self.ask("/healthz").status == 200)
            yield server
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=45)  # one that starts a worker just then takes half a minute

    def ask(self, path, sent=None, **headers):
        request = Request(self.origin + path, sent, headers)
        try:
            answer = urlopen(request, timeout=10)
        except HTTPError as refused:
            answer = refused
        with answer:
            return Said(answer.status, answer.headers, answer.read().decode())


class Said:
    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text

    @property
    def json(self):
        return json.loads(self.text)


def wait_for(is_so, seconds=20):
    """Ask again until it is so, as a real process takes its time; fail after some seconds."""
    end = time.monotonic() + seconds
    while True:
        try:
            if is_so():
                return
        except OSError:
            pass
        assert time.monotonic() < end, "It did not come to that in time."
        time.sleep(0.05)
