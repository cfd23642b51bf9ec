"""The site as gunicorn serves it: its workers count together, and its proxy is believed or not."""

import os
import signal
from pathlib import Path

import pytest

from newsroom.health.outside import untrusted_proxy
from tests.conftest import NOW
from tests.health.site import Site, wait_for
from tests.health.test_metrics import read

BY_HTTPS = {"Host": "news.example", "X-Forwarded-Proto": "https"}
CANARY = "xyzzycanary"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A site of two workers, and its server's process."""
    site = Site(tmp_path_factory.mktemp("site"), SITE_URL="https://news.example")
    with site.served() as server:
        yield site, server
    assert list(_folders(server)) == []  # it leaves nothing in memory


def _folders(server):
    return Path("/dev/shm").glob(f"newsroom-metrics-{server.pid}-*")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="Who is whose child is asked of /proc.")
def test_the_workers_of_a_machine_count_together_and_one_that_dies_takes_nothing_along(served):
    site, server = served

    def counted():
        return read(site.ask("/metrics").text)["newsroom_requests_total", "204", "most_read"]

    def read_stories():
        for _ in range(20):
            assert site.ask("/most-read/", b"1", **BY_HTTPS).status == 204

    read_stories()
    assert counted() == 20
    workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    assert len(workers) == 2
    for pid in workers:
        os.kill(int(pid), signal.SIGKILL)
    wait_for(lambda: site.ask("/healthz").status == 200)
    read_stories()
    assert counted() == 40
    assert read(site.ask("/metrics").text)["newsroom_database_up",] == 0
    (folder,) = _folders(server)  # a slot a worker, whichever worker it was
    assert {file.stem.rpartition("_")[2] for file in folder.iterdir()} <= {"0", "1"}


def test_the_server_tells_of_a_fault_without_what_was_asked(served):
    site, _server = served
    # Its database has no tables; where its static files were never gathered, its page for a fault
    # fails as well, and gunicorn tells of that.
    assert site.ask(f"/search/?q={CANARY}", **BY_HTTPS).status == 500
    log = site.log.read_text()
    assert '"fault": [' in log
    assert CANARY not in log


@pytest.fixture
def of_the_proxy(settings, monkeypatch):
    """What doctor finds about the way to a site whose readers come by https."""
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")  # no test leaves this machine

    def of_the_proxy(site):
        settings.SITE_URL, settings.ORIGIN_URL = "https://news.example", site.origin
        return list(untrusted_proxy(NOW))

    return of_the_proxy


def test_a_proxy_whose_word_of_https_is_taken(served, of_the_proxy):
    site, _server = served
    assert of_the_proxy(site) == []


def test_a_proxy_whose_word_of_https_is_not_taken(tmp_path, of_the_proxy):
    site = Site(tmp_path, SITE_URL="https://news.example", FORWARDED_ALLOW_IPS="192.0.2.1")
    with site.served():
        (said,) = of_the_proxy(site)
    assert f"comes to {site.origin} by https reaches the site as http" in said
    assert "X-Forwarded-Proto" in said
    assert "FORWARDED_ALLOW_IPS" in said
