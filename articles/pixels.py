"""Which files are taken as pictures, and the bytes made of them: a clean master and its renditions.

Nothing of what was sent is kept: every byte that is stored was encoded here, in sRGB, upright,
without metadata. What a hostile file can cost is bounded before anything is decoded.
"""

import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any, NamedTuple, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageChops, ImageCms, ImageOps
from PIL.ImageFile import ImageFile

from articles import captions
from articles.captions import Said

MOST_BYTES = 25_000_000
MOST_PIXELS = 50_000_000
# A JPEG that has more than so many is decoded at a half. Of other formats all pixels are held at
# once, and by some of them twice; of a progressive JPEG every coefficient is held as well. So an
# upload takes no more than 150 MB (tests/benchmarks/pictures.py).
MOST_PIXELS_HELD = 12_000_000
MOST_PIXELS_HELD_TWICE = 8_000_000
# Ten are usual. Each one walks over the whole picture, and costs a few bytes only.
MOST_SCANS = 40
_SCAN = b"\xff\xda"  # JPEG (ITU T.81, B.1.1.3); within a scan's data 0xff is followed by a zero
LEAST_WIDTH, LEAST_HEIGHT = 600, 300
LONGEST_EDGE = 2560  # of what is kept: more than the widest rendition, and than most screens
# Of a drawing or a chart, that much is of the colour of what stands beside it; it is kept
# without loss. (A grey photograph has few colours as well, and grain.)
FLAT_IN_A_DRAWING = 0.6

AVIF, WEBP, JPEG = "avif", "webp", "jpeg"
FORMATS = (AVIF, WEBP, JPEG)  # as a page offers them, the smallest first
FULL, WIDE, CARD, CLASSIC, SQUARE = "full", "16x9", "3x2", "4x3", "1x1"
RATIOS = {WIDE: (16, 9), CARD: (3, 2), CLASSIC: (4, 3), SQUARE: (1, 1)}
WIDTHS = {
    FULL: (1600, 1280, 960, 640, 320),
    CARD: (1280, 960, 640, 320),
    # For what others make of a page: search engines and link cards.
    WIDE: (1280,),
    CLASSIC: (1280,),
    SQUARE: (1280,),
}
_SHOWN_ON_PAGES = (FULL, CARD)
_OPTIONS: dict[str, dict[str, Any]] = {
    # At speed 8 a busy picture takes three times as long, and 3 % less is saved.
    AVIF: {"quality": 55, "speed": 9},
    WEBP: {"quality": 76, "method": 2},
    JPEG: {"quality": 80, "progressive": True, "optimize": True},
}

# A warning over it, an error over twice as much: both are refused (_opened).
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
# Four uploads at once need no more memory than one.
_one_at_a_time = Lock()
# What Pillow raises for files that are cut off, lie or were made to break it.
_BROKEN: tuple[type[Exception], ...] = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError,
    MemoryError, struct.error,
)  # fmt: skip
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_NO_PROFILE: tuple[type[Exception], ...] = (ImageCms.PyCMSError, *_BROKEN)
_SRGB = ImageCms.createProfile("sRGB")


class Master(NamedTuple):
    """A picture as it is kept, and what the file said of itself."""

    content: bytes
    format: str
    width: int
    height: int
    said: Said


@dataclass(frozen=True)
class Size:
    """A rendition of a picture."""

    crop: str
    format: str
    width: int
    height: int


def read(content: bytes) -> Master:
    """Return what is kept of an uploaded file, whatever it is called.

    Raises ValidationError, with a sentence that says what to send instead, for anything but a
    still JPEG, PNG, WebP or AVIF of 600 × 300 to 50 million pixels and 25 MB at most.
    """
    if not content:
        raise ValidationError(_("This file is empty. Send the picture itself."), code="empty")
    if len(content) > MOST_BYTES:
        raise ValidationError(too_heavy(len(content)), code="heavy")
    with _one_at_a_time, _whole():
        sent = _opened(content)
        said = captions.read(sent)
        picture = _flat(sent)
        del sent  # its pixels, before there are others
        picture = _as_kept(picture)
        kept, format_ = _encoded_as_kept(picture)
    return Master(kept, format_, picture.width, picture.height, said)


