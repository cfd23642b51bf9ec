"""A story as a ninjs 3.2 document (IPTC, "News in JSON"): what each of its words is called there.

Of the properties that the standard names, these alone are used; any other is invalid in it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from articles import body, pixels
from articles.models import ListKind, Publication
from articles.pages import figures
from articles.pages.figures import Picture, Pictures
from articles.pages.identity import absolute, picture_uri, story_uri
from articles.pages.names import Name, Names
from articles.pages.notes import PublicNote
from articles.states import PublicState

Document = dict[str, Any]

_STANDARD = {
    "name": "ninjs",
    "version": "3.2",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.2.json#",
}
_CORRECTIONS_POLICY = "http://cv.iptc.org/newscodes/trustindicator/correctionsPolicy"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def whole(
    story: Publication,
    known: Names,
    pictures: Pictures,
    *,
    also_read: Sequence[Publication] = (),
    notes: Sequence[PublicNote] = (),
) -> Document:
    """Return a story with its text and pictures, as its page shows it."""
    short = brief(story, known, pictures)
    document = {
        **short,
        "representationType": "full",
        "descriptions": [
            *_described("standfirst", story.text.standfirst),
            *_described("excerpt", story.excerpt),
        ],
        "bodies": _bodies(story, pictures),
        "associations": [
            *short.get("associations", ()),
            *(_pictured(each, "picture") for each in pictures.within(story.text.body)),
            *(_associated(other) for other in also_read),
        ],
        "edNote": "\n\n".join(map(_note, notes)),
        "trustIndicators": [
            {
                "role": _CORRECTIONS_POLICY,
                "title": _("Corrections"),
                "href": absolute(reverse("corrections")),
            }
        ],
    }
    return _without_empty(document)


def brief(story: Publication, known: Names, pictures: Pictures) -> Document:
    """Return a story as a list shows it, without what is long."""
    picture = pictures.main(story)
    authors = known.of(ListKind.AUTHOR, story.authors)
    document = {
        "standard": _STANDARD,
        "uri": story_uri(story.article_id),
        "type": "text",
        "representationType": "partial",
        **_version(story.starts_at),
        "firstCreated": _moment(story.first_published_at),
        "pubStatus": "usable",
        "language": settings.LANGUAGE_CODE,
        "copyrightHolder": settings.SITE_NAME,
        "headlines": _headlines(story),
        "descriptions": [*_described("excerpt", story.excerpt)],
        "located": story.dateline,
        "genres": [{"name": str(story.kind)}],
        # The paper signs where no author does, as on the story's page.
        "by": get_text_list([name.name for name in authors], _("and")) or settings.SITE_NAME,
        "people": [_named(name, "author") for name in authors],
        "infoSources": [{"name": settings.SITE_NAME, "uri": absolute("/")}],
        "subjects": [
            _named(known.sections[story.section_id], "section"),
            *(_named(name, "tag") for name in known.of(ListKind.TAG, story.tags)),
        ],
        "altIds": [{"role": "story", "value": str(story.article_id)}],
        "renditions": _addresses(story),
        "associations": [_pictured(picture, "mainPicture")] if picture else [],
    }
    return _without_empty(document)


def stub(newest: Publication, state: PublicState) -> Document:
    """Return what is left of a story that ended: that it did, and when. Not a word of it.

    An expired one is canceled as well: whoever holds a copy may show it no more than the paper
    does. That it `expires` says that its end was meant, and nothing was wrong with it.
    """
    ended = newest.ends_at or newest.starts_at
    return _without_empty(
        {
            "uri": story_uri(newest.article_id),
            **_version(ended),
            "pubStatus": "canceled",
            "expires": _moment(ended) if state == PublicState.EXPIRED else "",
        }
    )


def _version(since: datetime) -> Mapping[str, str]:
    """Which version it is, and since when: from the moment readers got it.

    Not `updated_at`, which a clarification leaves as it was: the standard asks when this version
    of the object came to be, and a client finds a change by it. The number is that moment in
    microseconds since 1970 (a double holds it exactly): a later version has a larger one, and
    it does not say how many there were that nobody saw.
    """
    return {
        "version": str((since - _EPOCH) // _MICROSECOND),
        "versionCreated": _moment(since),
    }


def _moment(moment: datetime) -> str:
    """A moment as RFC 3339 writes it in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _headlines(story: Publication) -> list[Mapping[str, str]]:
    return [{"role": "main", "contentType": "text/plain", "value": story.headline}]


def _described(role: str, words: str) -> list[Mapping[str, str]]:
    return [{"role": role, "contentType": "text/plain", "value": words}] if words else []


def _bodies(story: Publication, pictures: Pictures) -> list[Mapping[str, Any]]:
    """The text with and without its markup and pictures, if there is any.

    A pull quote is a figure that repeats what the text says: the plain one does without it, and
    the standard counts none (“excluding figure captions”).
    """
    plain = body.opening(body.without_pictures(story.text.body))
    if not plain:
        return []
    counts = {"charCount": len(plain), "wordCount": len(plain.split())}
    linked = body.absolute(story.text.body, absolute(story.path))
    marked_up = figures.in_text_elsewhere(linked, pictures)
    return [
        {"role": "main", "contentType": "text/html", **counts, "value": marked_up},
        {"role": "main", "contentType": "text/plain", **counts, "value": plain},
    ]


def _named(name: Name, rel: str) -> Mapping[str, str]:
    return {"name": name.name, "rel": rel, "uri": absolute(name.path)}


def _addresses(story: Publication) -> list[Mapping[str, str]]:
    """Where the story is to be had: its page, and the whole of this document."""
    document = reverse("api_story", args=[story.article_id])
    return [
        {"name": "page", "contentType": "text/html", "href": absolute(story.path)},
        {"name": "ninjs", "contentType": "application/json", "href": absolute(document)},
    ]


def _pictured(picture: Picture, rel: str) -> Document:
    """A picture as a news object of its own. The standard knows no credit line: `by` is “a
    natural-language statement about the creator”."""
    return _without_empty(
        {
            "name": picture.alt,
            "rel": rel,
            "uri": picture_uri(picture.image),
            "type": "picture",
            "descriptions": [
                *_described("caption", picture.caption),
                *_described("altText", picture.alt),
            ],
            "by": picture.credit,
            "renditions": [
                {
                    "name": f"{file.width}w",
                    "contentType": f"image/{pixels.JPEG}",
                    "href": file.path,
                    "width": file.width,
                    "height": file.height,
                    "sizeInBytes": file.bytes,
                }
                for file in picture.files
            ],
        }
    )


def _associated(other: Publication) -> Document:
    return {
        "name": other.headline,
        "rel": "alsoRead",
        "uri": story_uri(other.article_id),
        "type": "text",
        "representationType": "partial",
        "headlines": _headlines(other),
        "renditions": _addresses(other),
    }


def _note(note: PublicNote) -> str:
    return f"{note.kind}, {_moment(note.since)}: {note.words}"


def _without_empty(document: Document) -> Document:
    return {key: value for key, value in document.items() if value}
