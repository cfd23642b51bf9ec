"""The load, which comes from a process of its own: wrk where there is one, or our own client."""

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.benchmarks.programs import HOST, ROOT, Server, run
from tests.benchmarks.report import Row, figure, row

CONNECTIONS = 16
Headers = Mapping[str, str]
NONE: Headers = {}


@dataclass(frozen=True)
class Told:
    """How a server answered a load."""

    # By status; "lost": no whole answer; "again": a kept connection was closed, and the reader
    # asked on a new one.
    statuses: Mapping[str, int]
    seconds: float
    p99: float  # milliseconds
    longest: float

    @property
    def asked(self) -> int:
        return sum(n for status, n in self.statuses.items() if status != "again")

    @property
    def failed(self) -> int:
        """Answers of 5xx, and requests that got none."""
        return sum(n for status, n in self.statuses.items() if status[0] in "5l")


# --- As much as goes -----------------------------------------------------------------------------


@lru_cache(maxsize=1)
def wrk() -> str | None:
    """The path of wrk, got from the distribution where we may; None: our own client is slower."""
    if not shutil.which("wrk") and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update", "-qq"], ["install", "-y", "-qq", "wrk"]):
            try:
                subprocess.run(
                    ["apt-get", *command], check=False, timeout=300, stdout=subprocess.DEVNULL
                )
            except subprocess.TimeoutExpired:
                break  # a machine without a network
    return shutil.which("wrk")


