"""A story's steps on the desk: the one place where its desk status changes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NoReturn

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.desk import audit, checks, notices, rights
from articles.desk.revisions import Stale
from articles.desk.rights import Actor
from articles.models import Article, Move
from articles.moments import in_newsroom_words
from articles.states import VERBS, Needs, PublicState, Standing, Verb


def take(
    name: str,
    article_id: int,
    *,
    by: Actor,
    now: datetime,
    revision: int | None = None,
    reason: str = "",
) -> Article:
    """Take a step of the table, such as “submit”; return the working copy.

    `revision` is the text that it was decided on; left out by who decides on no text, such as a
    command that wrote it a line before. Raises Stale where the working copy was saved since,
    PermissionDenied, or ValidationError where the story does not stand where the step begins (a
    second click, or a colleague's), a reason is missing, or four eyes are needed.
    """
    step = VERBS[name]
    story = Article.objects.filter(pk=article_id, status__in=step.desk, erased=False)
    looked_at = story if revision is None else story.filter(version=revision)
    with transaction.atomic():
        swapped = looked_at.update(status=step.becomes)
        article = Article.objects.select_related("section").get(pk=article_id)
        rights.require_edit(by, article)
        rights.require(by, step.permission, [article.section_id])
        if not swapped:
            _refuse(article, step)
        if step.needs_reason and not reason.strip():
            raise ValidationError({"reason": _("Give a reason; it is kept with the story.")})
        if name == "approve" and article.section.four_eyes and checks.wrote_last(article, by):
            raise PermissionDenied(
                _("You changed this text last. In this section somebody else approves it.")
            )
        move = audit.record(
            name, by=by, at=now, subject=article.headline, article=article,
            revision=article.version, reason=reason.strip(),
        )  # fmt: skip
        notices.after(move, article)
    return article


def _refuse(article: Article, step: Verb) -> NoReturn:
    """Say why the swap found no such story: it stands elsewhere, or else holds another text."""
    if article.status in step.desk and not article.erased:
        raise Stale
    raise ValidationError(_too_late(article))


def _too_late(article: Article) -> str:
    """What to tell who comes second, or to the wrong place: where the story is, and who did it."""
    steps = [name for name, verb in VERBS.items() if verb.becomes] + ["reopen"]
    last = Move.objects.filter(article=article.pk, verb__in=steps).order_by("-pk").first()
    here = {"headline": article.headline, "status": article.get_status_display()}
    if last is None:
        return _("“%(headline)s” is %(status)s; this step does not begin there.") % here
    return _(
        "“%(headline)s” is %(status)s already: %(who)s did that on %(when)s. "
        "This step does not begin there."
    ) % {**here, "who": last.by_name, "when": in_newsroom_words(last.at)}


def refusal(verb: Verb, standing: Standing) -> str:
    """Why the table does not let a verb be done to a story that stands so."""
    if standing.is_erased:
        return _("This story was erased by law. Nothing can be done with it any more.")
    if verb.goes_out and standing.is_held:
        return _("This story is held. Nothing of it goes out until a managing editor lifts that.")
    if standing.public not in verb.public:
        return _refused_state(standing.public)
    return _UNMET[verb.needs]()


def _refused_state(state: PublicState) -> str:
    if state in (PublicState.GONE, PublicState.VANISHED):
        return _("This story was taken down. Only a restore brings it back.")
    return _("This story is not on the site.")


_UNMET: Mapping[str, Callable[[], str]] = {
    Needs.PENDING: lambda: _("Nothing is scheduled for this story."),
    Needs.LINE: lambda: _("Nothing of this story is live or scheduled."),
    Needs.HELD: lambda: _("This story is not held."),
    Needs.NOT_HELD: lambda: _("This story is held already."),
    Needs.EMBARGO: lambda: _("This story is under no embargo."),
}
