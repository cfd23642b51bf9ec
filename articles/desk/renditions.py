"""Which renditions an image lacks, and how they are made and stored; twice is the same as once."""

import secrets
from collections.abc import Iterable
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from articles import edition, pixels
from articles.models import Image, Rendition
from articles.pixels import Size

_ENDINGS = {pixels.AVIF: "avif", pixels.WEBP: "webp", pixels.JPEG: "jpg"}
_REPLACED = ("height", "file", "bytes", "around")


def store(folder: str, content: bytes, format_: str) -> str:
    """Store a file under a random name; return where it lies."""
    name = _random(format_)
    return default_storage.save(f"{folder}/{name[:2]}/{name}", ContentFile(content))


def make(image_id: int) -> int:
    """Make what an image lacks, or has around another focal point; return how many those are."""
    image = Image.objects.filter(pk=image_id).first()
    return _make(image, _lacking(image)) if image else 0


def remake(image_id: int) -> int:
    """Make every rendition of an image anew, and forget those that are made no more."""
    image = Image.objects.get(pk=image_id)
    wanted = pixels.sizes(image.width, image.height)
    kept = {(size.crop, size.format, size.width) for size in wanted}
    old = [row for row in image.renditions.all() if _key(row) not in kept]
    Rendition.objects.filter(pk__in=[row.pk for row in old]).delete()
    discard(row.file for row in old)
    return _make(image, wanted)


def first(image: Image, master: bytes) -> None:
    """Make the smallest rendition at once, so that no list shows an empty frame."""
    _make_of(image, [pixels.smallest(image.width, image.height)], master)


def discard(files: Iterable[str]) -> None:
    """Delete files from storage once what is being written is committed."""
    for file in list(files):
        transaction.on_commit(partial(default_storage.delete, file), robust=True)


def _lacking(image: Image) -> list[Size]:
    around = {_key(row): row.around for row in image.renditions.all()}
    return [
        size
        for size in pixels.sizes(image.width, image.height)
        if around.get((size.crop, size.format, size.width)) != _around(image, size.crop)
    ]


def _make(image: Image, wanted: list[Size]) -> int:
    if wanted:
        with default_storage.open(image.file) as master:
            _make_of(image, wanted, master.read())
    return len(wanted)


def _make_of(image: Image, wanted: list[Size], master: bytes) -> None:
    made = [
        Rendition(
            image=image,
            crop=size.crop,
            format=size.format,
            width=size.width,
            height=size.height,
            name=_random(size.format),
            file=store("renditions", content, size.format),
            bytes=len(content),
            around=_around(image, size.crop),
        )
        for size, content in pixels.renditions(master, wanted, image.focal)
    ]
    keys = {_key(row) for row in made}
    with transaction.atomic():
        old = [row.file for row in image.renditions.all() if _key(row) in keys]
        # A rendition that is made anew keeps its name, so that no page on its way loses it.
        Rendition.objects.bulk_create(
            made,
            update_conflicts=True,
            unique_fields=["image", "crop", "format", "width"],
            update_fields=_REPLACED,
        )
        discard(old)
        edition.move_on()


def _around(image: Image, crop: str) -> str:
    return "" if crop == pixels.FULL else f"{image.focal_x},{image.focal_y}"


def _key(row: Rendition) -> tuple[str, str, int]:
    return row.crop, row.format, row.width


def _random(format_: str) -> str:
    return f"{secrets.token_hex(16)}.{_ENDINGS[format_]}"
