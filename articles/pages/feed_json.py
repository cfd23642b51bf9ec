"""A feed as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from typing import Any

from articles.pages.feed_items import Entry, Feed, Linked
from articles.text import for_xml

MIME = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write(feed: Feed) -> bytes:
    """Return the feed's bytes: the same for the same stories, whenever they are written."""
    held = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.url,
        "feed_url": feed.self_url,
        "description": feed.description,
        "language": feed.language,
        "authors": [_author(feed.paper)],  # of every item that names none
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else None,
        "items": [_item(entry) for entry in feed.entries],
    }
    # A lone surrogate is no UTF-8 either.
    return for_xml(json.dumps(_said(held), ensure_ascii=False, separators=(",", ":"))).encode()


def _item(entry: Entry) -> dict[str, Any]:
    held = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.content,
        # One of the two an item must have.
        "content_text": None if entry.content else entry.summary or entry.title,
        "summary": entry.summary,
        "image": entry.picture.largest.path if entry.picture else None,
        "date_published": entry.published.isoformat(timespec="seconds"),
        "date_modified": entry.updated.isoformat(timespec="seconds"),
        "authors": [_author(author) for author in entry.authors],
        "tags": [subject.name for subject in entry.subjects],
    }
    return _said(held)


def _author(who: Linked) -> dict[str, str]:
    return {"name": who.name, "url": who.url}


def _said(held: dict[str, Any]) -> dict[str, Any]:
    """What there is something to say of; a feed without stories has items all the same."""
    return {key: value for key, value in held.items() if value or key == "items"}
