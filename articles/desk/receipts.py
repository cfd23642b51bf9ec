"""What a withdrawal was seen to have done: which surface still shows the story, or did not answer.

A surface is red unless it was seen to be right: the story's own addresses answer 410 when it is
gone and 404 when it is not to be known of; a picture that it alone showed is not there; every other
answers, without its address or headline.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import notices
from articles.desk.rights import Program
from articles.models import Article, Move, Publication, Reason, Receipt
from articles.states import EndsAs

# The verbs that a receipt is given of.
WITHDRAWALS = ("unpublish", "take_down", "erase")
TIMEOUT, NO_ANSWER, TOO_LONG = "timeout", "no_answer", "too_long"
_OK, _NOT_FOUND, _GONE = 200, 404, 410
_FIRST_REDIRECT, _FIRST_ERROR, _FIRST_FAULT = 300, 400, 500

_FAULTS = {
    TIMEOUT: gettext_lazy("did not answer in time"),
    NO_ANSWER: gettext_lazy("did not answer"),
    TOO_LONG: gettext_lazy("answered too much to be read"),
}
_SHOWS = {
    "address": gettext_lazy("%(status)d, still holds the story’s address"),
    "headline": gettext_lazy("%(status)d, still holds the story’s headline"),
}


class Shown(Protocol):
    """A public address where a story could be shown (pages/surfaces.py)."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def is_own(self) -> bool: ...
    @property
    def tells(self) -> bool: ...
    @property
    def is_file(self) -> bool: ...


@dataclass(frozen=True)
class Answer:
    """What an address answered; or the fault, one of the three above."""

    status: int = 0
    body: str = ""
    target: str = ""  # where a redirect leads
    fault: str = ""


@dataclass(frozen=True)
class Line:
    """One surface of a receipt, as its page tells of it."""

    name: str
    path: str
    said: str
    is_red: bool


@dataclass(frozen=True)
class _Traces:
    """What a surface must not hold of a story, and where a redirect may lead."""

    own: int  # what the story's own addresses are to answer
    addresses: re.Pattern[str]
    headlines: re.Pattern[str] | None
    known: frozenset[str]


def ask(article: Article, move_id: int, surfaces: Iterable[Shown], *, now: datetime) -> Receipt:
    """Write down which surfaces are to be looked at; a worker does (articles/tasks.py)."""
    rows = [
        {
            "name": _("A page that listed it") if article.erased and each.tells else each.name,
            "path": each.path,
            "own": each.is_own,
            "tells": each.tells,
            "file": each.is_file,
        }
        for each in surfaces
    ]
    return Receipt.objects.create(article=article, move=move_id, asked_at=now, surfaces=rows)


def paths(receipt_id: int) -> list[str]:
    """The addresses that a receipt waits for; none when it is finished, or gone."""
    receipt = Receipt.objects.filter(pk=receipt_id, finished_at=None).first()
    return [row["path"] for row in receipt.surfaces if row["path"]] if receipt else []


@dataclass(frozen=True)
class Asked:
    """A surface of an earlier receipt, to be looked at again."""

    name: str
    path: str
    is_own: bool
    tells: bool
    is_file: bool = False


def asked_before(article_id: int) -> list[Asked]:
    """The surfaces of a story's newest receipt: what an erased story no longer tells."""
    receipt = Receipt.objects.filter(article=article_id).order_by("-pk").first()
    rows = receipt.surfaces if receipt else []
    return [
        Asked(row["name"], row["path"], row["own"], row["tells"], _is_file(row))
        for row in rows
        if row["path"]
    ]


def record(receipt_id: int, answers: Mapping[str, Answer], *, now: datetime) -> Receipt:
    """Judge what each surface answered, keep that, and tell who withdrew the story of red ones.

    A path without an answer did not answer. A receipt is finished once; after that it stays.
    """
    with transaction.atomic():
        swapped = Receipt.objects.filter(pk=receipt_id, finished_at=None).update(finished_at=now)
        receipt = Receipt.objects.select_related("article").get(pk=receipt_id)
        if not swapped:
            return receipt
        traces = _traces(receipt, now)
        receipt.surfaces = [
            _judged(row, answers.get(row["path"], Answer(fault=NO_ANSWER)), traces, receipt.article)
            for row in receipt.surfaces
        ]
        receipt.save(update_fields=["surfaces"])
        _tell(receipt, now)
    return receipt


