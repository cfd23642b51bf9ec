"""What a story's version history tells, and between which texts it may show what differs.

It tells every change but typing errors, which belong to the version they were made in. Of a
version that is withheld it says from when to when it stood. No difference reaches behind a
change on advice or a takedown: what was taken out for good is not read in a history.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from articles.models import Publication
from articles.states import Change, EndsAs

VERSIONS_A_PAGE = 20
# How much text may be compared for one answer, in characters of both sides: a thousand words
# (13,000) take 2 to 40 ms, and nobody may keep a server busy by asking for old versions.
COMPARED_ON_A_PAGE = 60_000
COMPARED_BY_ITSELF = 120_000

_KINDS = {
    Change.UPDATE: _("Update"),
    Change.CORRECTION: _("Correction"),
    Change.CLARIFICATION: _("Clarification"),
    Change.LEGAL: _("Changed on advice"),
}
_FIRST = _("First published")
_WITHHELD = _("Withheld")


@dataclass(frozen=True)
class Pair:
    """Two versions of a story, with their texts: what stood before, and what came."""

    before: Publication
    after: Publication

    @property
    def length(self) -> int:
        """How many characters there are to compare."""
        return len(self.before.text.body) + len(self.after.text.body)


@dataclass(frozen=True)
class Version:
    """One line of a history, and the pair of texts between which it may show a difference."""

    number: int
    since: datetime
    kind: str
    note: str = ""
    until: datetime | None = None  # of a withheld one
    is_first: bool = False
    has_typos: bool = False  # typing errors in it were corrected since
    pair: Pair | None = None

    @property
    def is_withheld(self) -> bool:
        return self.until is not None

    @property
    def is_too_long(self) -> bool:
        """Whether its texts are too long to be compared for whoever asks."""
        return self.pair is not None and self.pair.length > COMPARED_BY_ITSELF


@dataclass(frozen=True)
class History:
    """A page of a story's history, newest first, and the version the next page comes after."""

    path: str
    versions: list[Version]
    older: int | None  # ?before= of the next page; None: this is the last

    def get_absolute_url(self) -> str:
        return self.path

    @property
    def shown_here(self) -> set[int]:
        """The numbers of the versions whose differences the page itself may show, from the
        newest on; those that are left have each a page of their own."""
        shown, left = set(), COMPARED_ON_A_PAGE
        for version in self.versions:
            if version.pair is None:
                continue
            left -= version.pair.length
            if left < 0:
                break
            shown.add(version.number)
        return shown


def page(live: Publication, t: datetime, before: str | None) -> History:
    """A page of the history of a story that is live at t: the newest, or what came before one.

    Raises Http404 where it tells of one version only, and for a `before` that it does not tell.
    """
    rows, newest, cursor = _told(live, t), live.pk, None
    if before is not None:
        cursor = _named(rows, before)
        # One upper bound, as in every list: what came before it began by t as well.
        rows, newest = _told(live, cursor.starts_at).exclude(pk=cursor.pk), cursor.before
    found = list(rows.order_by("-starts_at", "-pk")[: VERSIONS_A_PAGE + 1])
    shown, goes_on = found[:VERSIONS_A_PAGE], len(found) > VERSIONS_A_PAGE
    first = None if goes_on else _first(live, t)
    if first and first.pk not in {row.pk for row in (cursor, *shown) if row}:
        shown.append(first)
    if not live.has_history or not shown:
        raise Http404("A story with one version has no history, and nothing came before its first.")
    versions = _versions(live, t, shown, newest, first.pk if first else None)
    return History(f"{live.path}versions/", versions, shown[-1].pk if goes_on else None)


def one(live: Publication, t: datetime, number: int) -> tuple[Version, Pair]:
    """A version by its number, and the pair of texts between which it shows the difference.

    Raises Http404 for one that the history shows no difference of.
    """
    row = _named(_told(live, t), str(number))
    newer = _told(live, t).filter(starts_at__gt=row.starts_at).order_by("starts_at").first()
    (version,) = _versions(live, t, [row], newer.before if newer else live.pk, None)
    if version.pair is None or version.is_too_long:
        raise Http404("No difference is shown of it.")
    return version, version.pair


# A row of what `telling` says.
_COLUMNS = ("pk", "starts_at", "ends_at", "ends_as", "withheld", "told_change", "words", "before")


def _told(live: Publication, t: datetime) -> QuerySet[Publication, Any]:
    rows = Publication.objects.told(live.article_id, t).telling()
    return rows.values_list(*_COLUMNS, named=True)


def _first(live: Publication, t: datetime) -> Any:
    rows = Publication.objects.seen(t).filter(article=live.article_id).telling()
    return rows.order_by("starts_at", "pk").values_list(*_COLUMNS, named=True).first()


def _named(rows: QuerySet[Publication, Any], number: str) -> Any:
    if re.fullmatch(r"[1-9][0-9]{0,18}", number, re.ASCII):
        for row in rows.filter(pk=int(number)):
            return row
    raise Http404("The history tells of no such version.")


def _versions(
    live: Publication, t: datetime, rows: list[Any], newest: int | None, first: int | None
) -> list[Version]:
    """The lines of some rows, newest first; `newest` is the text that the first of them became."""
    ids = [newest, *(row.before for row in rows)]
    texts = Publication.objects.begun(t).select_related("text").in_bulk({pk for pk in ids if pk})
    cut = Publication.objects.taken_back(live.article_id, t).order_by("-starts_at", "-pk").first()
    return [
        _version(row, texts.get(row.before), texts.get(became), cut, is_first=row.pk == first)
        for row, became in zip(rows, ids, strict=False)
    ]


def _version(
    row: Any,
    before: Publication | None,
    after: Publication | None,
    cut: Publication | None,
    *,
    is_first: bool,
) -> Version:
    if row.withheld or after is None:
        return Version(row.pk, row.starts_at, str(_WITHHELD), until=row.ends_at)
    return Version(
        row.pk,
        row.starts_at,
        str(_FIRST if is_first else _KINDS[Change(row.told_change)]),
        row.words,
        is_first=is_first,
        has_typos=after.change == Change.TYPO,
        pair=Pair(before, after) if before and _may_be_read(before, cut) else None,
    )


def _may_be_read(before: Publication, cut: Publication | None) -> bool:
    """Whether a text that readers had may be read in the history: not behind what takes back."""
    if cut is None:
        return True
    if cut.ends_as in (EndsAs.GONE, EndsAs.VANISHED):
        return before.starts_at > cut.starts_at
    return before.starts_at >= cut.starts_at