def rate(port: int, paths: Sequence[str], seconds: float, headers: Headers = NONE) -> float:
    """Answers a second to CONNECTIONS fresh connections; raises RuntimeError for a wrong one."""
    with _file(paths) as file:
        program = wrk()
        if program is None:
            return _rate_by_our_client(port, file, seconds, headers)
        command = [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", str(_SCRIPT)]
        command += ["--timeout", "30s"]  # a page read from the disk for the first time
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        said = run([*command, f"http://{HOST}:{port}/", "--", file], os.environ)
    if wrong := re.search(r"Non-2xx.*|Socket errors.*", said):
        raise RuntimeError(f"Under load: {wrong[0]}")
    found = re.search(r"Requests/sec: *([\d.]+)", said)
    if not found:
        raise RuntimeError(f"wrk says: {said[-300:]}")
    return float(found[1])


def _rate_by_our_client(port: int, file: str, seconds: float, headers: Headers) -> float:
    told = _client("burst", port, str(seconds), str(CONNECTIONS), file, headers=headers)
    if set(told.statuses) != {"200"}:
        raise RuntimeError(f"Under load: {told.statuses}")
    return told.asked / told.seconds


_SCRIPT = Path(__file__).with_name("paths.lua")


@dataclass(frozen=True)
class Pace:
    """How fast a server answers: answers a second, and microseconds of a processor an answer."""

    rate: float
    cost: float


def pace(server: Server, paths: Sequence[str], seconds: float, headers: Headers = NONE) -> Pace:
    """Load a server as much as goes, and measure its pace."""
    before, since = server.seconds(), time.perf_counter()
    found = rate(server.port, paths, seconds, headers)
    taken = server.seconds() - before
    asked = found * min(seconds, time.perf_counter() - since)
    if not asked:
        raise RuntimeError(f"No answer within {seconds} s: this machine does something else.")
    return Pace(found, 1e6 * taken / asked)


def side_by_side(bursts: Mapping[str, Callable[[], Pace]], rounds: int) -> dict[str, list[Pace]]:
    """What each burst gives, round by round, so that a noisy minute is one for all of them."""
    found: dict[str, list[Pace]] = {name: [] for name in bursts}
    for burst in bursts.values():
        burst()  # warm
    for number in range(rounds):
        turn = list(bursts.items())
        for name, burst in turn if number % 2 else reversed(turn):
            found[name].append(burst())
    return found


def ratio(of: Sequence[Pace], to: Sequence[Pace]) -> float:
    """The median of the ratios of each round."""
    return statistics.median(a.rate / b.rate for a, b in zip(of, to, strict=True))


def figures(found: Mapping[str, Sequence[Pace]], how: str) -> Iterator[Row]:
    """The medians that ratios are made of."""
    for name, paces in found.items():
        rate = statistics.median(pace.rate for pace in paces)
        cost = statistics.median(pace.cost for pace in paces)
        yield figure(f"  {name}, a second", rate, f"{cost:,.0f} µs of a processor each; {how}")


def compared(found: Mapping[str, Sequence[Pace]], name: str, of: str, to: str, must: str) -> Row:
    """The row of a ratio of two paces."""
    here, there = (statistics.median(pace.cost for pace in found[each]) for each in (of, to))
    how = f"one worker each; by processor time {there / here:.2f}"
    return row(name, ratio(found[of], found[to]), must, how)


# --- As much as is said --------------------------------------------------------------------------


class Loading:
    """A steady load that runs beside what is done to a server."""

    def __init__(self, port: int, paths: Sequence[str], seconds: float, rate: int) -> None:
        self._paths = _file(paths)
        file = self._paths.__enter__()
        told = ["steady", str(port), str(seconds), str(rate), file]
        self.until = time.monotonic() + seconds
        self._process = subprocess.Popen(
            _command(*told), cwd=ROOT, stdout=subprocess.PIPE, text=True
        )

    def told(self) -> Told:
        """Wait for its end; how it was answered."""
        said, _nothing = self._process.communicate()
        self._paths.__exit__(None, None, None)
        return Told(**json.loads(said))


def burst(port: int, paths: Sequence[str], seconds: float) -> Told:
    """Ask by our own client as often as goes, for whatever there is or is not."""
    with _file(paths) as file:
        return _client("burst", port, str(seconds), str(CONNECTIONS), file)


def at_once(port: int, path: str, count: int) -> Told:
    """Ask for a path so often at the same moment."""
    return _client("at_once", port, str(count), path)


def _client(how: str, port: int, *more: str, headers: Headers = NONE) -> Told:
    lines = "\n".join(f"{name}: {value}" for name, value in headers.items())
    return Told(
        **json.loads(run(_command(how, str(port), *more), {**os.environ, "HEADERS": lines}))
    )


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.client", *words]


@contextmanager
def _file(paths: Sequence[str]) -> Iterator[str]:
    with tempfile.NamedTemporaryFile("w", suffix=".paths") as file:
        file.write("\n".join(paths) + "\n")
        file.flush()
        yield file.name


# --- One by one ----------------------------------------------------------------------------------


class Wire:
    """A connection that is kept; this process is the reader."""

    def __init__(self, port: int, headers: Headers = NONE) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._rest = f" HTTP/1.1\r\nHost: {HOST}\r\n{lines}\r\n"

    def ask(self, path: str) -> tuple[int, str, bytes]:
        """Return the status, the head and the body of an answer that says its length."""
        self._socket.sendall(f"GET {path}{self._rest}".encode())
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += self._more()
        head, _gap, body = heard.partition(b"\r\n\r\n")
        said = head.decode("latin-1")
        length = re.search(r"(?i)\ncontent-length: *(\d+)", said)
        while len(body) < int(length[1] if length else 0):
            body += self._more()
        return int(said[9:12]), said, body

    def _more(self) -> bytes:
        if not (data := self._socket.recv(262_144)):
            raise ConnectionError("The server closed the connection.")
        return data

    def close(self) -> None:
        self._socket.close()


def seconds_of(wire: Wire, path: str) -> float:
    """The seconds until a page is there whole; raises RuntimeError where it is none."""
    since = time.perf_counter()
    status, _head, _body = wire.ask(path)
    taken = time.perf_counter() - since
    if status != 200:
        raise RuntimeError(f"{path} is answered {status}")
    return taken