def last_withdrawal(article_id: int) -> Move | None:
    """The Move that took the story off the site last."""
    moves = Move.objects.filter(article=article_id, verb__in=WITHDRAWALS)
    return moves.order_by("-pk").first()


def own_status(article: Article, move: Move) -> int:
    """What the story's own addresses are to answer after a withdrawal."""
    is_gone = move.verb == "take_down" and move.details.get("how") == EndsAs.GONE
    return _GONE if is_gone and not article.erased else _NOT_FOUND


def lines(receipt: Receipt) -> list[Line]:
    """What a finished receipt says of each surface, red ones first."""
    said = [Line(row["name"], row["path"], _words(row), row["red"]) for row in receipt.surfaces]
    return sorted(said, key=lambda line: not line.is_red)


def _traces(receipt: Receipt, now: datetime) -> _Traces:
    versions = Publication.objects.filter(article=receipt.article_id, starts_at__lte=now)
    known = {(row.path, row.headline) for row in versions.only("path", "headline")}
    addresses = "|".join(re.escape(path.rstrip("/")) for path in {path for path, _h in known})
    headlines = "|".join(re.escape(_flat(words)) for words in {words for _p, words in known})
    return _Traces(
        own_status(receipt.article, Move.objects.get(pk=receipt.move)),
        re.compile(rf"(?:{addresses})(?![\w-])"),
        # An erased story has none any more.
        None if receipt.article.erased else re.compile(rf"(?<!\w)(?:{headlines})(?!\w)"),
        frozenset(row["path"] for row in receipt.surfaces if not row["own"]),
    )


def _judged(
    row: Mapping[str, Any], answer: Answer, traces: _Traces, article: Article
) -> dict[str, Any]:
    shows = "" if row["own"] or _is_file(row) or answer.fault else _shown(answer.body, traces)
    is_right = _is_right(row, answer, traces) and not shows
    kept = {**row, "status": answer.status, "to": answer.target[:500], "fault": answer.fault}
    if article.erased and row["tells"] and is_right:
        kept["path"] = ""  # it is clean: nothing need say any more that the story stood there
    return {**kept, "shows": shows, "red": not is_right}


def _is_right(row: Mapping[str, Any], answer: Answer, traces: _Traces) -> bool:
    """Whether the status alone is as it should be."""
    if answer.fault:
        return False
    if row["own"]:
        return answer.status == traces.own
    if _is_file(row):
        return answer.status in (_NOT_FOUND, _GONE)
    if _FIRST_REDIRECT <= answer.status < _FIRST_ERROR:
        return urlsplit(answer.target).path in traces.known - {row["path"]}
    # A list that is empty now has no page; the site always has a home.
    is_empty = answer.status in (_NOT_FOUND, _GONE) and row["path"] != "/"
    return answer.status == _OK or is_empty


def _is_file(row: Mapping[str, Any]) -> bool:
    return bool(row.get("file"))  # receipts of before asked for none


def _shown(body: str, traces: _Traces) -> str:
    text = _flat(unescape(body))
    if traces.addresses.search(text):
        return "address"
    return "headline" if traces.headlines and traces.headlines.search(text) else ""


def _flat(text: str) -> str:
    return " ".join(text.split())


def _words(row: Mapping[str, Any]) -> str:
    status = row["status"]
    if row["fault"]:
        return str(_FAULTS[row["fault"]])
    if row["to"]:
        return _("%(status)d, leads to %(to)s") % {"status": status, "to": row["to"]}
    if row["shows"]:
        return str(_SHOWS[row["shows"]]) % {"status": status}
    if status >= _FIRST_FAULT:
        return _("%(status)d, it failed") % {"status": status}
    if (row["own"] or _is_file(row)) and row["red"]:
        return _("%(status)d, still answers") % {"status": status}
    if status in (_NOT_FOUND, _GONE):
        return _("%(status)d, not there") % {"status": status}
    if row["red"]:
        return _("%(status)d, could not be read") % {"status": status}
    return _("%(status)d, nothing of it") % {"status": status}


def _tell(receipt: Receipt, now: datetime) -> None:
    wrong = sum(row["red"] for row in receipt.surfaces)
    move = Move.objects.get(pk=receipt.move)
    if wrong and move.by is not None:
        notices.tell(
            [move.by],
            Reason.RECEIPT,
            article=receipt.article,
            by=Program("receipt"),
            at=now,
            details={"wrong": wrong, "receipt": receipt.pk},
        )
