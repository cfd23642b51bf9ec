"""Notes on a story: who may write one, whom it mentions, and when it is done with."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from difflib import get_close_matches
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from articles.desk import colleagues, notices, overview, rights
from articles.desk.colleagues import Colleague
from articles.desk.rights import Actor
from articles.models import Article, Note, Reason
from articles.moments import in_newsroom_words

PAGE = 100
# How much of a note stands in the notice that somebody is mentioned.
QUOTED = 300
# “@ada.moss” or “@ada.moss@newsroom.example”; no address written into a sentence.
_MENTION = re.compile(r"(?<![\w.+'’@-])@([\w.+'’-]+(?:@[\w.-]+)?)")


def add(article_id: int, text: str, *, by: Actor, now: datetime) -> Note:
    """Write a note on a story, and tell the colleagues it mentions.

    The same words twice in a row by one person are one note (a second click). Raises
    PermissionDenied, or ValidationError for what cannot be kept or whom it cannot reach.
    """
    with transaction.atomic():
        # First of all, before anything is read: an erasure that comes between would otherwise
        # leave this note behind. It writes nothing else.
        stands = Article.objects.filter(pk=article_id, erased=False).update(erased=False)
        article = _require_open(article_id, by)
        if not stands:
            raise ValidationError(_("This story was erased by law. Nothing is noted on it."))
        note = Note(article=article, text=text, by_id=by.pk, by_name=str(by)[:120], at=now)
        note.clean_fields(exclude={f.name for f in Note._meta.fields if f.name != "text"})
        last = of(article_id).last()
        if last and (last.text, last.by_id, last.resolved_at) == (note.text, by.pk, None):
            return last
        people = mentioned(note.text, article)
        note.save()
        notices.tell(
            [person.pk for person in people], Reason.MENTIONED, article=article, by=by, at=now,
            details={"note": note.pk, "text": _quoted(note.text)},
        )  # fmt: skip
    return note


def resolve(note_id: int, *, by: Actor, now: datetime) -> Note:
    """Say that a note is done with; it stays with the story.

    Raises PermissionDenied, or ValidationError when somebody did that before.
    """
    with transaction.atomic():
        swapped = Note.objects.filter(pk=note_id, resolved_at=None).update(
            resolved_at=now, resolved_by_name=str(by)[:120]
        )
        note = Note.objects.get(pk=note_id)
        _require_open(note.article_id, by)
        if not swapped:
            at = cast(datetime, note.resolved_at)  # else it had been swapped
            raise ValidationError(
                _("%(who)s resolved this note on %(when)s.")
                % {"who": note.resolved_by_name, "when": in_newsroom_words(at)}
            )
    return note


def of(article_id: int) -> QuerySet[Note]:
    """A story’s notes, in the order they were written in."""
    return Note.objects.filter(article=article_id).order_by("pk")


def open_of(article_id: int) -> QuerySet[Note]:
    """A story’s notes that nobody has resolved."""
    return of(article_id).filter(resolved_at=None)


def newest_open(article_id: int, t: datetime, most: int = 3) -> list[dict[str, Any]]:
    """The newest notes that nobody has resolved, in the words of the story's form."""
    rows = open_of(article_id).order_by("-pk")[:most]
    return [{"note": note, "when": overview.when(note.at, t)} for note in rows]


def resolved_of(article_id: int, before: int | None = None) -> tuple[list[Note], int | None]:
    """A page of a story’s resolved notes, newest first, and what is `before` for the next."""
    older = Q(pk__lt=before) if before is not None else Q()
    rows = of(article_id).filter(older, resolved_at__isnull=False).reverse()[: PAGE + 1]
    shown = list(rows)
    return shown[:PAGE], shown[PAGE - 1].pk if len(shown) > PAGE else None


def mentioned(text: str, article: Article) -> list[Colleague]:
    """The colleagues whom a text mentions, once each.

    Raises ValidationError for a name that is nobody’s or two people’s, and for somebody who may
    not open the story: nobody believes to have told a person who will never know.
    """
    names = dict.fromkeys(found[1].lower() for found in _MENTION.finditer(text))
    if not names:
        return []
    everybody = colleagues.all_of(article)
    people = dict.fromkeys(_named(name, everybody) for name in names)
    for person in people:
        _require_reached(person)
    return list(people)


def _named(name: str, everybody: list[Colleague]) -> Colleague:
    for spelling in _spellings(name):
        found = [
            person
            for person in everybody
            if spelling in (person.email, person.email.partition("@")[0])
        ]
        # Somebody who left does not make a colleague’s name ambiguous.
        found = [person for person in found if person.is_here] or found
        if len(found) == 1:
            return found[0]
        if found:
            raise _refused(
                _("@%(name)s could be %(people)s. Write the whole address."),
                name=spelling,
                people=_choice(person.email for person in found),
            )
    raise _unknown(next(_spellings(name)), everybody)


def _spellings(name: str) -> Iterator[str]:
    """A name as typed, without the full stop after it, and without a genitive’s ending."""
    plain = name.rstrip(".'’-+")
    yield plain
    for ending in ("'s", "’s"):
        if plain.endswith(ending):
            yield plain.removesuffix(ending)


def _unknown(name: str, everybody: list[Colleague]) -> ValidationError:
    handles = {person.handle: person for person in everybody if person.may_open}
    near = [handle for handle in handles if handle.startswith(name)]
    near = near or get_close_matches(name, handles, cutoff=0.55)
    said = {"name": name, "people": _choice(near[:3])}
    if near:
        return _refused(
            _(
                "Nobody here is called @%(name)s. Did you mean %(people)s? If you mean nobody, "
                "put a space after the @."
            ),
            **said,
        )
    return _refused(
        _(
            "Nobody here is called @%(name)s. Write the part of a colleague’s e-mail address "
            "before its @; if you mean nobody, put a space after the @."
        ),
        **said,
    )


def _require_reached(person: Colleague) -> None:
    if not person.is_here:
        raise _refused(
            _("%(name)s (%(email)s) does not use the desk any more, and would not be told."),
            name=person.name,
            email=person.email,
        )
    if not person.may_open:
        raise _refused(
            _("%(name)s (%(email)s) may not open this story, and would not be told."),
            name=person.name,
            email=person.email,
        )


def _refused(sentence: str, **said: str) -> ValidationError:
    return ValidationError({"text": sentence % said})


def _choice(handles: Iterable[str]) -> str:
    return _(" or ").join(f"@{handle}" for handle in handles)


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= QUOTED else flat[: QUOTED - 1].rstrip() + "…"


def _require_open(article_id: int, by: Actor) -> Article:
    stories = rights.stories_for(by).defer("body", "standfirst")
    article = stories.filter(pk=article_id).first()
    if article is None:
        raise PermissionDenied(_("You may not open this story."))
    return article
