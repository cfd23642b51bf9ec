"""Who is told what, and why: the one place that knows which Move reaches whom.

Whoever did a thing is never told of it, nor is somebody who may not open the story. A person is
told once of a Move: for the first of its reasons that they have not turned off.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import FilteredRelation, Q

from articles.desk import colleagues
from articles.desk.rights import Actor
from articles.models import Article, Move, Notice, Reason

# Of which verbs those are told who began the story, or to whom it is assigned.
_WRITERS: Mapping[str, Reason] = MappingProxyType(
    {
        "send_back": Reason.SENT_BACK,
        "approve": Reason.APPROVED,
        "publish": Reason.PUBLISHED,
        "schedule": Reason.PUBLISHED,
        "restore": Reason.PUBLISHED,
        "unpublish": Reason.WITHDRAWN,
        "take_down": Reason.WITHDRAWN,
        "hold": Reason.WITHDRAWN,
        "break_embargo": Reason.EMBARGO_BROKEN,
    }
)
# Of which verbs those are told who hold a permission in the story’s section.
_SECTION: Mapping[str, tuple[Reason, str]] = MappingProxyType(
    {
        "submit": (Reason.SUBMITTED, "articles.change_others_article"),
        "reopen": (Reason.SUBMITTED, "articles.change_others_article"),
        "break_embargo": (Reason.EMBARGO_BROKEN, "articles.publish_article"),
    }
)


# Ids; None stands for a program, or for a person whose account is gone: nobody to tell.
People = set[int | None]


def after(move: Move, article: Article) -> None:
    """Tell whom a Move concerns, in the verb’s own transaction: at most three queries.

    What a program did (an import, say) is no news, and nothing is told of an erased story.
    """
    if move.by is None or move.verb == "erase":
        return
    told = {reason: people - {move.by} for reason, people in _told(move, article).items()}
    _write(told, article, move.by_name, move.at, _details(move))


def tell(
    people: Iterable[int],
    reason: Reason,
    *,
    article: Article,
    by: Actor,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Tell people (ids) something about a story; the caller is in a transaction."""
    told: People = {person for person in people if person != by.pk}
    _write({reason: told}, article, str(by), at, details or {})


def remind(
    reason: Reason,
    *,
    article: Article,
    by: Actor,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Tell whoever did a thing what it leaves them to do; the caller is in a transaction."""
    _write({reason: {by.pk}}, article, str(by), at, details or {})


def joined(article_id: int, number: int, *, now: datetime) -> None:
    """Note that a text set beside a story (its revision) waits no more; the caller is in a
    transaction."""
    waiting = Notice.objects.filter(article=article_id, reason=Reason.SET_BESIDE)
    for notice in waiting.filter(details__revision=number):
        notice.details |= {"joined": True}
        notice.read_at = notice.read_at or now
        notice.save(update_fields=["details", "read_at"])


def _told(move: Move, article: Article) -> dict[Reason, People]:
    writers: People = {article.created_by_id, article.assignee_id}
    told: dict[Reason, People] = {}
    if reason := _WRITERS.get(move.verb):
        told[reason] = set(writers)
    if move.verb in _SECTION:
        reason, permission = _SECTION[move.verb]
        people = colleagues.who_may(permission, article.section_id)
        told.setdefault(reason, set()).update(people.values_list("pk", flat=True))
    if starts := _cancelled(move):
        told[Reason.CANCELLED] = writers | _schedulers(article.pk, starts)
    return told


def _details(move: Move) -> dict[str, Any]:
    """What the notice’s words need to know of the Move (desk/notice_words.py)."""
    details = {
        "verb": move.verb,
        "why": move.reason,
        "at": move.details.get("at"),
        "until": move.details.get("until"),
        "cancelled": _cancelled(move),
    }
    return {name: value for name, value in details.items() if value}


def _cancelled(move: Move) -> list[str]:
    """The moments of what a Move cancelled, as Moves write them."""
    if move.verb == "cancel":
        return [move.details["at"]] if "at" in move.details else []
    return list(move.details.get("cancelled", ()))


def _schedulers(article_id: int, starts: list[str]) -> People:
    """Who scheduled what was to start at these moments, and who moved it there."""
    moves = Move.objects.filter(article=article_id, verb__in=("schedule", "move")).order_by("pk")
    people: dict[str, People] = {}
    for verb, by, details in moves.values_list("verb", "by", "details"):
        if verb == "schedule":
            people[details.get("at", "")] = {by}
        else:
            mover = people.pop(details.get("at", ""), set()) | {by}
            people[details.get("to", "")] = mover
    return set().union(*(people.get(start, set()) for start in starts))


def _write(
    told: Mapping[Reason, People],
    article: Article,
    by_name: str,
    at: datetime,
    details: Mapping[str, Any],
) -> None:
    people = set().union(*told.values()) - {None}
    if not people:
        return
    writers = (article.created_by_id, article.assignee_id)
    rows = []
    for person, choices in _choices(people, told, article).items():
        reasons = [reason for reason in told if person in told[reason]]
        said = _first_wanted(reasons, choices)
        if said:
            reason, in_inbox, by_mail = said
            mine = {**details, "yours": True} if person in writers else details
            rows.append(
                Notice(
                    person_id=person, reason=reason, article=article, subject=article.headline,
                    by_name=by_name[:120], at=at, details=mine, in_inbox=in_inbox, by_mail=by_mail,
                )
            )  # fmt: skip
    Notice.objects.bulk_create(rows)


def _first_wanted(
    reasons: list[Reason], choices: Mapping[str, tuple[bool, bool]]
) -> tuple[Reason, bool, bool] | None:
    for reason in reasons:
        in_inbox, by_mail = choices.get(reason, (True, True))
        if in_inbox or by_mail or reason == Reason.SET_BESIDE:  # that a text waits is no mere news
            return reason, in_inbox, by_mail
    return None


def _choices(
    people: People, reasons: Iterable[Reason], article: Article
) -> dict[int, dict[str, tuple[bool, bool]]]:
    """Those of the people who may open the story, and what they want less of."""
    chosen = FilteredRelation("notice_choices", condition=Q(notice_choices__reason__in=[*reasons]))
    rows = (
        colleagues.who_may_open(article)
        .filter(pk__in=people)
        .annotate(chosen=chosen)
        .values_list("pk", "chosen__reason", "chosen__in_inbox", "chosen__by_mail")
    )
    choices: dict[int, dict[str, tuple[bool, bool]]] = {}
    for person, reason, in_inbox, by_mail in rows.order_by("pk"):
        choices.setdefault(person, {})[reason] = (in_inbox, by_mail)
    return choices
