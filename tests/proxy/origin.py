"""An origin of the test's own: it says what it is told to, and keeps each request as it came."""

import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

# As the site's own pages say it (articles/pages/cache).
PAGE = "public, max-age=10, s-maxage=1, stale-while-revalidate=1, stale-if-error=60"


@dataclass(frozen=True)
class Heard:
    """One request as it reached the origin."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def get(self, name: str) -> str:
        return ", ".join(self.all(name))


@dataclass
class Answer:
    """What it answers: a body, a status, headers; after so many seconds, or so many hang-ups."""

    body: bytes = b"A page.\n"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0
    hangs_up: int = 0  # how often, before it answers


class Origin(socketserver.ThreadingTCPServer):
    """Answers each path as `answers` says, and remembers in `heard`."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 1024

    def __init__(self, port: int = 0) -> None:
        self.heard: list[Heard] = []
        self.answers: dict[str, Answer] = {}
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Conversation)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def to(self, path: str) -> list[Heard]:
        return [one for one in list(self.heard) if one.target == path]

    def says(self, path: str, body: bytes = b"A page.\n", kept: str = PAGE, **more) -> None:
        headers = {"Content-Type": "text/html", "Vary": "Accept-Encoding", "Cache-Control": kept}
        headers |= more.pop("headers", {})
        self.answers[path] = Answer(body, headers=headers, **more)

    def handle_error(self, request, client_address) -> None:
        """A connection that the proxy closed is no fault."""


class _Conversation(socketserver.StreamRequestHandler):
    server: Origin

    def handle(self) -> None:
        self.server.open.add(self.request)
        with contextlib.suppress(OSError):
            while self._one():
                pass
        self.server.open.discard(self.request)

    def _one(self) -> bool:
        line = self.rfile.readline().decode("latin-1").rstrip("\r\n")
        if not line:
            return False
        method, target, _version = line.split(" ")
        headers = []
        while header := self.rfile.readline().decode("latin-1").rstrip("\r\n"):
            name, _colon, value = header.partition(":")
            headers.append((name, value.strip()))
        length = sum(int(value) for name, value in headers if name.lower() == "content-length")
        heard = Heard(method, target, tuple(headers), self.rfile.read(length))
        self.server.heard.append(heard)
        answer = self.server.answers.get(target.partition("?")[0], Answer())
        time.sleep(answer.after)
        if answer.hangs_up:
            answer.hangs_up -= 1
            return False
        self.wfile.write(_written(answer, method))
        return True


def _written(answer: Answer, method: str) -> bytes:
    headers = {"Content-Length": str(len(answer.body)), **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} Said", *(f"{k}: {v}" for k, v in headers.items())]
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    return head if method == "HEAD" else head + answer.body


@contextlib.contextmanager
def origin(port: int = 0) -> Iterator[Origin]:
    with Origin(port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            for one in list(server.open):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=5)
