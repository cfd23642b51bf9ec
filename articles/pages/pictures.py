"""The bytes of a picture: handed out while a public story shows it and its licence holds.

An answer may be kept for a minute and no longer than the licence: what is withdrawn is gone from
every cache a minute later. A name that is not public, and one that never was, are answered alike.
"""

import re
from datetime import datetime

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from articles import proofs
from articles.models import ListKind, ListRow, Publication, Rendition
from articles.moments import as_of, moment_of
from articles.pages import since

KEPT_FOR = 60  # seconds
_NAME = re.compile(r"[0-9a-f]{32}\.(?:avif|webp|jpg)")
# Stories that show one picture: as of a moment so many of them are looked at for one that is left.
_STORIES_LOOKED_AT = 100


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    t = moment_of(request)
    rendition = _rendition(name) if _NAME.fullmatch(name) else None
    proof = request.GET.get("proof", "")
    if rendition and proof and proofs.opens(name, proof):
        return _answer(request, rendition, "private, no-store")
    if rendition is None or not _is_public(request, rendition, t):
        return _nothing()
    return _answer(request, rendition, f"public, max-age={_may_be_kept_for(rendition, t)}")


def _rendition(name: str) -> Rendition | None:
    """A rendition of an image that is not withdrawn."""
    named = Rendition.objects.filter(name=name, image__withheld=False)
    return named.select_related("image").first()


def _is_public(request: HttpRequest, rendition: Rendition, t: datetime) -> bool:
    """Whether its licence holds and a public story shows it; as of another moment, one that was
    not taken down since, or whose mark may be seen."""
    rows = ListRow.objects.at(t).of(ListKind.PICTURE, rendition.image_id)
    if not rendition.image.holds(t):
        return False
    if as_of(request) is None:
        return rows.exists()
    stories = list(rows.values_list("story", flat=True)[:_STORIES_LOOKED_AT])
    shown = list(Publication.objects.at(t).filter(article__in=stories))
    return bool(since.visible(request, shown))


def _may_be_kept_for(rendition: Rendition, t: datetime) -> int:
    end = rendition.image.ends_at
    return min(KEPT_FOR, int((end - t).total_seconds())) if end else KEPT_FOR


def _answer(request: HttpRequest, rendition: Rendition, kept: str) -> HttpResponseBase:
    # A file is never written twice, so its name says which bytes it holds.
    etag = f'"{rendition.file.rpartition("/")[2].partition(".")[0]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": kept,
        "Content-Type": f"image/{rendition.format}",
        "Content-Length": str(rendition.bytes),
        "X-Content-Type-Options": "nosniff",
    }
    known = get_conditional_response(request, etag=etag)
    if known is not None:  # 304, or 412 to who asks for other bytes than these
        known["Cache-Control"] = kept
        return known
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    if settings.X_ACCEL_PREFIX:
        del headers["Content-Length"]  # nginx's own
        headers["X-Accel-Redirect"] = f"{settings.X_ACCEL_PREFIX.rstrip('/')}/{rendition.file}"
        return HttpResponse(headers=headers)
    try:
        file = default_storage.open(rendition.file)
    except FileNotFoundError:
        return _nothing()
    return FileResponse(file, filename=rendition.name, headers=headers)


def _nothing() -> HttpResponse:
    """No page: what asks for a picture shows none."""
    answer = HttpResponse("There is no such picture.\n", "text/plain", status=404)
    answer["Cache-Control"] = "no-store"  # it may be public the next second
    return answer
