"""What a page says of itself to machines: JSON-LD (schema.org), and Open Graph for who shares it.

Everything told stands on the page as well: the same headline, authors, times and corrections.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString

from articles import body
from articles.kinds import StoryKind
from articles.models import Author, Publication, Section, Tag
from articles.moments import newsroom_zone
from articles.pages.figures import Picture
from articles.pages.identity import absolute
from articles.pages.names import Name, Names
from articles.pages.notes import PublicNote
from articles.states import Change

Node = dict[str, Any]

# Google's type first, then schema.org's own for the kind of article.
_TYPES = {
    StoryKind.NEWS: ["NewsArticle", "ReportageNewsArticle"],
    StoryKind.ANALYSIS: ["NewsArticle", "AnalysisNewsArticle"],
    StoryKind.OPINION: ["NewsArticle", "OpinionNewsArticle"],
    StoryKind.REVIEW: ["NewsArticle", "ReviewNewsArticle"],
    StoryKind.EXPLAINER: ["NewsArticle", "BackgroundNewsArticle"],
}
# Which property of a NewsMediaOrganization a page of the site is, by its slug.
_POLICIES = {
    "about": "publishingPrinciples",
    "policies": "publishingPrinciples",
    "ethics-policy": "ethicsPolicy",
    "corrections-policy": "correctionsPolicy",
    "diversity-policy": "diversityPolicy",
    "diversity-report": "diversityStaffingReport",
    "coverage-priorities": "missionCoveragePrioritiesPolicy",
    "ownership": "ownershipFundingInfo",
    "fact-checking": "verificationFactCheckingPolicy",
    "unnamed-sources": "unnamedSourcesPolicy",
    "no-bylines": "noBylinesPolicy",
    "masthead": "masthead",
    "feedback": "actionableFeedbackPolicy",
}
LOGO = "site/icon-512.png"


@dataclass(frozen=True)
class Told:
    """What a page adds to what every page tells."""

    kind: str = "website"  # Open Graph's type
    nodes: list[Node] = field(default_factory=list)
    open_graph: list[tuple[str, str]] = field(default_factory=list)
    crumbs: Sequence[Name] = ()  # the way to the page, from below the home page


NOTHING_MORE = Told()


def exact(moment: datetime) -> str:
    """A moment as the page's <time> says it: ISO 8601 with the newsroom's offset, to the second."""
    return moment.astimezone(newsroom_zone()).isoformat(timespec="seconds")


def of_story(
    story: Publication,
    known: Names,
    notes: Iterable[PublicNote],
    *,
    words: int,
    picture: Picture | None = None,
) -> Told:
    """What a story's page tells; `words` is how long its text is."""
    section = known.sections[story.section_id]
    published, updated = exact(story.first_published_at), exact(story.updated_at)
    node: Node = {
        "@type": _TYPES[StoryKind(story.kind)],
        "@id": absolute(f"{story.path}#story"),
        "mainEntityOfPage": absolute(story.path),
        "headline": story.headline,
        "description": story.text.standfirst or story.excerpt,
        "image": _images(picture),
        "datePublished": published,
        "dateModified": updated,
        "author": [_person(author) for author in known.authors] or [_publisher_itself()],
        "publisher": _publisher_itself(),
        "articleSection": section.name,
        "keywords": [tag.name for tag in known.tags],
        "wordCount": words,
        "inLanguage": settings.LANGUAGE_CODE,
        "isAccessibleForFree": True,
        "dateline": story.dateline,
        "correction": [_correction(note) for note in notes if note.change in _CORRECTIONS],
    }
    open_graph = [
        ("article:published_time", published),
        ("article:modified_time", updated),
        ("article:section", section.name),
        *(("article:author", absolute(author.path)) for author in known.authors),
        *(("article:tag", tag.name) for tag in known.tags),
        *_card(picture),
    ]
    here = Name(story.headline, "", story.path)
    return Told("article", [_without_blanks(node)], open_graph, [section, here])


