"""make bench: measures what the product promises, and says of each figure whether it holds.

STORIES is how many the big archive has (1,000,000; 100,000 or fewer is the short form), ONLY what
the rows' names hold that are wanted, words between commas. docs/ops.md says what limits each.

It fails where a figure does not hold; the short form, made for machines with other work, only where
one does not that is counted and not timed.
"""

import os
import signal
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from deploy.demo_site import collect_static
from tests.benchmarks import hits, inside, memory, misses, outages, renders, scale, visible
from tests.benchmarks.form import SHORT, Form
from tests.benchmarks.load import wrk
from tests.benchmarks.programs import BUILD, environment, nginx_program
from tests.benchmarks.report import Row, surroundings, unmeasured, write

GROUPS = (hits, misses, scale, renders, inside, visible, outages, memory)


def main() -> int:
    stories, only = os.environ.get("STORIES", "1000000"), os.environ.get("ONLY", "")
    if not stories.isdigit() or int(stories) < 1000:
        sys.exit(f"STORIES={stories} will not do: give a number such as 1000000, 1000 or more.")
    words = [word.strip().lower() for word in only.split(",")]
    form = Form(int(stories), tuple(filter(None, words)))
    groups = [group for group in GROUPS if form.wants(*group.ROWS)]
    if not groups:
        names = "\n".join(name for group in GROUPS for name in group.ROWS)
        sys.exit(f"ONLY={only} is in no row's name. They are:\n{names}")
    # Ended from outside, all that was started ends with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    prepare()
    how = describe(form)
    print(how, flush=True)
    rows: list[Row] = []
    for group in groups:
        rows += shown(group, form)
        write(rows, BUILD.parent / "bench.json", how)  # what there is, if the rest is broken off
    failed = [row for row in rows if not row.holds]
    print(f"\n{len(failed)} of {sum(bool(row.must) for row in rows)} do not hold.")
    return any(row.counted or not form.is_short for row in failed)


def prepare() -> None:
    """Gather what a served site needs beside its database."""
    BUILD.mkdir(parents=True, exist_ok=True)
    (ROOT / ".data").mkdir(exist_ok=True)
    collect_static(environment("sqlite:///:memory:"))


def describe(form: Form) -> str:
    kind = f"the short form (up to {SHORT:,} stories)" if form.is_short else "the whole form"
    program = wrk() or "tests/benchmarks/client.py"
    return f"{form.stories:,} stories, {kind}; load by {program}; {surroundings(nginx_program())}"


def shown(group, form: Form) -> list[Row]:
    """Measure a group's rows, and print those that are wanted as they come."""
    rows = []
    try:
        for row in group.measure(form):
            if form.wants(row.name) or not row.must:
                rows.append(row)
                print(row, flush=True)
    except Exception as fault:  # noqa: BLE001 - the other rows are measured all the same
        traceback.print_exc()
        row = unmeasured(f"{group.ROWS[0]} …", fault)
        rows.append(row)
        print(row, flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main())
