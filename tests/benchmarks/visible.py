"""How soon readers see what was published: from the press's commit to every worker's answer."""

import contextlib
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.benchmarks import load
from tests.benchmarks.form import SMALL, Form, Press, pressing
from tests.benchmarks.programs import ASGI, WSGI, shared_folder, site
from tests.benchmarks.report import Row, figure, row

SEEN = "seconds from a press to every worker, p99"
WITHOUT_A_BELL = "seconds from a press to every worker, p99, no bell"
ROWS = (SEEN, WITHOUT_A_BELL)

PATIENCE = 10.0  # seconds


@dataclass
class Looking(threading.Thread):
    """Somebody who reads a page of one worker over and over, to see when it is another."""

    port: int
    path: str
    headline: str
    seen: float = field(default=float("inf"))

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        until, wire = time.monotonic() + PATIENCE, load.Wire(self.port)
        while time.monotonic() < until:
            _status, _head, body = wire.ask(self.path)
            if self.headline.encode() in body:
                self.seen = time.monotonic()
                break
            time.sleep(0.002)
        wire.close()


def measure(form: Form) -> Iterator[Row]:
    times = int(form.of(300, 60))
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(form.archives.copy(SMALL))
        # One worker each: so it is known which one answers. They share what one machine's do.
        share = {"SHARED_FOLDER": str(stack.enter_context(shared_folder()))}
        servers = [
            stack.enter_context(site(entry, database, **share)) for entry in (ASGI, ASGI, WSGI)
        ]
        ports = [server.port for server in servers]
        for name, told in ((SEEN, share), (WITHOUT_A_BELL, {"SHARED_FOLDER": "/dev/null"})):
            with pressing(database, **told) as press:
                taken = [_seen(ports, press) for _time in range(times)]
            yield figure(f"  {name.replace('p99', 'median')}", statistics.median(taken))
            how = f"3 workers, {times} presses, the longest {max(taken):.3f} s"
            yield row(name, sorted(taken)[int(len(taken) * 0.99)], "≤ 1.0", how)


def _seen(ports: list[int], press: Press) -> float:
    """Press once; the seconds until the last worker shows it."""
    said = press()
    looking = [Looking(port, said["path"], said["headline"]) for port in ports]
    for one in looking:
        one.start()
    for one in looking:
        one.join()
    return max(one.seen for one in looking) - said["at"]