def of_list(what: Section | Author | Tag) -> Told:
    """What the page of a section, author or tag tells."""
    here = Name(what.name, what.slug, what.get_absolute_url())
    if not isinstance(what, Author):
        page = {"@type": "CollectionPage", "name": here.name, "url": absolute(here.path)}
        return Told(nodes=[page], crumbs=[here])
    author = replace(here, job_title=what.job_title, bio=what.bio, links=what.links)
    person = {**_person(author), "description": what.bio, "email": what.email}
    profile = {"@type": "ProfilePage", "mainEntity": _without_blanks(person)}
    return Told("profile", [profile], crumbs=[here])


def of_home() -> Told:
    """What the home page tells: the site."""
    site = {
        "@type": "WebSite",
        "@id": absolute("/#site"),
        "url": absolute("/"),
        "name": settings.SITE_NAME,
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": _publisher_itself(),
    }
    return Told(nodes=[site])


def json_ld(told: Told, pages: Iterable[Name]) -> SafeString:
    """Return the graph of a page, fit for the inside of a script element.

    `pages` are the public pages of the site, of which some are the paper's policies.
    """
    nodes = [_publisher(pages), *told.nodes]
    if told.crumbs:
        nodes.append(_breadcrumbs(told.crumbs))
    return body.script_data({"@context": "https://schema.org", "@graph": nodes})


def _images(picture: Picture | None) -> list[Node]:
    """A picture in the shapes that search engines ask for, each with who made it."""
    if picture is None:
        return []
    return [
        _without_blanks(
            {
                "@type": "ImageObject",
                "url": absolute(file.path),
                "width": file.width,
                "height": file.height,
                "caption": picture.caption,
                "creditText": picture.credit,
            }
        )
        for file in picture.told or [picture.largest]
    ]


def _card(picture: Picture | None) -> list[tuple[str, str]]:
    """The picture of a card that is shared (ogp.me)."""
    if picture is None:
        return []
    file = next(iter(picture.told), picture.largest)
    return [
        ("og:image", absolute(file.path)),
        ("og:image:width", str(file.width)),
        ("og:image:height", str(file.height)),
        ("og:image:alt", picture.alt),
    ]


_CORRECTIONS = (Change.CORRECTION, Change.CLARIFICATION)


def _publisher_itself() -> Node:
    return {
        "@type": "NewsMediaOrganization",
        "@id": absolute("/#publisher"),
        "name": settings.SITE_NAME,
        "url": absolute("/"),
    }


def _publisher(pages: Iterable[Name]) -> Node:
    policies = {"correctionsPolicy": absolute("/corrections/")}
    contact: Node = {}
    for page in pages:
        if page.slug in _POLICIES:
            policies[_POLICIES[page.slug]] = absolute(page.path)
        if page.slug == "contact":
            point = {"@type": "ContactPoint", "contactType": "newsroom"}
            contact = {"contactPoint": {**point, "url": absolute(page.path)}}
    logo = {"@type": "ImageObject", "url": absolute(static(LOGO)), "width": 512, "height": 512}
    return {**_publisher_itself(), "logo": logo, **policies, **contact}


def _person(author: Name) -> Node:
    return _without_blanks(
        {
            "@type": "Person",
            "name": author.name,
            "url": absolute(author.path),
            "jobTitle": author.job_title,
            "sameAs": author.links.split(),
        }
    )


def _correction(note: PublicNote) -> Node:
    return {
        "@type": "CorrectionComment",
        "text": note.words,
        "datePublished": exact(note.since),
    }


def _breadcrumbs(crumbs: Sequence[Name]) -> Node:
    steps = [Name(settings.SITE_NAME, "", "/"), *crumbs]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": step.name, "item": absolute(step.path)}
            for place, step in enumerate(steps, start=1)
        ],
    }


def _without_blanks(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in ("", [], None)}
