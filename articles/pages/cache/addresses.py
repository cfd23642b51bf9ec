"""The one address of a page: its path, and the parameters that a page of its shape really has.

Whatever else stands in a query changes nothing, and no page is handed it: so it is one entry a
page, and nothing that a reader sends gets into what the next one is served.
"""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from articles import old_addresses

_LONGEST_ID = 19  # digits
_SEARCH = ("q", "section", "author", "from", "to", "sort", "page")
# By the words of a path; None stands for any word. The first that fits says what it takes.
_TAKES: tuple[tuple[tuple[str | None, ...], tuple[str, ...]], ...] = (
    (("search",), _SEARCH),
    (("most-read",), ()),
    (("feeds",), ()),
    (("archive",), ()),
    (("authors",), ()),
    (("topics",), ()),
    (("api", "stories"), ("section", "author", "tag", "before")),
    (("api", "takedowns"), ("before",)),
    (("author", None), ("before",)),
    (("tag", None), ("before",)),
    (("archive", None), ()),
    (("authors", None), ()),
    (("topics", None), ()),
    (("archive", None, None, None), ("before",)),
    ((None, None, "versions"), ("before",)),
    ((None, None), ("print",)),
    ((None,), ("before", "print")),  # a section, or a page of the site
)  # fmt: skip
_NO_PAGE = re.compile(r"\.[a-z]+$")  # a feed, a sitemap: nothing is asked of it


class Address(NamedTuple):
    """What is asked for: a path (octets as Latin-1, as WSGI hands it on) and a query, canonical.

    `old` is the whole query where the address says more than a page has: another system's, perhaps.
    `only_old` is of what asks nothing else but whether such an address leads anywhere.
    """

    path: str
    query: str = ""
    old: str = ""
    only_old: bool = False

    @property
    def key(self) -> str:
        """What an entry is kept by."""
        mark = "??" if self.only_old else "?" if self.query else ""
        return f"{self.path}{mark}{self.query}"

    def as_old(self) -> "Address":
        """The address of what asks whether it leads anywhere as another system's."""
        return Address(self.path, self.old, only_old=True)


def canonical(path: str, query: str) -> Address:
    """Return the one address of what a path and a query, as they were sent, ask for."""
    if not query:
        return Address(path)
    sent = dict(parse_qsl(query, keep_blank_values=True))  # of two alike the last, as in Django
    takes = _takes(path)
    known = {name: _value(name, sent.pop(name)) for name in takes if name in sent}
    # With what the page has: in another system's address it may have been the one that counts.
    old = old_addresses.asked("/", query).query if sent else ""
    if sent and not old_addresses.asked("/", urlencode(sent)).query:
        old = ""  # only how the reader came
    return Address(path, urlencode(known), old)


@lru_cache(maxsize=1024)
def _takes(path: str) -> tuple[str, ...]:
    words = path.strip("/").split("/")
    if words == [""] or _NO_PAGE.search(path):
        return ()
    for shape, names in _TAKES:
        fits = len(shape) == len(words) and all(
            word in (None, given) for word, given in zip(shape, words, strict=True)
        )
        if fits:
            return names
    return ()


def _value(name: str, sent: str) -> str:
    if name == "print":
        return ""  # that it is there is all that is asked
    if name != "before":
        return sent
    is_id = sent.isascii() and sent.isdigit() and len(sent) <= _LONGEST_ID
    return str(int(sent)) if is_id else "0"  # no story has it: the same 404 for all that is none
