"""What is planned of a story: who writes it, until when, how long, and how much it matters.

A plan is no text: it moves no revision, and two people who plan different things of a story never
meet. Each change is one Move that holds what was and what is.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles import text
from articles.desk import audit, colleagues, notices, rights
from articles.desk.rights import Actor
from articles.models import Article, Reason
from articles.states import Priority

# What a plan is made of, by the names of the story's columns.
FIELDS = ("slugline", "assignee_id", "due_at", "priority", "length")
LONGEST = 50_000  # words that can be asked for


def plan(article_id: int, changes: Mapping[str, Any], *, by: Actor, now: datetime) -> Article:
    """Change some of FIELDS of a story (due_at in UTC, assignee_id a person's); return it.

    What is the same already is left out, and with nothing left no Move is written. The person
    assigned is told. Raises PermissionDenied, or ValidationError with a sentence a field.
    """
    with transaction.atomic():
        article = Article.objects.select_related("section").select_for_update().get(pk=article_id)
        rights.require_edit(by, article)
        cleaned = {name: _clean(name, changes[name], article) for name in FIELDS if name in changes}
        new = {name: value for name, value in cleaned.items() if value != getattr(article, name)}
        if new.get("assignee_id", by.pk) != by.pk or _takes_from_a_colleague(new, article, by):
            rights.require(by, "articles.change_others_article", [article.section_id])
        if not new:
            return article
        old = {name: getattr(article, name) for name in new}
        for name, value in new.items():
            setattr(article, name, value)
        Article.objects.filter(pk=article_id).update(**new)
        audit.record(
            "plan",
            by=by,
            at=now,
            subject=article.headline,
            article=article,
            details={name: [_json(old[name]), _json(new[name])] for name in new},
        )
        _tell(article, old, by, now)
    return article


def _takes_from_a_colleague(new: Mapping[str, Any], article: Article, by: Actor) -> bool:
    return "assignee_id" in new and article.assignee_id not in (None, by.pk)


def _tell(article: Article, old: Mapping[str, Any], by: Actor, now: datetime) -> None:
    """Tell who writes it of its new plan; who wrote it until now sees it in the history."""
    if article.assignee_id is not None and set(old) - {"priority"}:
        due = {"at": article.due_at.isoformat()} if article.due_at else {}
        notices.tell(
            [article.assignee_id], Reason.ASSIGNED, article=article, by=by, at=now, details=due
        )


def _clean(name: str, value: Any, article: Article) -> Any:
    try:
        return _CLEAN[name](value, article)
    except ValidationError as wrong:
        raise ValidationError({name: wrong.error_list}) from None


def _slugline(value: str, _article: Article) -> str:
    return text.clean_line(value or "", longest=40).upper()


def _assignee(value: int | None, article: Article) -> int | None:
    if value is None:
        return None
    if not writers(article.section_id).filter(pk=value).exists():
        raise ValidationError(_("They do not write for this section. Choose somebody else."))
    return value


def _due(value: datetime | None, _article: Article) -> datetime | None:
    return value


def _priority(value: int, _article: Article) -> int:
    if value not in Priority.values:
        raise ValidationError(_("Choose one of the priorities."))
    return int(value)


def _length(value: int | None, _article: Article) -> int | None:
    if value is not None and not 0 < value <= LONGEST:
        raise ValidationError(
            _("Give a number of words, up to %(longest)s, or none.") % {"longest": f"{LONGEST:,}"}
        )
    return value


_CLEAN: Mapping[str, Callable[[Any, Article], Any]] = {
    "slugline": _slugline,
    "assignee_id": _assignee,
    "due_at": _due,
    "priority": _priority,
    "length": _length,
}


def writers(section: int) -> QuerySet[Any]:
    """The people to whom a story of a section can be assigned, by name."""
    return colleagues.who_may("articles.change_article", section).order_by("display_name", "pk")


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
