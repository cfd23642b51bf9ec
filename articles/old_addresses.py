"""How an address of another system is written so that it is found again: its one normal form.

Its scheme, host and fragment are cut off; the octets of its path and query are percent-encoded in
one way (RFC 3986, section 6.2.2); “.” and “..” are followed, slashes at its end do not count, and
what only tells how a reader came is dropped. Its case is kept: other systems tell “/A” from “/a”.
A server is handed a path decoded, so that “%2F” is “/” here, and “%2541” is “%41”.
"""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

LONGEST = 2000  # characters of a normal form; an index of PostgreSQL holds some more

_ORIGIN = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*", re.IGNORECASE)
# RFC 3986, section 3.3 and 3.4; of a query without what parts and joins its parameters.
_IN_A_PATH, _IN_A_QUERY = "/:@!$&'()*+,;=~", "/:@!$'()*,;?~"
_TRACKING = frozenset(
    {
        "dclid", "fbclid", "gbraid", "gclid", "igshid", "mc_cid", "mc_eid", "msclkid", "ttclid",
        "twclid", "wbraid", "yclid",
    }
)  # fmt: skip


class Asked(NamedTuple):
    """A request's address as it is looked up: with its query, without, and the query itself."""

    whole: str
    bare: str
    query: str  # in the order it came; without tracking, and empty where it is too long to pass on


def normal_form(address: str) -> str:
    """Return the normal form of an address that somebody typed or another system wrote.

    Any text gives one, in ASCII; it begins with “/”.
    """
    rest = _ORIGIN.sub("", address.strip()).partition("#")[0]
    path, _mark, query = rest.partition("?")
    return _joined(_path(path), sorted(_parameters(query)))


def asked(path: str, query: str) -> Asked:
    """Return how a request's address is looked up: its path decoded, and its query as it was sent.

    Octets of the path that are no UTF-8 are percent-encoded still, as Django hands them on.
    """
    bare, parameters = _path(path), _parameters(query)
    joined = "&".join(parameters)
    return Asked(_joined(bare, sorted(parameters)), bare, joined if len(joined) < LONGEST else "")


def _octets(text: str) -> bytes:
    # Of what no text may hold, a lone surrogate say, an address can still be made and not found.
    return unquote_to_bytes(text.encode("utf-8", "surrogatepass"))


def _path(path: str) -> str:
    """A path without dot segments (RFC 3986, section 5.2.4) and without slashes around it."""
    octets, before = _octets(path), b""
    while octets != before:
        before, octets = octets, unquote_to_bytes(octets)
    kept: list[bytes] = []
    for segment in octets.split(b"/"):
        if segment == b"..":
            kept = kept[:-1]
        elif segment != b".":
            kept.append(segment)
    return "/" + quote(b"/".join(kept).strip(b"/"), safe=_IN_A_PATH)


def _parameters(query: str) -> list[str]:
    return [_parameter(part) for part in query.split("&") if part and not _is_tracking(part)]


def _parameter(part: str) -> str:
    sides = part.replace("+", "%20").split("=", 1)
    return "=".join(quote(_octets(side), safe=_IN_A_QUERY) for side in sides)


def _is_tracking(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return name.startswith("utm_") or name in _TRACKING


def _joined(path: str, parameters: list[str]) -> str:
    return f"{path}?{'&'.join(parameters)}" if parameters else path
