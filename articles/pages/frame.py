"""What stands around every page: the paper's name, its sections, the day, and the page's head."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from articles.pages.names import Name, Names
from articles.pages.relative_time import words_for_script

# The wordmark is drawn for the demo paper; another paper's name is set in type.
DRAWN_NAME = "The Meridian"


@dataclass(frozen=True)
class Frame:
    """The site around a page, for templates."""

    site_name: str
    name_is_drawn: bool
    language: str
    moment: datetime
    navigation: list[Name]
    words: str  # of the relative times, for the script
    title: str  # empty on the home page
    description: str
    canonical: str  # the page's one address, on SITE_URL
    section: str  # the slug of the section whose colour the page bears


def render(
    request: HttpRequest,
    template: str,
    context: dict[str, object],
    *,
    names: Names,
    moment: datetime,
    title: str = "",
    description: str = "",
    path: str = "",
    section: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a public page with holes for its labels; the middleware fills them as it is served."""
    frame = Frame(
        site_name=settings.SITE_NAME,
        name_is_drawn=settings.SITE_NAME == DRAWN_NAME,
        language=get_language() or settings.LANGUAGE_CODE,
        moment=moment,
        navigation=names.navigation,
        words=words_for_script(),
        title=title,
        description=description,
        canonical=f"{settings.SITE_URL}{path}" if path else "",
        section=section,
    )
    # Without the request: a public page depends on nothing that a reader sends.
    response = HttpResponse(render_to_string(template, {"frame": frame, **context}), status=status)
    # For holes.fill_response, which leaves every other response alone.
    response.has_holes = True  # type: ignore[attr-defined]
    return response
