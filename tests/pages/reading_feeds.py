"""How the tests read feeds: by a library, and by the rules of a standard written down here."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import feedparser

from articles.pages.feeds import FORMATS

XML = [file for file in FORMATS if file.endswith(".xml")]
JSON = [file for file in FORMATS if file.endswith(".json")]
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TEXTS = ("title", "url", "summary", "content_html", "content_text", "image", "language")


@dataclass(frozen=True)
class Read:
    """A story as a feed reader has it."""

    id: str
    url: str
    title: str
    summary: str
    content: str
    published: datetime
    updated: datetime
    authors: list
    subjects: list


def read(content, file):
    """The stories of a feed, which must be without a fault."""
    return _read_json(content) if file in JSON else _read_xml(content, file)


def parsed(content, file):
    """A feed in XML as feedparser has it; any fault fails."""
    found = feedparser.parse(
        content, response_headers={"content-type": FORMATS[file].mime}, sanitize_html=False
    )
    assert not found.bozo, found.get("bozo_exception")
    return found


def _read_xml(content, file):
    found = parsed(content, file)
    return [
        Read(
            entry.id,
            entry.link,
            entry.title,
            entry.summary,
            next((c.value for c in entry.get("content", []) if "html" in c.type), ""),
            _moment(entry.published_parsed),
            _moment(entry.updated_parsed),
            [author.name for author in entry.get("authors") or found.feed.authors],
            [tag.term for tag in entry.tags],
        )
        for entry in found.entries
    ]


def _moment(parsed):
    return datetime(*parsed[:6], tzinfo=UTC)


def _read_json(content):
    feed = json.loads(content)
    assert faults(feed) == []
    return [
        Read(
            item["id"],
            item["url"],
            item["title"],
            item.get("summary", ""),
            item.get("content_html", ""),
            datetime.fromisoformat(item["date_published"]),
            datetime.fromisoformat(item["date_modified"]),
            [author["name"] for author in item.get("authors", feed["authors"])],
            item["tags"],
        )
        for item in feed["items"]
    ]


def faults(feed):
    """What is wrong with a JSON Feed by the rules of version 1.1, one line each."""
    found = []
    if next(iter(feed), "") != "version" or feed["version"] != "https://jsonfeed.org/version/1.1":
        found.append("version")
    found += [key for key in ("title", "home_page_url", "feed_url") if not feed.get(key)]
    found += [key for key in ("home_page_url", "feed_url") if not _is_absolute(feed.get(key))]
    if feed.get("next_url") == feed["feed_url"]:
        found.append("next_url")
    if not _LANGUAGE.fullmatch(feed.get("language", "en")):
        found.append("language")
    for hub in feed.get("hubs", []):
        if not hub.get("type") or not _is_absolute(hub.get("url")):
            found.append("hubs")
    if not isinstance(feed.get("items"), list):
        return [*found, "items"]
    ids = [item.get("id") for item in feed["items"]]
    if len(set(ids)) != len(ids):
        found.append("an id twice")
    found += _people(feed) + [fault for item in feed["items"] for fault in _item_faults(item)]
    return found


def _item_faults(item):
    found = [key for key in _TEXTS if key in item and not isinstance(item[key], str)]
    if not isinstance(item.get("id"), str) or not item["id"]:
        found.append("id")
    if not _is_absolute(item.get("url")):
        found.append("url")
    if "content_html" not in item and "content_text" not in item:
        found.append("content")
    for key in ("date_published", "date_modified"):
        if key in item and datetime.fromisoformat(item[key]).tzinfo is None:
            found.append(key)
    if not all(isinstance(tag, str) for tag in item.get("tags", [])):
        found.append("tags")
    return found + _people(item)


def _people(held):
    named = ("name", "url", "avatar")
    found = ["author"] if "author" in held else []  # deprecated
    return found + ["authors" for who in held.get("authors", []) if not any(map(who.get, named))]


def _is_absolute(url):
    parts = urlsplit(url or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc)
