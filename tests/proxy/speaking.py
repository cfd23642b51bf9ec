"""How a test speaks to the proxy: as a browser does, or byte by byte."""

import http.client
import socket
import ssl
from dataclasses import dataclass

from tests.proxy.programs import HOST, Proxy

TLS = ssl.create_default_context()
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def __getitem__(self, name: str) -> str:
        return self.headers.get(name, "")


def connection(proxy: Proxy) -> socket.socket:
    """A TLS connection under the paper's name."""
    plain = socket.create_connection(("127.0.0.1", proxy.tls), timeout=10)
    return TLS.wrap_socket(plain, server_hostname=HOST)


def ask(
    proxy: Proxy, target: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> Reply:
    """One request; `X_Forwarded_Host="…"` is the header X-Forwarded-Host."""
    sent = {"Host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
    with connection(proxy) as wire:
        speaker = http.client.HTTPConnection(HOST)
        speaker.sock = wire
        speaker.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            speaker.putheader(name, value)
        if body is not None:
            speaker.putheader("Content-Length", str(len(body)))
        speaker.endheaders(body)
        reply = speaker.getresponse()
        return Reply(reply.status, reply.headers, reply.read())


def ask_plainly(proxy: Proxy, target: str, host: str = HOST) -> Reply:
    """One request over http."""
    speaker = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
    speaker.request("GET", target, headers={"Host": host})
    reply = speaker.getresponse()
    return Reply(reply.status, reply.headers, reply.read())


def say(proxy: Proxy, said: bytes) -> bytes:
    """Send bytes as they are; return all that comes until the proxy closes or is quiet for 2 s."""
    heard = b""
    with connection(proxy) as wire:
        wire.settimeout(2)
        wire.sendall(said)
        try:
            while more := wire.recv(65536):
                heard += more
        except (TimeoutError, ConnectionError, ssl.SSLError):
            pass
    return heard
