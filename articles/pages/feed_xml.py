"""How feeds in XML are written: one element after another, none of them unreadable."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from xml.sax.xmlreader import AttributesImpl

from django.utils.xmlutils import SimplerXMLGenerator

from articles.pages.feed_items import PICTURES_ARE, Entry
from articles.text import for_xml

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "http://search.yahoo.com/mrss/"


class FeedWriter(SimplerXMLGenerator):
    """Writes UTF-8; leaves out what XML cannot hold, where Django's own would raise."""

    def __init__(self) -> None:
        self.out = BytesIO()
        super().__init__(self.out, "utf-8", short_empty_elements=True)
        self.startDocument()

    def element(self, name: str, content: str = "", **attributes: str) -> None:
        """Write an element and the text in it."""
        with self.inside(name, attributes):
            self.characters(for_xml(content))

    @contextmanager
    def inside(self, name: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        """Write an element around what is written inside the block."""
        kept = {key: for_xml(value) for key, value in (attributes or {}).items()}
        self.startElement(name, AttributesImpl(kept))
        yield
        self.endElement(name)

    def media(self, entry: Entry) -> None:
        """Write a story's picture as Media RSS has it, and who made it.

        What is to be seen is said only beside a whole story: programs that find no other content
        take it for the story's.
        """
        if entry.picture is None:
            return
        file, smallest = entry.picture.largest, entry.picture.files[0]
        attributes = {
            "url": file.path,
            "type": PICTURES_ARE,
            "medium": "image",
            "fileSize": str(file.bytes),
            "width": str(file.width),
            "height": str(file.height),
        }
        with self.inside("media:content", attributes):
            if entry.content:
                self.element("media:description", entry.picture.alt, type="plain")
            if entry.picture.credit:
                self.element("media:credit", entry.picture.credit)
            size = {"width": str(smallest.width), "height": str(smallest.height)}
            self.element("media:thumbnail", url=smallest.path, **size)

    def written(self) -> bytes:
        """Return the document."""
        self.endDocument()
        return self.out.getvalue()
