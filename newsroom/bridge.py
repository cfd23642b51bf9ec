"""Django's WSGI handler behind an ASGI server: the body first, then the handler in a thread.

No thread waits for a client: a body is read whole before a thread is taken, and an answer is handed
out by the event loop. Who goes away in the middle of a body has asked for nothing.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import Executor
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Bytes: the largest body (an upload has 25 MB at most), how much of one lies in memory, and how
# much of an answer is taken from a thread at once.
LARGEST_BODY, IN_MEMORY, AT_ONCE = 32 * 2**20, 2**20, 2**20


class TooLargeError(Exception):
    """A body is larger than anything that the site takes."""


class GoneError(Exception):
    """The client went away before it had asked."""


async def hand_over(
    django: WSGIApplication, threads: Executor, scope: Message, receive: Receive, send: Send
) -> None:
    """Have Django answer a request of the server's."""
    loop = asyncio.get_running_loop()
    with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
        try:
            await _read(body, receive)
        except GoneError:
            return
        except TooLargeError:
            await send_whole(send, 413, [(b"connection", b"close")], b"")
            return
        body.seek(0)
        answer = _Answer(django, environ_of(scope, body))
        try:
            part = await loop.run_in_executor(threads, answer.begin)
            await send(
                {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
            )
            while not answer.is_whole:
                await send({"type": "http.response.body", "body": part, "more_body": True})
                part = await loop.run_in_executor(threads, answer.part)
            await send({"type": "http.response.body", "body": part})
        finally:
            if not answer.is_whole:
                await loop.run_in_executor(threads, answer.close)


async def send_whole(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    """Send an answer that there is all of."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


async def _read(body: Any, receive: Receive) -> None:
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            raise TooLargeError
        body.write(part)
        if not message.get("more_body"):
            return


class _Answer:
    """What a WSGI application answers, taken from it in parts; each method runs in a thread."""

    def __init__(self, django: WSGIApplication, environ: dict[str, Any]) -> None:
        self.django, self.environ = django, environ
        self.status, self.headers = 500, list[tuple[bytes, bytes]]()
        self.is_whole = False
        self._written: list[bytes] = []  # by an application of the old way, which Django is not
        self._parts: Iterator[bytes] | None = None
        self._answer: Any = None

    def begin(self) -> bytes:
        """Return the first part; with it, `status` and `headers` are known."""
        self._answer = self.django(self.environ, self._start_response)
        self._parts = chain(self._written, self._answer)
        return self.part()

    def part(self) -> bytes:
        """Return the next part; `is_whole` says whether it was the last."""
        taken: list[bytes] = []
        size = 0
        for part in self._parts or ():
            taken.append(part)
            size += len(part)
            if size >= AT_ONCE:
                return b"".join(taken)
        self.is_whole = True
        self.close()
        return b"".join(taken)

    def close(self) -> None:
        """Let Django end the request."""
        if hasattr(self._answer, "close"):
            self._answer.close()

    def _start_response(
        self, status: str, headers: list[tuple[str, str]], _fault: object = None, /
    ) -> Callable[[bytes], object]:
        self.status = int(status.split(" ", 1)[0])
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        return self._written.append


def environ_of(scope: Message, body: Any) -> dict[str, Any]:
    """What a request is to a WSGI application (PEP 3333; RFC 3875, section 4.1)."""
    path = unquote_to_bytes(scope["raw_path"].partition(b"?")[0]).decode("latin-1")
    server, client = scope.get("server") or ("", None), scope.get("client") or ("", None)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    if "_" in name:  # it would be another header's variable
        return
    variable = name.upper().replace("-", "_")
    if variable not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        variable = f"HTTP_{variable}"
    joint = "; " if variable == "HTTP_COOKIE" else ","
    environ[variable] = f"{environ[variable]}{joint}{value}" if variable in environ else value
