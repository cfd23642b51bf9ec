"""A hub of the tests' own, and the feeds that it is told of."""

from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

from articles.pages.feeds import FORMATS, FULL

SITE = "http://testserver"


class Hub(BaseHTTPRequestHandler):
    """Takes what it is told, or answers as a test says."""

    def do_POST(self):
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        assert fields.pop("hub.mode") == ["publish"]
        [url] = fields.pop("hub.url")
        assert fields == {}
        assert url.startswith(SITE)
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.server.told.append((status, url.removeprefix(SITE)))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *args):
        pass


def of(*lists, formats=FORMATS):
    return {f"{path}{file}" for path in lists for file in formats}


ALL = of("/", "/world/", "/author/ilse-hartmann/", "/tag/ports/")
WHOLE = [form.file for form in FULL]
