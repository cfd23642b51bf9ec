"""What a picture's file says of itself: caption, credit and day, read once to be put before an
editor. IPTC's own record comes first, then XMP, then EXIF; nothing else of them is looked at.
"""

import re
import struct
from datetime import date
from html import unescape
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from PIL import ExifTags, IptcImagePlugin
from PIL.ImageFile import ImageFile

from articles import text

LONGEST_CAPTION = 500
LONGEST_CREDIT = 120
# IPTC Information Interchange Model 4.2, record 2: by-line, credit, caption, date created.
_BYLINE, _CREDIT, _CAPTION, _CREATED = (2, 80), (2, 110), (2, 120), (2, 55)
_DAY = re.compile(r"(\d{4})[-:]?(\d{2})[-:]?(\d{2})")
# XMP holds each as an attribute or as an element, some in a list of one language a line.
_XMP = r'{0}="([^"]{{1,4000}})"|<{0}>\s*(?:<rdf:\w+>\s*<rdf:li[^>]{{0,100}}>)?([^<]{{1,4000}})<'
_MALFORMED: tuple[type[Exception], ...] = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError,
    OverflowError, EOFError, struct.error,
)  # fmt: skip


class Said(NamedTuple):
    """What a file said; empty where it said nothing."""

    caption: str = ""
    credit: str = ""
    day: date | None = None


def read(picture: ImageFile) -> Said:
    """Return what an opened picture says; what is malformed says nothing."""
    found = [part for part in (_iptc(picture), _xmp(picture), _exif(picture)) if part]
    caption = next((said.caption for said in found if said.caption), "")
    credit = next((said.credit for said in found if said.credit), "")
    return Said(caption, credit, next((said.day for said in found if said.day), None))


def _iptc(picture: ImageFile) -> Said | None:
    try:
        record: dict[Any, Any] = IptcImagePlugin.getiptcinfo(picture) or {}
    except _MALFORMED:
        return None
    names = [_line(record.get(key), LONGEST_CREDIT) for key in (_BYLINE, _CREDIT)]
    credit = " / ".join(dict.fromkeys(name for name in names if name))
    return Said(
        _line(record.get(_CAPTION), LONGEST_CAPTION),
        credit[:LONGEST_CREDIT],
        _day(record.get(_CREATED)),
    )


def _xmp(picture: ImageFile) -> Said | None:
    packet = picture.info.get("xmp")
    if not packet:
        return None
    words = _words(packet)
    names = [
        _line(_element(words, name), LONGEST_CREDIT) for name in ("dc:creator", "photoshop:Credit")
    ]
    credit = " / ".join(dict.fromkeys(name for name in names if name))
    return Said(
        _line(_element(words, "dc:description"), LONGEST_CAPTION),
        credit[:LONGEST_CREDIT],
        _day(_element(words, "photoshop:DateCreated")),
    )


def _element(words: str, name: str) -> str:
    found = re.search(_XMP.format(name), words)
    return unescape(found[1] or found[2]) if found else ""


def _exif(picture: ImageFile) -> Said | None:
    try:
        exif = picture.getexif()
        taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
        caption, artist = exif.get(ExifTags.Base.ImageDescription), exif.get(ExifTags.Base.Artist)
    except _MALFORMED:
        return None
    return Said(_line(caption, LONGEST_CAPTION), _line(artist, LONGEST_CREDIT), _day(taken))


def _words(value: Any) -> str:
    """Typed text, in UTF-8 or, as old programs wrote it, Latin-1."""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.decode("latin-1")
    return value if isinstance(value, str) else ""


def _line(value: Any, longest: int) -> str:
    """One line of text that passes the gate, cut after a word; empty where it does not pass."""
    try:
        return text.cut_line(text.clean_line(_words(value).strip("\0 ")), longest).words
    except ValidationError:
        return ""


def _day(value: Any) -> date | None:
    found = _DAY.match(_words(value))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
