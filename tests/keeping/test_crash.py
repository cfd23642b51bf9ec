"""A process that dies at any point of saving, publishing and taking up a picture leaves nothing
half there, and nothing is lost that it had said was done."""

import os
import signal
import subprocess
from random import Random

import pytest

from tests.keeping.places import ROOT, Places

KILLS = int(os.environ.get("KILLS", "8"))
LAST = 700  # statements: some steps of the desk at work


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    places = Places(tmp_path_factory.mktemp("places"))
    place = places.make("paper")
    assert place.manage("migrate", "-v0").returncode == 0
    yield place
    places.clear()


def test_whenever_a_process_is_killed_nothing_is_torn_and_nothing_lost(paper):
    draw = Random(KILLS)
    done = 0
    for point in [draw.randint(1, LAST) for _kill in range(KILLS)]:
        killed = subprocess.run(
            paper.command("-m", "tests.keeping.killed", str(point)),
            cwd=ROOT, env=paper.env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        done += len(killed.stdout.split())
        there = paper.program("tests.keeping.house")["tables"]["articles_article"][0]
        assert there >= done, f"killed after statement {point}"
    assert done > KILLS // 2, "it was killed before it had done anything"
