"""My desk as a person sees it."""

from lxml import html


class Page:
    def __init__(self, source):
        self.source, self.tree = source, html.fromstring(source)

    def rows(self, card):
        return self.tree.cssselect(f"section.{card} li")

    def said(self, card):
        """The rows of a card, each as one line."""
        return [" ".join(row.text_content().split()) for row in self.rows(card)]

    @property
    def waits(self):
        """What waits: why, and which story."""
        return [(self._words(row, ".why"), self._words(row, "a.t")) for row in self.rows("waits")]

    def button(self, place=0):
        """The words and the address of a waiting row's button."""
        (link,) = self.rows("waits")[place].cssselect("a.btn")
        return link.text, link.get("href")

    def headlines(self, card):
        return [self._words(row, "a.t") for row in self.rows(card)]

    @staticmethod
    def _words(row, selector):
        return " ".join(row.cssselect(selector)[0].text_content().split())
