"""What is planned of a story: who writes it, until when, how long, and how much it matters.

A plan is no text: it moves no revision, and two people who plan different things of a story never
meet. Each change is one Move that holds what was and what is.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles import text
from articles.desk import audit, colleagues, notices, plan_words, revisions, rights, search
from articles.desk.revisions import Values
from articles.desk.rights import Actor
from articles.models import Article, Move, Reason
from articles.states import Priority

# What a plan is made of, by the names of the story's columns.
FIELDS = ("slugline", "assignee_id", "due_at", "priority", "length")
LONGEST = 50_000  # words that can be asked for
EARLIEST, LATEST = 1900, 2900  # years that something can be due in


def plan(
    article_id: int,
    changes: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    seen: Mapping[str, Any] | None = None,
) -> Article:
    """Change some of FIELDS of a story (due_at in UTC, assignee_id a person's); return it.

    `seen` holds what a field was when the change was decided on: where a colleague changed it
    since, it is asked back (code “changed”). What is the same already is left out, and with
    nothing left no Move is written. The person assigned is told. Raises PermissionDenied, or
    ValidationError with a sentence a field.
    """
    with transaction.atomic():
        article = Article.objects.select_related("section").select_for_update().get(pk=article_id)
        rights.require_edit(by, article)
        cleaned = {name: _clean(name, changes[name], article) for name in FIELDS if name in changes}
        new = {name: value for name, value in cleaned.items() if value != getattr(article, name)}
        _require_seen(article, new, seen or {})
        _require_right_to_assign(article, new, by)
        if not new:
            return article
        old = {name: getattr(article, name) for name in new}
        for name, value in new.items():
            setattr(article, name, value)
        Article.objects.filter(pk=article_id).update(**new)
        if "slugline" in new:
            search.write(article)
        audit.record(
            "plan",
            by=by,
            at=now,
            subject=article.headline,
            article=article,
            details=_details(old, new),
        )
        _tell(article, old, by, now)
    return article


def add_line(
    headline: str, section: int, changes: Mapping[str, Any], *, by: Actor, now: datetime
) -> Article:
    """Begin a story of which there is no more than its headline and its plan; return it.

    Raises what revisions.create and plan raise; then there is no story.
    """
    with transaction.atomic():
        article = revisions.create(Values(headline=headline, section=section), by=by, now=now)
        return plan(article.pk, changes, by=by, now=now)


def writers(section: int) -> QuerySet[Any]:
    """The people to whom a story of a section can be assigned, by name."""
    return colleagues.who_may("articles.change_article", section).order_by("display_name", "pk")


def may_assign_others(by: Actor, section: int) -> bool:
    """Whether the actor may assign a section's stories to others, and take them from them."""
    return rights.may(by, "articles.change_others_article", [section])


def _require_right_to_assign(article: Article, new: Mapping[str, Any], by: Actor) -> None:
    """Raise PermissionDenied where a story goes to a colleague, or is taken from one, by whoever
    may not assign others'."""
    if "assignee_id" not in new:
        return
    if {new["assignee_id"], article.assignee_id} - {None, by.pk}:
        rights.require(by, "articles.change_others_article", [article.section_id])


def _require_seen(article: Article, new: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    wrong = [name for name in new if name in seen and seen[name] != getattr(article, name)]
    if not wrong:
        return
    moves = Move.objects.filter(article=article.pk, verb="plan").order_by("-pk")[:50]
    asked = {}
    for name in wrong:
        who = next((move.by_name for move in moves if name in move.details), _("A colleague"))
        value = plan_words.value(name, getattr(article, name), _names([article.assignee_id]))
        asked[name] = ValidationError(
            _(
                "%(who)s changed this meanwhile to: %(value)s. Yours is kept here: "
                "save again to put it in place of theirs."
            )
            % {"who": who, "value": value},
            code="changed",
        )
    raise ValidationError(asked)


def _details(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What was and what is, a field; of people their names as well, which outlast them."""
    details = {name: [_json(old[name]), _json(new[name])] for name in new}
    if "assignee_id" in details:
        names = _names(details["assignee_id"])
        details["assignee"] = [names.get(pk, "") for pk in details["assignee_id"]]
    return details


def _names(people: list[int | None]) -> dict[int | None, str]:
    found = get_user_model().objects.filter(pk__in=[pk for pk in people if pk])
    return {person.pk: str(person) for person in found}


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
    if value is None or value == article.assignee_id:
        return value
    if not writers(article.section_id).filter(pk=value).exists():
        raise ValidationError(_("They do not write for this section. Choose somebody else."))
    return value


def _due(value: datetime | None, _article: Article) -> datetime | None:
    if value and not EARLIEST <= value.year <= LATEST:
        raise ValidationError(_("This date is too far away."))
    # To the minute, as it is typed: what a form shows is then all there is.
    return value.replace(second=0, microsecond=0) if value else None


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


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
