"""What is done in the redirects' room by its forms, and what is on the list then."""

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.desk import redirects
from articles.models import LeadsTo, Redirect
from articles.wire import redirect_files

ROOM = "/admin/articles/redirect/"
STORY = "/world/harbour-opens/"
TARGETS = {
    STORY: (LeadsTo.STORY, ""),
    "/world/harbour-opens": (LeadsTo.STORY, ""),
    f"{STORY}?print": (LeadsTo.STORY, "?print"),
    f"{STORY}versions/": (LeadsTo.STORY, "versions/"),
    f"{settings.SITE_URL.upper()}{STORY}#top": (LeadsTo.STORY, "#top"),
    "/world/": (LeadsTo.SECTION, ""),
    "/world/rss.xml": (LeadsTo.SECTION, "rss.xml"),
    "/tag/ports/": (LeadsTo.TAG, ""),
    "/author/ilse-hartmann/?before=7": (LeadsTo.AUTHOR, "?before=7"),
    "/author/ilse-hartmann/atom.xml": (LeadsTo.AUTHOR, "atom.xml"),
    "/": (LeadsTo.PATH, "/"),
    "/rss.xml": (LeadsTo.PATH, "/rss.xml"),
    "/archive/2026/06/": (LeadsTo.PATH, "/archive/2026/06/"),
    "/search/?q=é": (LeadsTo.PATH, "/search/?q=%C3%A9"),
    "https://shop.example": (LeadsTo.URL, "https://shop.example"),
    "https://Bücher.example:81/ä?q=ö#ü": (
        LeadsTo.URL, "https://xn--bcher-kva.example:81/%C3%A4?q=%C3%B6#%C3%BC",
    ),
    "http://[2001:db8::1]/": (LeadsTo.URL, "http://[2001:db8::1]/"),
    "Gone": (LeadsTo.GONE, ""),
    "410": (LeadsTo.GONE, ""),
}  # fmt: skip


def add(desk, source, target):
    return desk.post(f"{ROOM}add/", {"source": source, "target": target})


def upload(desk, content, name="old.csv"):
    content = content.encode() if isinstance(content, str) else content
    return desk.post(f"{ROOM}import/", {"file": SimpleUploadedFile(name, content)})


def confirm(desk, answer):
    return desk.post(f"{ROOM}import/", {"shown": answer.context["shown"]})


def listed():
    return dict(Redirect.objects.order_by("pk").values_list("source", "kind"))


def said(content):
    """What is wrong with a file, by line."""
    lines = content.encode() if isinstance(content, str) else content
    plan = redirects.plan(redirect_files.read(lines.splitlines(keepends=True)))
    return [tuple(fault) for fault in plan.faults]
