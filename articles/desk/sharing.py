"""Share links: one person outside reads one revision, until a moment, and never a forbidden story.

Nobody but that person knows the address: the site keeps a digest of its token. Whether a link
opens is decided when it is asked for, so what keeps a story in (a hold, an embargo, a takedown)
closes its links in the same moment, and opens them again when it ends.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import audit, proof, rights, workflow
from articles.desk.rights import Actor
from articles.models import (
    Article,
    Move,
    Publication,
    Revision,
    ShareLink,
    ShareView,
    state_after,
)
from articles.moments import in_newsroom_words
from articles.states import VERBS, DeskStatus, PublicState, Standing, Verb

LONGEST = timedelta(days=30)  # that a link opens
LINKS_LISTED, VIEWS_LISTED = 100, 10  # of a story, of a link; the newest

# A link is a way out of the house as publishing is one: where that cannot be done, nor can this.
WAY_OUT = Verb(
    gettext_lazy("Share"),
    "articles.share_article",
    public=VERBS["publish"].public,
    goes_out=True,
    is_press=False,
)
_NEWEST = ("starts_at", "ends_at", "ends_as", "withheld")  # of the version that says the state


def share(
    article_id: int, *, revision: int, person: str, expires_at: datetime, by: Actor, now: datetime
) -> tuple[ShareLink, str]:
    """Let a person read a revision until a moment; return the link and its token.

    The token is in no row of the database, and cannot be had again. Raises PermissionDenied, or
    ValidationError with a sentence a field.
    """
    with transaction.atomic():
        # First of all, so that an erasure at this moment either finds the link or forbids it.
        Article.objects.filter(pk=article_id).update(version=F("version"))
        article = Article.objects.get(pk=article_id)
        page = proof.proof(article_id, revision, now=now)  # or there is none to be read
        rights.require(by, WAY_OUT.permission, [article.section_id, page.section_id])
        if forbidden := obstacle(article, now):
            raise ValidationError(forbidden)
        _require_expiry(expires_at, now)
        link, token = _made(article, revision, person, expires_at, by, now)
        # What was shown outside can be looked at as long as the story can.
        Revision.objects.filter(article=article_id, number=revision).update(stays=True)
        _record("share", link, by, now, expires=expires_at.isoformat())
    return link, token


def revoke(link_id: int, *, by: Actor, now: datetime) -> ShareLink:
    """Close a link for good.

    Raises PermissionDenied, or ValidationError where it was revoked already.
    """
    with transaction.atomic():
        swapped = ShareLink.objects.filter(pk=link_id, revoked_at=None).update(revoked_at=now)
        link = ShareLink.objects.select_related("article").get(pk=link_id)
        rights.require(by, WAY_OUT.permission, [link.article.section_id])
        if not swapped:
            raise ValidationError(_revoked_already(link))
        _record("revoke_share", link, by, now)
    return link


def opened(token: str, *, agent: str, now: datetime) -> ShareLink | None:
    """Return the link that a token opens, and note that it was read; None when it opens none."""
    link = living(token, now=now)
    if link:
        ShareView.objects.create(link=link, at=now, agent=_printable(agent))
    return link


def living(token: str, *, now: datetime) -> ShareLink | None:
    """Return the link that a token opens, or None: the same work for every token."""
    links = _with_state(ShareLink.objects.select_related("article").defer("article__body"), now)
    link: Any = links.filter(digest=_digest(token)).first()
    if link is None or link.revoked_at or link.expires_at <= now:
        return None
    newest = {name: getattr(link, f"newest_{name}") for name in _NEWEST}
    is_public = newest["starts_at"] is not None
    state = state_after(Publication(**newest) if is_public else None, now)
    return None if _forbidden(link.article, state, now) else link


def obstacle(article: Article, now: datetime) -> str:
    """Why nothing of a story may be shown outside now, as a sentence; empty: it may."""
    begun = Publication.objects.filter(article=article, starts_at__lte=now)
    newest = begun.order_by("-starts_at", "-pk").first()
    return _forbidden(article, state_after(newest, now), now)


def links_of(article: Article) -> QuerySet[ShareLink]:
    """A story's links, newest first, each with its `view_count` and `newest_views`."""
    newest = ShareView.objects.order_by("-pk")[:VIEWS_LISTED]
    links = article.share_links.order_by("-pk").annotate(view_count=Count("views"))
    return links.prefetch_related(Prefetch("views", newest, to_attr="newest_views"))[:LINKS_LISTED]


