"""python -m tests.benchmarks.client HOW PORT …: a reader of many, by raw sockets; prints JSON.

burst SECONDS CONNECTIONS PATHS    asks again as soon as it is answered
steady SECONDS RATE PATHS          asks so often a second, whether it is answered or not
at_once COUNT PATH                 asks so often, all at the same moment
PATHS is a file of addresses, a line each; headers stand in the variable HEADERS, as lines.
"""

import asyncio
import itertools
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvloop

HOST = "127.0.0.1"
LONGEST = 30.0  # seconds that a reader waits
# Instead of a status: no whole answer came; and beside the next one's status: a kept connection was
# closed just as it was used again, and the reader asked anew, as browsers do (RFC 9112, 9.3.1).
LOST, AGAIN = "lost", "again"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_NO_BODY = (204, 304)


class Wire(asyncio.Protocol):
    """One connection, on which one thing is asked at a time."""

    def __init__(self) -> None:
        self.transport: Any = None
        self.is_open = True
        self._heard = bytearray()
        self._answer: asyncio.Future[int | str] | None = None
        self.was_used = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head = self._heard.find(b"\r\n\r\n")
        if head < 0 or self._answer is None:
            return
        said = bytes(self._heard[: head + 2])
        status = int(said[9:12])
        length = _LENGTH.search(said)
        whole = head + 4 + (int(length[1]) if length else 0)
        is_chunked = length is None and status not in _NO_BODY
        if is_chunked and not self._heard.endswith(b"0\r\n\r\n"):
            return
        if not is_chunked and len(self._heard) < whole:
            return
        self._heard.clear()
        if _CLOSES.search(said):
            self.close()
        self.was_used = True
        self._tell(status)

    def eof_received(self) -> None:
        self.is_open = False  # and uvloop closes it: what is written now raises

    def connection_lost(self, _fault: Exception | None) -> None:
        self.is_open = False
        self._tell(AGAIN if self.was_used and not self._heard else LOST)

    def close(self) -> None:
        self.is_open = False
        self.transport.close()

    def _tell(self, what: int | str) -> None:
        answer, self._answer = self._answer, None
        if answer and not answer.done():
            answer.set_result(what)

    async def ask(self, request: bytes) -> int | str:
        """Return the status of a whole answer, LOST, or AGAIN."""
        if not self.is_open:
            return AGAIN if self.was_used else LOST
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        try:
            return await asyncio.wait_for(self._answer, LONGEST)
        except TimeoutError:
            self.close()
            return LOST


class Readers:
    """Readers of a server, and what they were answered."""

    def __init__(self, port: int, headers: str) -> None:
        self.port = port
        self.free: list[Wire] = []
        self.statuses: Counter[str] = Counter()
        self.taken: list[float] = []
        lines = "".join(f"{line}\r\n" for line in headers.splitlines() if line)
        self._rest = f" HTTP/1.1\r\nHost: {HOST}\r\n{lines}\r\n"

    async def wire(self) -> Wire | None:
        """A connection that is free, or a new one; None where there is none to be had."""
        while self.free:
            wire = self.free.pop()
            if wire.is_open:
                return wire
        try:
            connecting = asyncio.get_running_loop().create_connection(Wire, HOST, self.port)
            _transport, wire = await asyncio.wait_for(connecting, LONGEST)
        except (OSError, TimeoutError):
            return None
        return wire

    async def ask(self, path: str) -> None:
        """Ask once, and note what came."""
        since = time.perf_counter()
        request = f"GET {path}{self._rest}".encode()
        status: int | str = AGAIN
        while status == AGAIN:
            wire = await self.wire()
            status = await wire.ask(request) if wire else LOST
            self.statuses[str(status)] += 1
        self.taken.append(time.perf_counter() - since)
        if wire and wire.is_open:
            self.free.append(wire)


async def burst(readers: Readers, seconds: str, connections: str, paths: str) -> None:
    until, asked = time.perf_counter() + float(seconds), _paths(paths)

    async def reader() -> None:
        while time.perf_counter() < until:
            await readers.ask(next(asked))

    await asyncio.gather(*(reader() for _ in range(int(connections))))


async def steady(readers: Readers, seconds: str, rate: str, paths: str) -> None:
    begun, asked, asking = time.perf_counter(), _paths(paths), set[asyncio.Task[None]]()
    for number in range(int(float(seconds) * float(rate))):
        left = begun + number / float(rate) - time.perf_counter()
        if left > 0:
            await asyncio.sleep(left)
        task = asyncio.create_task(readers.ask(next(asked)))
        asking.add(task)
        task.add_done_callback(asking.discard)
    await asyncio.gather(*asking)


async def at_once(readers: Readers, count: str, path: str) -> None:
    readers.free = [wire for _ in range(int(count)) if (wire := await readers.wire())]
    await asyncio.gather(*(readers.ask(path) for _ in range(int(count))))


def _paths(file: str) -> Iterator[str]:
    return itertools.cycle(Path(file).read_text(encoding="utf-8").split())


def main(how: str, port: str, *more: str) -> None:
    """Load a server, and print how it answered: statuses, seconds in all, and milliseconds."""
    readers = Readers(int(port), os.environ.get("HEADERS", ""))
    since = time.perf_counter()
    uvloop.run({"burst": burst, "steady": steady, "at_once": at_once}[how](readers, *more))
    taken = sorted(readers.taken) or [0.0]
    said = {
        "seconds": time.perf_counter() - since,
        "statuses": dict(readers.statuses),
        "p99": 1000 * taken[int(len(taken) * 0.99)],
        "longest": 1000 * taken[-1],
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
