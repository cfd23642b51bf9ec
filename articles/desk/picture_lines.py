"""A picture as the desk's lists and its own page show it: its thumbnail, and whether it may be
shown to readers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import pixels, proofs
from articles.models import Image, Rendition
from articles.moments import in_newsroom_words

# A word is looked for in so many of the newest pictures.
LOOKED_THROUGH = 20_000
LONGEST_WORD = 100
OFFERED = 24  # at once

ASKED = {
    "withdraw": gettext_lazy("Withdraw “%(name)s” everywhere"),
    "restore": gettext_lazy("Bring “%(name)s” back"),
}
DONE = {
    "withdraw": gettext_lazy("“%(name)s” is shown nowhere any more."),
    "restore": gettext_lazy("“%(name)s” is shown again wherever it was."),
}
_CROPS = {
    pixels.CARD: gettext_lazy("Story and cards 3:2"),
    pixels.WIDE: gettext_lazy("Link card 16:9"),
    pixels.SQUARE: gettext_lazy("Square"),
}


@dataclass(frozen=True)
class Rights:
    """Whether a picture may be shown: “ok”, “warn” or “no”, and why."""

    kind: str
    words: str


@dataclass(frozen=True)
class Line:
    """A picture in a list of the desk."""

    image: Image
    rights: Rights
    thumb: str = ""  # an address; empty: a withdrawn picture is shown to nobody
    across: int = 0
    down: int = 0


@dataclass(frozen=True)
class Crop:
    """Where a crop lies on the picture, for a viewBox: “left top width height”."""

    name: str
    label: str
    box: str
    across: int
    down: int


def line(image: Image, t: datetime) -> Line:
    """A picture as a list shows it; its renditions were fetched with it."""
    files = _whole(image)
    if not files:
        return Line(image, rights(image, t))
    thumb = files[0]
    return Line(image, rights(image, t), proofs.address(thumb.name), thumb.width, thumb.height)


def page(image: Image, t: datetime) -> dict[str, Any]:
    """What a picture's own page shows beside its form."""
    files = _whole(image)
    return {
        "preview": proofs.address(files[-1].name) if files else "",
        "rights": rights(image, t),
        "crops": [] if image.withheld else [_crop(image, name) for name in _CROPS],
        "across": image.width * image.focal_x // 100,
        "down": image.height * image.focal_y // 100,
        "ring": max(image.width, image.height) // 26,
    }


def rights(image: Image, t: datetime) -> Rights:
    """Whether a picture may be shown at t, in words."""
    if image.withheld:
        return Rights("no", _("Withdrawn, shown nowhere"))
    if image.ends_at and image.ends_at <= t:
        ended = _("Licence ended %(when)s") % {"when": in_newsroom_words(image.ends_at)}
        return Rights("no", ended)
    if not image.alt:
        return Rights("no", _("No description"))
    if image.ends_at:
        return Rights("warn", _("Ends %(when)s") % {"when": in_newsroom_words(image.ends_at)})
    return Rights("ok", _("Usable"))


def looked_from() -> int:
    """The id after which the pictures stand that a word is looked for in."""
    newest: int = Image.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return newest - LOOKED_THROUGH


def usable(word: str, t: datetime) -> list[dict[str, Any]]:
    """The newest pictures that can be used at t, as a dialog offers them: of those that hold a
    word in description, caption or credit."""
    rows = Image.objects.at(t).exclude(alt="").order_by("-pk").prefetch_related("renditions")
    if typed := word.replace("\0", "").strip()[:LONGEST_WORD]:
        holds = Q(alt__icontains=typed) | Q(caption__icontains=typed) | Q(credit__icontains=typed)
        rows = rows.filter(holds, pk__gt=looked_from())
    lines = [line(image, t) for image in rows[:OFFERED]]
    return [
        {
            "id": each.image.pk,
            "title": str(each.image),
            "caption": each.image.caption,
            "credit": each.image.credit,
            "thumb": each.thumb,
            "width": each.across,
            "height": each.down,
        }
        for each in lines
    ]


def _whole(image: Image) -> list[Rendition]:
    """The files of the whole picture that every browser shows, the smallest first."""
    if image.withheld:
        return []
    whole = [
        row
        for row in image.renditions.all()
        if row.crop == pixels.FULL and row.format == pixels.JPEG
    ]
    return sorted(whole, key=lambda row: row.width)


def _crop(image: Image, crop: str) -> Crop:
    left, top, right, bottom = pixels.box(crop, image.width, image.height, image.focal)
    across, down = pixels.RATIOS[crop]
    box = f"{left} {top} {right - left} {bottom - top}"
    return Crop(crop, str(_CROPS[crop]), box, across, down)
