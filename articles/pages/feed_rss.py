"""A feed as RSS 2.0, by the RSS Advisory Board's Best Practices Profile."""

from email.utils import format_datetime
from html import escape

from articles.pages.feed_items import PICTURES_ARE, Entry, Feed, Linked
from articles.pages.feed_xml import ATOM, MEDIA, FeedWriter

MIME = "application/rss+xml"
_NAMESPACES = {
    "version": "2.0",
    "xmlns:atom": ATOM,
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": MEDIA,
}


def write(feed: Feed) -> bytes:
    """Return the feed's bytes: the same for the same stories, whenever they are written."""
    xml = FeedWriter()
    with xml.inside("rss", _NAMESPACES), xml.inside("channel"):
        xml.element("title", feed.title)
        xml.element("link", feed.url)
        xml.element("description", _as_html(feed.description))
        xml.element("language", feed.language)
        xml.element("atom:link", rel="self", href=feed.self_url, type=MIME)
        if feed.hub:
            xml.element("atom:link", rel="hub", href=feed.hub)
        for entry in feed.entries:
            with xml.inside("item"):
                _item(xml, entry, feed.paper)
    return xml.written()


def _item(xml: FeedWriter, entry: Entry, paper: Linked) -> None:
    xml.element("title", entry.title)
    xml.element("link", entry.url)
    xml.element("guid", entry.id, isPermaLink="false")
    xml.element("pubDate", format_datetime(entry.published))
    xml.element("atom:updated", entry.updated.isoformat(timespec="seconds"))
    for author in entry.authors or [paper]:
        xml.element("dc:creator", author.name)  # “author” would want a mail address
    for subject in entry.subjects:
        xml.element("category", subject.name, domain=subject.url)
    xml.element("description", _as_html(entry.summary))
    if entry.content:
        xml.element("content:encoded", entry.content)
    if entry.picture:  # one an item, as many programs read no more
        file = entry.picture.largest
        xml.element("enclosure", url=file.path, length=str(file.bytes), type=PICTURES_ARE)
    xml.media(entry)


def _as_html(words: str) -> str:
    """A description is HTML, a title is not: of plain text “<” and “&” are escaped for it."""
    return escape(words, quote=False)
