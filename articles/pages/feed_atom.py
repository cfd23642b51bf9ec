"""A feed as Atom 1.0 (RFC 4287)."""

from datetime import datetime

from articles.pages.feed_items import PICTURES_ARE, Entry, Feed, Linked
from articles.pages.feed_xml import ATOM, MEDIA, FeedWriter

MIME = "application/atom+xml"


def write(feed: Feed) -> bytes:
    """Return the feed's bytes: the same for the same stories, whenever they are written."""
    xml = FeedWriter()
    with xml.inside("feed", {"xmlns": ATOM, "xmlns:media": MEDIA, "xml:lang": feed.language}):
        xml.element("id", feed.id)
        xml.element("title", feed.title)
        xml.element("subtitle", feed.description)
        xml.element("updated", _moment(feed.updated))
        xml.element("link", rel="self", href=feed.self_url, type=MIME)
        xml.element("link", rel="alternate", href=feed.url, type="text/html")
        if feed.hub:
            xml.element("link", rel="hub", href=feed.hub)
        _person(xml, feed.paper)  # the author of every entry that names none
        for entry in feed.entries:
            with xml.inside("entry"):
                _entry(xml, entry)
    return xml.written()


def _entry(xml: FeedWriter, entry: Entry) -> None:
    xml.element("id", entry.id)
    xml.element("title", entry.title)
    xml.element("link", rel="alternate", href=entry.url, type="text/html")
    if entry.picture:
        file = entry.picture.largest
        length = str(file.bytes)
        xml.element("link", rel="enclosure", href=file.path, length=length, type=PICTURES_ARE)
    xml.element("published", _moment(entry.published))
    xml.element("updated", _moment(entry.updated))
    for author in entry.authors:
        _person(xml, author)
    for subject in entry.subjects:
        xml.element("category", term=subject.name, scheme=subject.url)
    xml.element("summary", entry.summary)
    if entry.content:
        xml.element("content", entry.content, type="html")
    xml.media(entry)


def _person(xml: FeedWriter, who: Linked) -> None:
    with xml.inside("author"):
        xml.element("name", who.name)
        xml.element("uri", who.url)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
