"""make hold: the long forms of the tests that look for what breaks only now and then, on both
databases; prints a row a promise, and writes them to build/hold.json.

ONLY is what the rows' names hold that are wanted, words between commas.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.benchmarks.report import Row, row, surroundings, write
from tests.run import SQLITE, packaged_postgresql


@dataclass(frozen=True)
class Long:
    """A promise, the tests that would see it break, and how long they look."""

    name: str
    tests: tuple[str, ...]
    how: dict[str, str] = field(default_factory=dict)


LONG = (
    Long(
        "kills of a desk at work that tear or lose something, of 200",
        ("tests/keeping/test_crash.py",),
        {"KILLS": "200"},
    ),
    Long(
        "words lost where editors meet, 10,000 times",
        ("tests/desk/test_interleavings.py",),
        {"INTERLEAVINGS": "10000", "INTERLEAVINGS_DB": "600"},
    ),
    Long(
        "rules broken in 1,000 random lives of a story",
        ("tests/desk/test_press_properties.py", "tests/desk/test_desk_properties.py"),
        {"PRESS_EXAMPLES": "1000"},
    ),
    Long(
        "pages from memory that were not what is so, in 100 random papers",
        ("tests/pages/cache/test_never_a_difference.py",),
        {"CACHE_EXAMPLES": "100"},
    ),
    Long(
        "public addresses that tell of a hidden story",
        (
            "tests/pages/test_leaks.py",
            "tests/pages/test_never_was.py",
            "tests/pages/cache/test_old_answers.py",
            "tests/desk/test_share_door.py",
        ),
    ),
    Long(
        "addresses of the desk that let in, or do for, whom the tables do not name",
        (
            "tests/desk/test_rights_table.py",
            "tests/desk/test_verbs_table.py",
            "tests/desk/test_forged_posts.py",
        ),
    ),
)


def main() -> int:
    words = [word.strip().lower() for word in os.environ.get("ONLY", "").split(",")]
    wanted = [long for long in LONG if any(word in long.name.lower() for word in words)]
    if not wanted:
        names = "\n".join(long.name for long in LONG)
        sys.exit(f"ONLY={os.environ['ONLY']} is in no row's name. They are:\n{names}")
    rows: list[Row] = []
    for found in held(wanted):
        rows.append(found)
        print(found, flush=True)
        write(rows, ROOT / "build" / "hold.json", surroundings())
    return not all(found.holds for found in rows)


def held(wanted: list[Long]) -> Iterator[Row]:
    """A row of each promise on each database."""
    with packaged_postgresql() as url:
        for on, given in (("SQLite", SQLITE), ("PostgreSQL", {"TEST_DATABASE_URL": url})):
            for long in wanted:
                tried, failed = tests_of(long, given)
                yield row(f"{long.name}, {on}", failed, "= 0", f"{tried} tests", counted=True)


def tests_of(long: Long, given: dict[str, str]) -> tuple[int, int]:
    """Run a promise's tests; return how many there were, and how many failed."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.xml"
        command = [
            sys.executable, "-m", "pytest", "-n", "2", f"--junitxml={said}", *long.tests
        ]  # fmt: skip
        env = {**os.environ, **long.how, **given}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)
        if not said.exists():
            raise RuntimeError(done.stdout.decode()[-2000:] + done.stderr.decode()[-2000:])
        suite = ElementTree.parse(said).getroot()[0]
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        if failed or done.returncode:
            print(done.stdout.decode()[-4000:], file=sys.stderr)
        return int(suite.get("tests", 0)), failed or done.returncode


if __name__ == "__main__":
    sys.exit(main())
