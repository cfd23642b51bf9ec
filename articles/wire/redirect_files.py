"""Files of redirects, as spreadsheets and other systems write them: CSV, a line an old address.

The first line names the columns: `from,to`, or as the WordPress plugin Redirection exports them.
A file is read line by line, whatever its size.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

MOST_BYTES = 25_000_000
MOST_LINES = 200_000
# What other systems call the columns, in small letters.
_COLUMNS: Mapping[str, frozenset[str]] = {
    "from": frozenset({"from", "source", "old", "from_url", "old_url", "source_url"}),
    "to": frozenset({"to", "target", "new", "to_url", "new_url", "target_url", "destination"}),
    "code": frozenset({"code", "http_code", "status_code"}),
    "regex": frozenset({"regex"}),
    "status": frozenset({"status"}),
}
_DELIMITERS = (",", ";", "\t")
_BOM = b"\xef\xbb\xbf"
_LEADS, _GONE = ("", "301", "302", "303", "307", "308"), "410"


class Line(NamedTuple):
    """What a line says, as it stands there; or why it says nothing (`refused`)."""

    number: int
    source: str = ""
    target: str = ""
    refused: str = ""


def read(lines: Iterable[bytes]) -> Iterator[Line]:
    """The lines of a file of redirects; of one that cannot be read on, why, and no more."""
    texts = _decoded(lines)
    first = next(texts, "")
    delimiter, places = _columns(first)
    if not places:
        yield Line(1, refused=_("The first line has to name the columns: from,to"))
        return
    rows = csv.reader(texts, delimiter=delimiter)
    number = 2
    try:
        for row in rows:
            if number > MOST_LINES + 1:
                yield Line(number, refused=too_many())
                return
            if any(row):
                yield _line(number, row, places)
            number = rows.line_num + 2
    except csv.Error:
        yield Line(number, refused=_("This line cannot be read: is a quotation mark left open?"))


def too_many() -> str:
    """The sentence for a file of too many lines."""
    return _("The file has more than %(most)s lines. Cut it in two.") % {"most": f"{MOST_LINES:,}"}


def too_heavy() -> str:
    """The sentence for a file of too many bytes."""
    return _("The file is larger than %(most)d MB. Cut it in two.") % {
        "most": MOST_BYTES // 1_000_000
    }


def write(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A file that `read` reads, line by line: from where, and to where."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield writer.writerow(("from", "to"))
    for row in rows:
        yield writer.writerow(row)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """Lines of UTF-8; octets that are none become surrogates, which the line is refused for."""
    for number, line in enumerate(lines):
        yield (line.removeprefix(_BOM) if number == 0 else line).decode("utf-8", "surrogateescape")


def _columns(header: str) -> tuple[str, dict[str, int]]:
    """What stands between the columns, and which is where; none where the line names none."""
    for delimiter in _DELIMITERS:
        names = [
            name.strip().strip('"').lower().replace(" ", "_") for name in header.split(delimiter)
        ]
        places = {
            column: names.index(name)
            for column, known in _COLUMNS.items()
            for name in names
            if name in known
        }
        if {"from", "to"} <= places.keys():
            return delimiter, places
    return "", {}


def _line(number: int, row: list[str], places: Mapping[str, int]) -> Line:
    said = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
    if any("\udc80" <= char <= "\udcff" for text in said.values() for char in text):
        return Line(number, refused=_("This line is not UTF-8. Save the file as “CSV UTF-8”."))
    if said.get("regex", "0") not in ("", "0"):
        return Line(
            number, refused=_("It is a pattern (regex). Write a line an address, or leave it out.")
        )
    if said.get("status", "").lower() in ("disabled", "inactive"):
        return Line(number, refused=_("It is switched off there. Leave the line out."))
    code = said.get("code", "")
    if code == _GONE:
        return Line(number, said["from"], "gone")
    if code not in _LEADS:
        return Line(
            number,
            refused=_("The code %(code)s leads nowhere: 301 and 410 are known here.")
            % {"code": code[:10]},
        )
    return Line(number, said["from"], said["to"])
