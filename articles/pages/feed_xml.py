"""How feeds in XML are written: one element after another, none of them unreadable."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from xml.sax.xmlreader import AttributesImpl

from django.utils.xmlutils import SimplerXMLGenerator

from articles.text import for_xml

ATOM = "http://www.w3.org/2005/Atom"


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

    def written(self) -> bytes:
        """Return the document."""
        self.endDocument()
        return self.out.getvalue()
