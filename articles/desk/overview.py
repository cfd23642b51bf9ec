"""A story's two states in one glance: where it is on the desk, and what readers see of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from articles.desk import rights
from articles.desk.rights import Actor
from articles.models import Article, Publication, state_after
from articles.moments import newsroom_zone
from articles.states import VERBS, PublicState, possible


@dataclass(frozen=True)
class Overview:
    """What the desk is told of a story at a moment."""

    article: Article
    state: PublicState
    live: Publication | None
    pending: list[Publication]
    unpublished: int  # saves since the version that readers see

    @property
    def words(self) -> str:
        """Both states as one line: “in review · live, 3 unpublished changes”."""
        return f"{self.article.get_status_display()} · {self._public_words()}"

    def _public_words(self) -> str:
        said = [str(self.state.label)]
        if self.live and self.unpublished:
            said.append(
                ngettext("%(n)d unpublished change", "%(n)d unpublished changes", self.unpublished)
                % {"n": self.unpublished}
            )
        if self.live and self.live.ends_at and not self.pending:
            said.append(_("ends %(when)s") % {"when": in_newsroom_time(self.live.ends_at)})
        for version in self.pending:
            said.append(_coming(version.starts_at, is_live=self.live is not None))
        return ", ".join(said)


def overview(article: Article, t: datetime) -> Overview:
    """Return what the desk is told of a story at a moment."""
    story = Publication.objects.filter(article=article)
    line = Publication.objects.line(article.pk, t)
    live = next((row for row in line if row.starts_at <= t and not row.withheld), None)
    newest = live or story.filter(starts_at__lte=t).order_by("-starts_at", "-pk").first()
    return Overview(
        article,
        state_after(newest, t),
        live,
        [row for row in line if row.starts_at > t],
        article.version - live.revision if live else 0,
    )


def verbs(seen: Overview, by: Actor) -> list[str]:
    """The press verbs that the story's state allows and that the actor may do."""
    sections = {seen.article.section_id, *(row.section_id for row in seen.pending)}
    if seen.live:
        sections.add(seen.live.section_id)
    return [
        name
        for name in possible(seen.state, pending=bool(seen.pending))
        if rights.may(by, VERBS[name].permission, sections)
    ]


class WithPublicState(Protocol):
    """A story of with_public_state: its newest version that has begun, and the next start."""

    newest_start: datetime | None
    newest_end: datetime | None
    newest_ends_as: str | None
    next_start: datetime | None


def with_public_state(stories: QuerySet[Article], t: datetime) -> QuerySet[Article]:
    """Annotate stories with what WithPublicState names, each one look at an index."""
    versions = Publication.objects.filter(article=OuterRef("pk")).order_by("-starts_at", "-pk")
    begun = versions.filter(starts_at__lte=t)
    coming = versions.filter(starts_at__gt=t).order_by("starts_at")
    return stories.annotate(
        newest_end=Subquery(begun.values("ends_at")[:1]),
        newest_ends_as=Subquery(begun.values("ends_as")[:1]),
        newest_start=Subquery(begun.values("starts_at")[:1]),
        next_start=Subquery(coming.values("starts_at")[:1]),
    )


def public_state_of(story: WithPublicState, t: datetime) -> str:
    """The public state of a story annotated by with_public_state, in words."""
    newest = (
        Publication(
            starts_at=story.newest_start,
            ends_at=story.newest_end,
            ends_as=story.newest_ends_as or "",
        )
        if story.newest_start
        else None
    )
    state = state_after(newest, t)
    said = [str(state.label)]
    if start := story.next_start:
        said.append(_coming(start, is_live=state == PublicState.LIVE))
    return ", ".join(said)


def _coming(start: datetime, *, is_live: bool) -> str:
    when = {"when": in_newsroom_time(start)}
    return (_("changes %(when)s") if is_live else _("goes live %(when)s")) % when


def in_newsroom_time(moment: datetime) -> str:
    """A moment as editors read it: day and time in the newsroom's zone."""
    return date_format(moment.astimezone(newsroom_zone()), pgettext("date format", "j M Y, H:i"))
