"""The site as gunicorn serves it, by two processes: one render for both, and what befalls them."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.health.site import Site, wait_for
from tests.health.test_metrics import read

pytestmark = pytest.mark.programs

STORY = """---
headline: Harbour Closes
section: World
slug: harbour-closes
published: 2024-03-01 10:00
---

The harbour closed on Wednesday.
"""

PAGE = "/world/harbour-closes/"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A site of some stories and two workers; and its server's process."""
    folder = tmp_path_factory.mktemp("site")
    # In DEBUG static files need not be gathered; the pages are kept all the same.
    own = {"SITE_URL": "http://127.0.0.1", "SHARED_FOLDER": str(folder / "shared"), "DEBUG": "1"}
    site = Site(folder, **own)
    assert site.manage("migrate").returncode == 0
    assert site.manage("make_archive", "30", "--versions", "0").returncode == 0
    with site.served() as server:
        wait_for(lambda: started(site) == 2)
        yield site, server


def started(site):
    """How many of its processes have begun to answer, since the site was started."""
    return site.log.read_text().count("server listening")


def counted(site, outcome):
    """How often something became of a request for a page, in all processes."""
    site.ask("/nowhere/")  # a look at the edition later, all of them have told
    return read(site.ask("/metrics").text).get(("newsroom_page_cache_total", outcome), 0)


def get(site, path, **headers):
    """Ask by a connection of its own, as another reader would."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.request("GET", path, headers={"Host": "127.0.0.1", **headers})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def test_however_many_ask_for_a_page_at_once_it_is_rendered_once_for_all_processes(served):
    site, _server = served
    with ThreadPoolExecutor(50) as readers:
        answers = list(readers.map(lambda _n: get(site, "/world/"), range(200)))
    assert {status for status, _body in answers} == {200}
    assert len({body for _status, body in answers}) == 1
    wait_for(lambda: counted(site, "rendered") >= 2)  # this page, and the one that is not there
    wait_for(lambda: counted(site, "hit") + counted(site, "shared") > 50)
    assert counted(site, "rendered") == 2


def test_what_is_published_is_soon_seen_in_every_process(served, tmp_path):
    site, _server = served
    assert {get(site, PAGE)[0] for _ in range(8)} == {404}
    (tmp_path / "story.md").write_text(STORY)
    told = site.manage("import_stories", str(tmp_path), "--publish")
    assert told.returncode == 0, told.stdout + told.stderr
    wait_for(lambda: {get(site, PAGE)[0] for _ in range(8)} == {200})


def test_a_process_that_is_killed_takes_no_page_along(served):
    site, server = served
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    answers = []
    wait_for(lambda: answers.append(get(site, "/")[0]) or len(answers) >= 40)
    assert set(answers) == {200}
    # A server that is told to end while a process starts waits half a minute for it.
    wait_for(lambda: started(site) == 3)


def test_while_the_database_is_away_readers_keep_their_pages_and_get_new_ones_after(served):
    site, _server = served
    database = Path(site.env["DATABASE_URL"].removeprefix("sqlite:///"))
    before = get(site, "/")
    database.rename(f"{database}.away")
    database.mkdir()  # so that none is made in its place
    try:
        for path in ("/", PAGE):  # a process may have never rendered it itself
            assert {get(site, path)[0] for _ in range(40)} == {200}
        assert get(site, "/") == before
    finally:
        database.rmdir()
        Path(f"{database}.away").rename(database)
    wait_for(lambda: get(site, "/national/")[0] == 200)