def banner(link: ShareLink, now: datetime) -> str:
    """What stands above the shared page: for whom it is, what it is not, and until when."""
    words = {"person": link.person, "end": in_newsroom_words(link.expires_at)}
    shown = Publication.objects.at(now).filter(article=link.article_id, revision=link.revision)
    if shown.exists():
        return _("Shared with %(person)s only. Published since. Ends %(end)s.") % words
    return (
        _("Shared with %(person)s only. Not published; please do not pass it on. Ends %(end)s.")
        % words
    )


def _forbidden(article: Article, state: PublicState, now: datetime) -> str:
    standing = Standing(
        desk=DeskStatus(article.status),
        public=state,
        is_held=article.held,
        is_erased=article.erased,
    )
    if not standing.allows(WAY_OUT):
        return workflow.refusal(WAY_OUT, standing)
    if article.embargo and article.embargo > now:
        return _(
            "This story is under embargo until %(until)s. Nothing of it goes out before, not "
            "even to one person; a managing editor can break the embargo."
        ) % {"until": in_newsroom_words(article.embargo)}
    return ""


def _with_state(links: Any, now: datetime) -> Any:
    """Annotate links with what says the public state of their story."""
    begun = Publication.objects.filter(article=OuterRef("article"), starts_at__lte=now)
    newest = begun.order_by("-starts_at", "-pk")
    return links.annotate(
        **{f"newest_{name}": Subquery(newest.values(name)[:1]) for name in _NEWEST}
    )


def _made(
    article: Article, revision: int, person: str, expires_at: datetime, by: Actor, now: datetime
) -> tuple[ShareLink, str]:
    if not person.strip():
        raise ValidationError({"person": _("Say who will read it; the name stands on the page.")})
    token = secrets.token_urlsafe(32)
    link = ShareLink(
        article=article,
        revision=revision,
        person=person,
        digest=_digest(token),
        by_id=by.pk,
        by_name=str(by)[:120],
        at=now,
        expires_at=expires_at,
    )
    link.clean_fields(exclude=["article", "by", "revoked_at"])
    link.save(force_insert=True)
    return link, token


def _require_expiry(expires_at: datetime, now: datetime) -> None:
    if expires_at <= now:
        raise ValidationError({"expires_at": _("That moment has passed. Pick one in the future.")})
    if expires_at > now + LONGEST:
        raise ValidationError(
            {
                "expires_at": _("A link opens for %(days)d days at most. Pick an earlier moment.")
                % {"days": LONGEST.days}
            }
        )


def _record(verb: str, link: ShareLink, by: Actor, now: datetime, **details: str) -> None:
    audit.record(
        verb,
        by=by,
        at=now,
        subject=link.article.headline,
        article=link.article,
        revision=link.revision,
        details={"link": link.pk, "person": link.person, **details},
    )


def _revoked_already(link: ShareLink) -> str:
    words = {"person": link.person}
    for move in Move.objects.filter(article=link.article_id, verb="revoke_share").order_by("-pk"):
        if move.details.get("link") == link.pk:
            return _("%(who)s revoked %(person)s’s link already, on %(when)s.") % {
                **words,
                "who": move.by_name,
                "when": in_newsroom_words(move.at),
            }
    return _("%(person)s’s link was revoked already.") % words


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _printable(agent: str) -> str:
    """What a browser calls itself, of which nothing can be taken for granted."""
    return "".join(character for character in agent if character.isprintable())[:200]