def sizes(width: int, height: int) -> list[Size]:
    """Every rendition of a picture so large, the largest of a crop first; none is blown up."""
    found = []
    for crop, widths in WIDTHS.items():
        across, down = _extent(crop, width, height)
        fitting = [each for each in widths if each <= across] or [across]
        found += [
            Size(crop, format_, each, max(1, round(each * down / across)))
            for each in fitting
            for format_ in (FORMATS if crop in _SHOWN_ON_PAGES else (JPEG,))
        ]
    return found


def smallest(width: int, height: int) -> Size:
    """The rendition that a list of the desk shows."""
    of_the_whole = [size for size in sizes(width, height) if size.crop == FULL]
    return min(of_the_whole, key=lambda size: (size.width, size.format != JPEG))


def box(crop: str, width: int, height: int, focal: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where a crop lies (left, top, right, bottom): as near round the focal point as it fits.

    `focal` is in hundredths of the width and the height, from the left and the top.
    """
    across, down = _extent(crop, width, height)
    left = round(min(max(width * focal[0] / 100 - across / 2, 0), width - across))
    top = round(min(max(height * focal[1] / 100 - down / 2, 0), height - down))
    return left, top, left + across, top + down


def renditions(
    master: bytes, wanted: Iterable[Size], focal: tuple[int, int]
) -> Iterator[tuple[Size, bytes]]:
    """Make renditions of a master, each smaller one of a crop from the one before it."""
    by_crop: dict[str, list[Size]] = {}
    for size in wanted:
        by_crop.setdefault(size.crop, []).append(size)
    with _one_at_a_time:
        whole = _drafted(master, [size for some in by_crop.values() for size in some])
    for crop, some in by_crop.items():
        last = whole.crop(box(crop, *whole.size, focal))
        for size in sorted(some, key=lambda size: size.width, reverse=True):
            if last.size != (size.width, size.height):
                last = last.resize((size.width, size.height), reducing_gap=2.0)
            yield size, _encoded(last, size.format, **_OPTIONS[size.format])


def _drafted(master: bytes, wanted: list[Size]) -> Image.Image:
    """A master, decoded no larger than the largest of some renditions asks for."""
    picture = Image.open(BytesIO(master), formats=("JPEG", "WEBP"))
    needed = 0.0
    for size in wanted:
        across, _down = _extent(size.crop, *picture.size)
        needed = max(needed, size.width / across)
    picture.draft("RGB", (round(picture.width * needed), round(picture.height * needed)))
    return picture.convert("RGB")


def _extent(crop: str, width: int, height: int) -> tuple[int, int]:
    """How much of a picture a crop takes, across and down."""
    if crop == FULL:
        return width, height
    across, down = RATIOS[crop]
    if width * down > height * across:
        return max(1, height * across // down), height
    return width, max(1, width * down // across)


def _encoded(picture: Image.Image, format_: str, **options: Any) -> bytes:
    made = BytesIO()
    picture.save(made, format_.upper(), **options)
    return made.getvalue()


@contextmanager
def _whole() -> Iterator[None]:
    """Say of what cannot be decoded what to send instead."""
    try:
        yield
    except _BOMB:
        raise ValidationError(_too_large(MOST_PIXELS), code="pixels") from None
    except _BROKEN:
        raise ValidationError(
            _("This picture is damaged, or not all of it arrived. Export it anew and send that."),
            code="broken",
        ) from None


def _opened(content: bytes) -> ImageFile:
    """The picture of a file of which only the header has been read."""
    try:
        picture = Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP", "AVIF"))
    except Image.UnidentifiedImageError:
        raise ValidationError(
            _(
                "This is no picture that can be taken. Send a JPEG, PNG, WebP or AVIF; export a "
                "phone’s HEIC, a drawing’s SVG or an animation’s GIF as one of them."
            ),
            code="format",
        ) from None
    is_jpeg = picture.format in ("JPEG", "MPO")  # MPO: a phone's, with a second picture in it
    if not is_jpeg and getattr(picture, "is_animated", False):
        raise ValidationError(
            _("This is an animation. Send one still picture of it."), code="animation"
        )
    most = _most_pixels(picture)
    if picture.width * picture.height > most:
        raise ValidationError(_too_large(most), code="pixels")
    if max(picture.size) < LEAST_WIDTH or min(picture.size) < LEAST_HEIGHT:
        raise ValidationError(_too_small(*picture.size), code="small")
    if is_jpeg and content.count(_SCAN) > MOST_SCANS:
        raise ValidationError(
            _("This JPEG is built oddly. Export it anew and send that."), code="scans"
        )
    return picture


def _most_pixels(picture: ImageFile) -> int:
    if picture.format in ("WEBP", "AVIF"):
        return MOST_PIXELS_HELD_TWICE
    is_whole = picture.format == "PNG" or picture.info.get("progressive")
    return MOST_PIXELS_HELD if is_whole else MOST_PIXELS


def _flat(picture: ImageFile) -> Image.Image:
    """The picture decoded, without transparency, in a mode whose pixels can be mixed."""
    room = MOST_PIXELS_HELD // (4 if picture.info.get("progressive") else 1)
    if picture.width * picture.height > room:
        picture.draft(None, (picture.width // 2, picture.height // 2))
    picture.load()
    if picture.has_transparency_data:
        return _on_white(picture)
    if picture.mode.startswith("I"):
        return picture.point(lambda bits: bits * (1 / 256)).convert("L")  # of sixteen bits eight
    return picture.convert("RGB") if picture.mode in ("P", "1") else picture


def _as_kept(picture: Image.Image) -> Image.Image:
    """The picture upright, in sRGB, and no larger than what is kept."""
    profile = picture.info.get("icc_profile")
    picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE), reducing_gap=2.0)
    with suppress(*_BROKEN):  # of a record that is malformed
        ImageOps.exif_transpose(picture, in_place=True)
    return _in_srgb(picture, profile)


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency: a drawing that is clear where the paper shows stands on white."""
    clear = picture if picture.mode == "RGBA" else picture.convert("RGBA")
    paper = Image.new("RGB", clear.size, "white")
    paper.paste(clear, mask=clear)
    paper.info = picture.info
    return paper


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In the colours that a browser takes a picture without a profile for."""
    if profile:
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "sRGB" in ImageCms.getProfileDescription(own) and picture.mode == "RGB":
                return picture
            shown = ImageCms.profileToProfile(picture, own, _SRGB, outputMode="RGB")
            return cast("Image.Image", shown)
        except _NO_PROFILE:
            pass  # a profile that is none, or another kind of picture's: as if there were none
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _encoded_as_kept(picture: Image.Image) -> tuple[bytes, str]:
    """The master's bytes and their format: a drawing without loss, a photograph as JPEG."""
    picture.info.clear()
    if _flatness(picture) >= FLAT_IN_A_DRAWING:
        return _encoded(picture, WEBP, lossless=True, quality=20, method=0), WEBP
    return _encoded(picture, JPEG, quality=90), JPEG


def _flatness(picture: Image.Image) -> float:
    """How much of a picture is as bright as what stands beside it, from 0 to 1."""
    grey = picture.convert("L")
    beside = ImageChops.offset(grey, 1, 0)
    return ImageChops.difference(grey, beside).histogram()[0] / (grey.width * grey.height)


def too_heavy(size: int) -> str:
    """What is said of a file of so many bytes."""
    return _("This file has %(size)d MB; %(most)d MB at most. Export it smaller and send that.") % {
        "size": -(-size // 1_000_000),
        "most": MOST_BYTES // 1_000_000,
    }


def _too_large(most: int) -> str:
    return _(
        "This picture has too many pixels: %(most)d million at most in this kind of file. "
        "Export it as a JPEG, %(edge)d pixels on its longer edge."
    ) % {"most": most // 1_000_000, "edge": LONGEST_EDGE}


def _too_small(width: int, height: int) -> str:
    return _(
        "This picture is %(width)d × %(height)d pixels, too small for a page. Send one of at "
        "least %(least)d pixels on its longer edge, and %(other)d on the other."
    ) % {"width": width, "height": height, "least": LEAST_WIDTH, "other": LEAST_HEIGHT}
