"""The pictures that a page shows: looked up by identity at the page's moment, in one query.

What was withdrawn, or whose licence ended, is simply not there, and the page stays whole.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles import body, pixels
from articles.models import Image, Publication, Rendition
from articles.pages.identity import absolute
from articles.prepared import prepared

# What search engines ask for, the one of link cards first.
TOLD = (pixels.WIDE, pixels.CLASSIC, pixels.SQUARE)
_IN_TEXT = "(width >= 64em) 46rem, 100vw"  # how wide a picture is shown within a text
_SMALLEST = pixels.WIDTHS[pixels.FULL][-1]
_OF_FILE = ("crop", "format", "name", "width", "height", "bytes")

Address = Callable[[str], str]  # of a rendition, by its name


@dataclass(frozen=True)
class File:
    """One file of a picture."""

    path: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True)
class Source:
    """The files of one format, as a <source> names them."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Picture:
    """A picture as a page shows it: in one crop, with its words."""

    image: int
    alt: str
    caption: str
    credit: str
    files: tuple[File, ...]  # that every browser shows, the smallest first
    sources: tuple[Source, ...]  # of better formats
    told: tuple[File, ...] = ()  # what machines are told of, in other crops

    @property
    def largest(self) -> File:
        return self.files[-1]

    @property
    def srcset(self) -> str:
        return _srcset(self.files)


@dataclass(frozen=True)
class _Known:
    """An image with the files that a page may use."""

    alt: str
    caption: str
    credit: str
    files: dict[tuple[str, str], list[File]]  # by crop and format, the smallest first


class Pictures:
    """The pictures of a page, as they were looked up."""

    def __init__(self, known: dict[int, _Known]) -> None:
        self._known = known

    def main(self, story: Publication) -> Picture | None:
        """A story's own picture, as its page and its card show it."""
        words = (story.picture_alt, story.picture_caption)
        return self._picture(story.picture, pixels.CARD, *words)

    def whole(self, image: int, alt: str, caption: str = "") -> Picture | None:
        """An image within a text, uncut."""
        return self._picture(image, pixels.FULL, alt, caption)

    def within(self, html: str) -> list[Picture]:
        """The images of a stored body, each once, with what it says of them first."""
        said = {image: words for image, *words in reversed(body.said_of_pictures(html))}
        found = (self.whole(image, *said[image]) for image in body.pictures(html))
        return [picture for picture in found if picture]

    def _picture(self, image: int | None, crop: str, alt: str, caption: str) -> Picture | None:
        known = self._known.get(image or 0)
        if known is None:
            return None
        # Before the worker has made the others, there is the smallest one.
        if (crop, pixels.JPEG) not in known.files:
            crop = pixels.FULL
        plain = known.files.get((crop, pixels.JPEG))
        if not plain:
            return None
        others = [f for f in pixels.FORMATS if f != pixels.JPEG and (crop, f) in known.files]
        return Picture(
            image or 0,
            alt or known.alt,
            caption or known.caption,
            known.credit,
            tuple(plain),
            tuple(Source(f"image/{each}", _srcset(known.files[crop, each])) for each in others),
            tuple(f for name in TOLD for f in known.files.get((name, pixels.JPEG), ())[-1:]),
        )


def markup(
    picture: Picture, sizes: str, *, alt: str, css_class: str, hint: tuple[str, str]
) -> SafeString:
    """A picture in sizes to choose from: `sizes` says how wide it is shown (HTML, 4.8.4.2.2), and
    `hint` is the attribute that says whether its reader waits for it."""
    sources = format_html_join(
        "",
        '<source type="{}" srcset="{}" sizes="{}">',
        ((source.type, source.srcset, sizes) for source in picture.sources),
    )
    return format_html(
        '<picture class="{}">{}<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" '
        'alt="{}" {}="{}" decoding="async"></picture>',
        css_class,
        sources,
        picture.largest.path,
        picture.srcset,
        sizes,
        picture.largest.width,
        picture.largest.height,
        alt,
        *hint,
    )


def in_text(html: str, pictures: Pictures) -> SafeString:
    """A stored body as a page prints it, with those of its pictures that are there."""

    def drawn(image: int, alt: str, caption: SafeString) -> SafeString:
        picture = pictures.whole(image, alt)
        if picture is None:
            return SafeString()
        shown = markup(
            picture, _IN_TEXT, alt=picture.alt, css_class="whole", hint=("loading", "lazy")
        )
        words = _words(picture, caption)
        said = format_html('<figcaption class="cap">{}</figcaption>', words) if words else ""
        return format_html('<figure class="fig">{}{}</figure>', shown, said)

    return body.with_pictures(html, drawn)


