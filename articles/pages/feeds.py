"""Which lists are feeds, at which addresses, and what stands in one: the stories of its page.

A story’s id in a feed is its identifier outside the site (identity.py) and not its address: with
another slug or section, feed readers would show the story as a new one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext as _

from articles import body, text
from articles.models import Author, ListKind, Publication, PublicationText, Section, Tag
from articles.pages import cards, feed_atom, feed_json, feed_rss, figures, names
from articles.pages.feed_items import Entry, Feed, Linked
from articles.pages.figures import Picture, Pictures
from articles.pages.identity import absolute, story_uri, tag_uri
from articles.pages.names import Name, Names

_KINDS: dict[ListKind, type[Section | Author | Tag]] = {
    ListKind.SECTION: Section,
    ListKind.AUTHOR: Author,
    ListKind.TAG: Tag,
}


@dataclass(frozen=True)
class Format:
    """A way in which every list can be had as a feed."""

    file: str  # the last part of its address
    name: str
    mime: str
    write: Callable[[Feed], bytes]
    is_full: bool  # whether the whole stories stand in it, or their summaries


_WRITERS = (
    ("rss", "xml", "RSS", feed_rss.MIME, feed_rss.write),
    ("atom", "xml", "Atom", feed_atom.MIME, feed_atom.write),
    ("feed", "json", "JSON Feed", feed_json.MIME, feed_json.write),
)
FULL = [
    Format(f"{stem}.{ending}", name, mime, write, is_full=True)
    for stem, ending, name, mime, write in _WRITERS
]
EXCERPTS = [
    Format(f"{stem}-excerpts.{ending}", name, mime, write, is_full=False)
    for stem, ending, name, mime, write in _WRITERS
]
FORMATS = {form.file: form for form in (*FULL, *EXCERPTS)}


class FormatConverter:
    """A format in an address."""

    regex = "|".join(re.escape(file) for file in FORMATS)

    def to_python(self, value: str) -> Format:
        return FORMATS[value]

    def to_url(self, form: Format) -> str:
        return form.file


@dataclass(frozen=True)
class Listed:
    """A list that can be had as a feed."""

    kind: ListKind
    what: int
    path: str  # of its page
    title: str
    description: str

    def address(self, form: Format) -> str:
        """The path of the list as a feed."""
        return f"{self.path}{form.file}"


@dataclass(frozen=True)
class Alternate:
    """A feed as a page's head names it, so that a reader's program finds it."""

    title: str
    mime: str
    url: str


def site() -> Listed:
    """All stories of the paper."""
    description = _("News from the world and the nation, told plainly.")
    return Listed(ListKind.ALL, 0, "/", settings.SITE_NAME, description)


def of(found: Section | Author | Tag) -> Listed:
    """The stories of a section, author or tag."""
    kind = ListKind(type(found).__name__.lower())
    about = getattr(found, "description", "") or getattr(found, "bio", "")
    title = f"{found.name} | {settings.SITE_NAME}"
    return Listed(kind, found.pk, found.get_absolute_url(), title, text.description(about).words)


def alternates(*lists: Listed) -> list[Alternate]:
    """The feeds of some lists, for a page's head."""
    return [
        Alternate(f"{listed.title} ({form.name})", form.mime, absolute(listed.address(form)))
        for listed in lists
        for form in FULL
    ]


def stories_of(listed: Listed, t: datetime) -> list[Publication] | None:
    """The stories of the first page of a list at t; None while it has no page, and so no feed."""
    stories = cards.newest(listed.kind, listed.what, t, most=cards.STORIES_A_PAGE)
    return stories if stories or listed.kind == ListKind.ALL else None


def etag(content: bytes) -> str:
    """The strong validator of a feed (RFC 9110, section 8.8.3): of its bytes and nothing else."""
    return f'"{sha256(content).hexdigest()[:32]}"'


def etags(kind: ListKind, what: int, t: datetime) -> dict[str, str]:
    """The ETag of every feed of a list at t, by its path; empty of one that is not there."""
    if kind == ListKind.ALL:
        listed = site()
    elif found := _KINDS[kind].objects.filter(pk=what).first():
        listed = of(found)
    else:
        return {}
    stories = stories_of(listed, t)
    return {
        listed.address(form): ""
        if stories is None
        else etag(form.write(read(listed, stories, t, form)))
        for form in FORMATS.values()
    }


def read(listed: Listed, stories: Sequence[Publication], t: datetime, form: Format) -> Feed:
    """Return a list's stories as a feed, in their order: two queries for any number of them, and
    one more where they have pictures."""
    known = names.look_up(
        t,
        authors={pk for story in stories for pk in story.authors},
        tags={pk for story in stories for pk in story.tags},
    )
    texts = _texts(stories, form)
    pictures = figures.look_up_for_programs(
        t,
        [story.picture for story in stories if story.picture],
        [pk for _lead, html in texts.values() for pk in body.pictures(html)],
    )
    return Feed(
        id=tag_uri(f"{'feed' if form.is_full else 'excerpts'}/{listed.kind}/{listed.what}"),
        title=listed.title,
        description=listed.description or listed.title,
        url=absolute(listed.path),
        self_url=absolute(listed.address(form)),
        language=settings.LANGUAGE_CODE,
        hub=settings.WEBSUB_HUB,
        paper=Linked(settings.SITE_NAME, absolute("/")),
        entries=[_entry(story, *texts[story.pk], known, pictures) for story in stories],
    )


def _texts(stories: Sequence[Publication], form: Format) -> dict[int, tuple[str, str]]:
    """The standfirst and the body of each story; of summaries no body is read."""
    rows = PublicationText.objects.filter(pk__in=[story.pk for story in stories])
    if form.is_full:
        return {pk: (lead, html) for pk, lead, html in rows.values_list("pk", "standfirst", "body")}
    return {pk: (lead, "") for pk, lead in rows.values_list("pk", "standfirst")}


def _entry(
    story: Publication, standfirst: str, html: str, known: Names, pictures: Pictures
) -> Entry:
    url = absolute(story.path)
    section = known.sections[story.section_id]
    picture = pictures.main(story)
    return Entry(
        id=story_uri(story.article_id),
        url=url,
        title=story.headline,
        summary=standfirst or story.excerpt,
        content=_content(standfirst, picture, html, url, pictures) if html else "",
        published=story.first_published_at,
        updated=story.updated_at,
        authors=_linked(known.of(ListKind.AUTHOR, story.authors)),
        subjects=_linked([section, *known.of(ListKind.TAG, story.tags)]),
        picture=picture,
    )


def _content(
    standfirst: str, picture: Picture | None, html: str, url: str, pictures: Pictures
) -> str:
    """The whole story in the order of its page. Programs that show its picture by themselves
    know it by the address."""
    lead = f"<p>{escape(standfirst)}</p>\n" if standfirst else ""
    shown = f"{figures.plain_markup(picture)}\n" if picture else ""
    return lead + shown + figures.in_text_elsewhere(body.absolute(html, url), pictures)


def _linked(found: Sequence[Name]) -> list[Linked]:
    return [Linked(name.name, absolute(name.path)) for name in found]
