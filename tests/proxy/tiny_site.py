"""A site of one page, to try gunicorn's configuration without the newsroom's start."""

import asyncio
import json
import os
import time


def application(environ, start_response):
    """Tell what gunicorn made of the request; `?seconds` first waits."""
    time.sleep(float(environ["QUERY_STRING"] or 0))
    told = {key: value for key, value in environ.items() if isinstance(value, str)}
    told["scheme"], told["process"] = environ["wsgi.url_scheme"], str(os.getpid())
    body = json.dumps(told).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


async def asgi(scope, receive, send):
    """The same for gunicorn's asgi worker."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await asyncio.sleep(float(scope["query_string"] or 0))
    body = json.dumps({"scheme": scope["scheme"], "process": str(os.getpid())}).encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
