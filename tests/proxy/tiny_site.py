"""A site of one page, to try gunicorn's configuration without the newsroom's start."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

from newsroom.bridge import hand_over

_THREADS = ThreadPoolExecutor(4)


def application(environ, start_response):
    """Tell what gunicorn made of the request; `?seconds` first waits."""
    time.sleep(float(environ["QUERY_STRING"] or 0))
    told = {key: value for key, value in environ.items() if isinstance(value, str)}
    told["scheme"], told["process"] = environ["wsgi.url_scheme"], str(os.getpid())
    body = json.dumps(told).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


async def asgi(scope, receive, send):
    """The same for gunicorn's asgi worker, by the bridge that the newsroom has."""
    if scope["type"] == "http":
        await hand_over(application, _THREADS, scope, receive, send)