def in_text_elsewhere(html: str, pictures: Pictures) -> SafeString:
    """A stored body as other programs print it, with those of its pictures that are there."""

    def drawn(image: int, alt: str, caption: SafeString) -> SafeString:
        picture = pictures.whole(image, alt)
        return plain_markup(picture, caption) if picture else SafeString()

    return body.with_pictures(html, drawn)


def plain_markup(picture: Picture, caption: SafeString | str = "") -> SafeString:
    """A picture for who has none of the site's style; `caption` goes before its own."""
    words = _words(picture, caption)
    return format_html(
        '<figure><img src="{}" srcset="{}" width="{}" height="{}" alt="{}">{}</figure>',
        picture.largest.path,
        picture.srcset,
        picture.largest.width,
        picture.largest.height,
        picture.alt,
        format_html("<figcaption>{}</figcaption>", words) if words else "",
    )


def _words(picture: Picture, caption: SafeString | str) -> SafeString:
    """What stands below a picture in a text: what is said of it there, and who made it."""
    credit = format_html(" <small>{}</small>", picture.credit) if picture.credit else ""
    return format_html("{}{}", caption or picture.caption, credit)


def path_of(name: str) -> str:
    """The address of a rendition for everybody."""
    return f"/pictures/{name}"


def look_up(
    t: datetime,
    stories: Iterable[Publication] = (),
    *,
    page_of: Publication | None = None,
    within: Sequence[int] = (),
    address: Address = path_of,
) -> Pictures:
    """Look up what a page shows at t, and give each of the stories the picture of its card.

    `page_of` is the story whose page it is, `within` are the images of its text.
    """
    listed = [story for story in stories if story.picture]
    cards = {story.picture for story in listed if story.picture}
    own = {page_of.picture} if page_of and page_of.picture else set()
    asked = cards | own | set(within)
    if not asked:
        return Pictures({})
    found = _known(_of_a_page(t, asked, cards | own, within, own), address)
    for story in listed:
        story.card = found.main(story)
    return found


@prepared
def _of_a_page(
    t: datetime,
    asked: Collection[int],
    shown: Collection[int],
    within: Collection[int],
    own: Collection[int],
) -> QuerySet[Rendition, tuple]:
    plain = Q(crop=pixels.FULL, format=pixels.JPEG, width__lte=_SMALLEST)
    of_some = Q(image__in=shown, crop=pixels.CARD)
    of_text = Q(image__in=within, crop=pixels.FULL)
    told = Q(image__in=own, crop__in=TOLD)
    rows = Rendition.objects.filter(image__in=Image.objects.at(t).filter(pk__in=asked))
    return _with_images(rows.filter(plain | of_some | of_text | told))


def look_up_for_programs(t: datetime, shown: Iterable[int], within: Iterable[int]) -> Pictures:
    """Look up what leaves the site at t, in the one format that every program reads.

    `shown` are the images of stories themselves, `within` those of their texts. The addresses
    are absolute.
    """
    own, of_texts = set(shown), set(within)
    if not own | of_texts:
        return Pictures({})
    rows = _for_programs(t, own | of_texts, own, of_texts)
    return _known(rows, lambda name: absolute(path_of(name)))


@prepared
def _for_programs(
    t: datetime, asked: Collection[int], own: Collection[int], of_texts: Collection[int]
) -> QuerySet[Rendition, tuple]:
    full = Q(image__in=of_texts, crop=pixels.FULL)
    of_story = Q(image__in=own, crop=pixels.CARD)
    smallest = Q(image__in=own, crop=pixels.FULL, width__lte=_SMALLEST)
    rows = Rendition.objects.filter(
        full | of_story | smallest,
        image__in=Image.objects.at(t).filter(pk__in=asked),
        format=pixels.JPEG,
    )
    return _with_images(rows)


def _with_images(rows: QuerySet[Rendition]) -> QuerySet[Rendition, tuple]:
    of_image = ("image", "image__alt", "image__caption", "image__credit")
    return rows.order_by("width").values_list(*of_image, *_OF_FILE)


def _known(rows: Iterable[tuple], address: Address) -> Pictures:
    known: dict[int, _Known] = {}
    for image, alt, caption, credit, crop, form, name, *size in rows:
        kept = known.setdefault(image, _Known(alt, caption, credit, {}))
        kept.files.setdefault((crop, form), []).append(File(address(name), *size))
    return Pictures(known)


def _srcset(files: Iterable[File]) -> str:
    return ", ".join(f"{file.path} {file.width}w" for file in files)
