"""Sentry: off without its setting, refused without its package, and told no word of a draft."""

import gzip
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest

from tests.health.site import ROOT, Site

CANARY = "xyzzycanary"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
# A search that fails, and a line of the log with words in it, by a site whose database is empty.
FAULTS = f"""
import logging, django; django.setup()
from django.test import Client
client = Client(raise_request_exception=False, headers={{"X-Request-ID": "request-0001"}})
client.cookies["known"] = "{CANARY}"
draft = "{CANARY}"
client.get("/search/?q={CANARY}", REMOTE_ADDR="203.0.113.77")
client.post("/admin/login/", {{"username": "{CANARY}", "password": "{CANARY}"}})
try:
    int(draft)
except ValueError:
    logging.getLogger("articles").exception("It would not do: %s", draft)
import sentry_sdk; sentry_sdk.flush(10)
"""


@pytest.fixture
def sentry():
    """A server that takes what Sentry would; `told` is what came."""

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = UNPACK[self.headers.get("Content-Encoding")]
            server.told.append(unpack(body).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    server.told = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def run(site, program):
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=site.env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_sentry_is_told_where_a_fault_was_and_no_word_that_anybody_typed(tmp_path, sentry):
    # Plain names of static files, so that the page for a fault can be made.
    dsn = f"http://key@127.0.0.1:{sentry.server_port}/1"
    site = Site(tmp_path, SENTRY_DSN=dsn, SITE_URL="http://testserver", DEBUG="1")
    done = run(site, FAULTS)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for told in sentry.told for line in told.splitlines()]
    events = [line for line in lines if "exception" in line]
    assert len(events) >= 2
    assert {e["tags"]["request_id"] for e in events if "tags" in e} == {"request-0001"}
    assert any("search_page" in e.get("transaction", "") for e in events)
    assert any(e.get("logentry", {}).get("message") == "It would not do: %s" for e in events)
    places = [
        frame["filename"]
        for event in events
        for fault in event["exception"]["values"]
        for frame in fault["stacktrace"]["frames"]
    ]
    assert "articles/pages/search_page.py" in places
    for said in (CANARY, "203.0.113.77"):
        assert said not in "".join(sentry.told)


def test_without_its_package_the_site_does_not_start_and_says_why(tmp_path):
    site = Site(tmp_path, SENTRY_DSN="http://key@127.0.0.1:9/1")
    done = run(site, "import sys; sys.modules['sentry_sdk'] = None; import newsroom.settings")
    assert done.returncode == 1
    assert "SENTRY_DSN" in done.stderr
    assert "install the extra sentry" in done.stderr


def test_without_its_setting_nothing_of_it_is_loaded(tmp_path):
    program = "import sys, newsroom.settings; print('sentry_sdk' in sys.modules)"
    assert run(Site(tmp_path), program).stdout == "False\n"
