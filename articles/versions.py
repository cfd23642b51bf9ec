"""The door to a story's version history: what changed, told by the readers' wing and compared by
the desk's."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import body
from articles.desk import compare, reading
from articles.desk.reading import Passage
from articles.models import Publication
from articles.moments import moment_of
from articles.pages import names, versions, views
from articles.pages.frame import render
from articles.pages.versions import Pair


@dataclass(frozen=True)
class Difference:
    """What differs between two versions, with <ins> and <del>; a line that is the same is empty."""

    headline: SafeString
    standfirst: SafeString
    passages: list[Passage]

    @property
    def is_seen(self) -> bool:
        """Whether any of it is something that a reader sees."""
        changed = any(passage.label for passage in self.passages)
        return bool(self.headline or self.standfirst) or changed


@require_safe
def history(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    live, t = views.live_at(request, f"/{section}/{slug}/", below="versions/"), moment_of(request)
    if isinstance(live, HttpResponse):
        return live
    before = request.GET.get("before")
    page = versions.page(live, t, before)
    here = page.shown_here
    lines = [
        {
            "version": version,
            "difference": difference(version.pair)
            if version.pair and version.number in here
            else None,
        }
        for version in page.versions
    ]
    context = {"of": page, "lines": lines, "older": page.older, "is_first": before is None}
    path = page.path + (f"?before={before}" if before else "")
    return _page(request, "pages/versions.html", live, context, path)


@require_safe
def version(request: HttpRequest, section: str, slug: str, number: int) -> HttpResponse:
    below = f"versions/{number}/"
    live, t = views.live_at(request, f"/{section}/{slug}/", below=below), moment_of(request)
    if isinstance(live, HttpResponse):
        return live
    found, pair = versions.one(live, t, number)
    context = {"version": found, "difference": difference(pair)}
    return _page(request, "pages/version.html", live, context, f"{live.path}{below}")


def difference(pair: Pair) -> Difference:
    """What differs between the texts of two versions, read out as well as seen."""
    before, after = pair.before, pair.after
    # A caption goes with its picture, which may be withdrawn without the story.
    was, becomes = (body.without_pictures(side.text.body) for side in (before, after))
    return Difference(
        _line(before.headline, after.headline),
        _line(before.text.standfirst, after.text.standfirst),
        list(reading.passages(compare.blocks(was, becomes))),
    )


def _line(before: str, after: str) -> SafeString:
    if before == after:
        return SafeString()
    return compare.spoken(compare.line(before, after))


def _page(
    request: HttpRequest, template: str, live: Publication, context: dict[str, object], path: str
) -> HttpResponse:
    t = moment_of(request)
    known = names.look_up(t)
    section = known.sections[live.section_id]
    page = render(
        request,
        template,
        {"story": live, "section": section, **context},
        names=known,
        moment=t,
        shown=[live],
        title=_("Version history: %(headline)s") % {"headline": live.headline},
        path=path,
        section=section.slug,
    )
    # What was wrong is not to be found by who searches for what is right.
    page["X-Robots-Tag"] = "noindex"
    return page
