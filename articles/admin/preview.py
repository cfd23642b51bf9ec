"""A story before it is published: its page as readers would get it, and links for one person."""

from datetime import datetime
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from articles import proofs
from articles.admin import pages
from articles.desk import overview, proof, rights, sharing
from articles.desk.share_forms import ShareForm
from articles.models import Article, Revision
from articles.moments import moment_of
from articles.pages.views import story_page

HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}
# Any: django-csp's types know no view that takes more than a request.
HOLDS_FRAMES: Any = csp_update({"frame-src": [SELF]})
STANDS_IN_A_FRAME: Any = csp_replace({"frame-ancestors": [SELF]})


@require_safe
@xframe_options_sameorigin
@STANDS_IN_A_FRAME
def proof_view(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    """The page of a revision, as its readers would get it: what the preview shows in its frames."""
    t = moment_of(request)
    try:
        publication = proof.proof(article.pk, number, now=t)
    except ValidationError:
        raise Http404 from None
    page = story_page(request, publication, t, address=proofs.address)
    for name, value in HEADERS.items():
        page[name] = value
    return page


@require_safe
@HOLDS_FRAMES
def preview_view(request: HttpRequest, article: Article) -> HttpResponse:
    """A revision, the latest or `?revision=n`, as a laptop and as a phone show it."""
    revision, t = _revision(request, article), moment_of(request)
    return pages.show(
        request,
        "preview.html",
        article,
        title=_("Preview"),
        revision=revision,
        saved=overview.when(revision.at, t),
        refused=_refused(revision, t),
        may_share=rights.may(request.user, sharing.WAY_OUT.permission, [article.section_id]),
    )


def share_view(request: HttpRequest, article: Article) -> HttpResponse:
    """A story's links, and the form that makes one; its address is shown in this answer alone."""
    rights.require(request.user, sharing.WAY_OUT.permission, [article.section_id])
    revision = _revision(request, article)
    t = moment_of(request)
    if request.method != "POST":
        return _links(request, article, revision, ShareForm(now=t))
    form = ShareForm(request.POST, now=t)
    if form.is_valid():
        try:
            link, token = form.share(article.pk, revision.number, by=request.user, now=t)
        except ValidationError as refused:
            pages.refuse(form, refused)
        else:
            # In no message and no session, which would keep it.
            address = settings.SITE_URL + reverse("share", args=[token])
            fresh = ShareForm(now=t)
            return _links(request, article, revision, fresh, made=link, address=address)
    return _links(request, article, revision, form, status=422)


@require_POST
def revoke_view(request: HttpRequest, article: Article, link: int) -> HttpResponse:
    """Close a link."""
    found = get_object_or_404(article.share_links, pk=link)
    try:
        sharing.revoke(found.pk, by=request.user, now=moment_of(request))
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, _("%(person)s’s link opens no more.") % {"person": found.person})
    return HttpResponseRedirect(reverse("admin:articles_article_share", args=[article.pk]))


def _revision(request: HttpRequest, article: Article) -> Revision:
    """The revision that is asked for; without one, the working copy."""
    number = request.GET.get("revision", str(article.version))
    if not number.isdecimal() or len(number) > 9:
        raise Http404
    return get_object_or_404(article.revisions, number=int(number))


def _refused(revision: Revision, t: datetime) -> str:
    """Why a revision has no page to look at; empty: it has one."""
    try:
        proof.proof(revision.article_id, revision.number, now=t)
    except ValidationError as refused:
        return str(refused.messages[0])
    return ""


def _links(
    request: HttpRequest,
    article: Article,
    revision: Revision,
    form: ShareForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    t = moment_of(request)
    return pages.show(
        request,
        "share.html",
        article,
        title=_("Share"),
        status=status,
        form=form,
        revision=revision,
        saved=overview.when(revision.at, t),
        obstacle=sharing.obstacle(article, t),
        links=[_row(link, t) for link in sharing.links_of(article)],
        **more,
    )


def _row(link: Any, t: datetime) -> dict[str, Any]:
    """A link in words."""
    return {
        "link": link,
        "made": overview.when(link.at, t),
        "until": overview.when(link.expires_at, t),
        "how_far": overview.how_far(link.expires_at, t),
        "revoked": link.revoked_at and overview.when(link.revoked_at, t),
        "is_over": link.revoked_at is not None or link.expires_at <= t,
        "views": [{"when": overview.when(v.at, t), "agent": v.agent} for v in link.newest_views],
    }


URLS = [
    pages.story_path("proof/<int:number>/", proof_view, "proof"),
    pages.story_path("preview/", preview_view, "preview"),
    pages.story_path("share/", share_view, "share"),
    pages.story_path("share/<int:link>/revoke/", revoke_view, "revoke_share"),
]
