"""The receipt of a takedown: asked for when a story was taken off the site, shown, asked again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import tasks
from articles.admin import pages
from articles.desk import also_read, overview, receipts
from articles.desk.receipts import Shown
from articles.models import Article, Move, Publication, Receipt
from articles.moments import in_newsroom_words, moment_of
from articles.pages import surfaces
from articles.states import PublicState

TITLES = {
    "unpublish": gettext_lazy("Receipt of unpublishing"),
    "take_down": gettext_lazy("Takedown receipt"),
    "erase": gettext_lazy("Receipt of erasing"),
}
DONE = {
    "unpublish": gettext_lazy("Unpublished"),
    "take_down": gettext_lazy("Taken down"),
    "erase": gettext_lazy("Erased by law"),
}


def surfaces_before(article: Article, verb: str, t: datetime) -> Sequence[Shown]:
    """Where a story could be shown before a verb takes it off the site; of other verbs, nothing.

    Before it: what is erased no longer says where it stood.
    """
    return _surfaces(article, t) if verb in receipts.WITHDRAWALS else []


def give(request: HttpRequest, article: Article, shown: Sequence[Shown]) -> HttpResponse:
    """Ask for the receipt of the verb that was just done, and show it."""
    move = receipts.last_withdrawal(article.pk)
    if move is None or not shown:
        raise Http404
    receipt = receipts.ask(article, move.pk, shown, now=moment_of(request))
    tasks.receipt_soon(receipt.pk)
    return _to_receipt(receipt)


def receipts_view(request: HttpRequest, article: Article) -> HttpResponse:
    """Lead to a story's newest receipt; on POST, ask for another."""
    if request.method == "POST":
        return _again(request, article)
    newest = Receipt.objects.filter(article=article).order_by("-pk").first()
    if newest is None:
        raise Http404
    return _to_receipt(newest)


def receipt_view(request: HttpRequest, article: Article, receipt: int) -> HttpResponse:
    """Show what each surface answered."""
    found = get_object_or_404(Receipt, pk=receipt, article=article)
    move = Move.objects.get(pk=found.move)
    t = moment_of(request)
    lines = receipts.lines(found) if found.finished_at else []
    return pages.show(
        request,
        "receipt.html",
        article,
        title=TITLES[move.verb],
        receipt=found,
        move=move,
        done=DONE[move.verb],
        authority=move.details.get("authority", ""),
        erased=move.details.get("erased"),
        own_status=receipts.own_status(article, move),
        address=next((row["path"] for row in found.surfaces if row["own"]), ""),
        when=in_newsroom_words(move.at),
        checked=in_newsroom_words(found.finished_at) if found.finished_at else "",
        ago=timesince(found.asked_at, t),
        waiting=[row["name"] for row in found.surfaces],
        lines=lines,
        red=[line for line in lines if line.is_red],
        is_back=_is_back(article, t),
        **_newer(found),
        pointing=also_read.pointing_to(article.pk, request.user).count(),
    )


def _again(request: HttpRequest, article: Article) -> HttpResponse:
    t = moment_of(request)
    if _is_back(article, t):
        messages.warning(request, _("The story was put back since: readers are to see it."))
        return pages.to_story(article)
    shown = receipts.asked_before(article.pk) if article.erased else _surfaces(article, t)
    return give(request, article, shown)


def _surfaces(article: Article, t: datetime) -> Sequence[Shown]:
    begun = Publication.objects.filter(article=article, starts_at__lte=t)
    return surfaces.showing(begun, t, pointing=also_read.shown_pointing_to(article.pk, t))


def _is_back(article: Article, t: datetime) -> bool:
    return overview.overview(article, t).state == PublicState.LIVE


def _newer(receipt: Receipt) -> dict[str, Any]:
    rows = Receipt.objects.filter(article=receipt.article_id, pk__gt=receipt.pk)
    return {"newer": rows.order_by("-pk").values_list("pk", flat=True).first()}


def _to_receipt(receipt: Receipt) -> HttpResponseRedirect:
    here = [receipt.article_id, receipt.pk]
    return HttpResponseRedirect(reverse("admin:articles_article_receipt", args=here))


URLS = [
    pages.story_path("receipts/", receipts_view, "receipts"),
    pages.story_path("receipts/<int:receipt>/", receipt_view, "receipt"),
]
