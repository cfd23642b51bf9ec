"""What a person types and has not saved: kept for them alone, one text a form; and who is there.

It is no part of a story's history. A text goes when its form is saved or when it is thrown away,
and for no other reason: two tabs of one person keep two texts.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Case, F, FilteredRelation, OuterRef, Q, Subquery, When
from django.http import Http404

from articles import body, text
from articles.desk import rights
from articles.desk.revisions import Stale
from articles.desk.rights import Actor
from articles.models import Article, OpenForm, Revision, RevisionKind, Tag
from articles.models.fields import PackedTextField

SEVERAL = ("authors", "also_read")
FIELDS = (
    "headline", "standfirst", "body", "kind", "section", "dateline",
    "picture", "picture_alt", "picture_caption", *SEVERAL, "tags", "slug", "note",
)  # fmt: skip
LONGEST = 10_000  # characters of a field but the body; a save says sooner what is too long
MOST_ROWS = 200  # of authors or stories picked
# Texts of one person for one story; of more, the one that was typed longest ago goes.
MOST_TEXTS = 20
ALIVE = timedelta(seconds=60)  # whoever gave a sign of life since has the story open
TRIES = 20
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Newer:
    """The newest save over a revision that a form was opened on."""

    who: str
    at: datetime
    number: int


@dataclass(frozen=True)
class Presence:
    """Who else has a story open, and whether it was saved since a form was opened."""

    others: tuple[str, ...] = ()
    newer: Newer | None = None


@dataclass(frozen=True)
class Typed:
    """A text that was typed and not saved: of which form, over which revision."""

    form: str
    at: datetime
    seen: int
    fields: Mapping[str, Any]

    @property
    def ref(self) -> str:
        """Names this very text; its form may have another one by the next second."""
        return f"{self.form}|{self.at.isoformat()}"


@dataclass(frozen=True)
class _Slot:
    """A person's row for a story as it was read: the texts in it, and the moment it swaps on."""

    texts: tuple[Typed, ...] = ()
    typed_at: datetime | None = None
    is_there: bool = False

    @classmethod
    def of(cls, row: Any) -> "_Slot":
        """What a row holds; nothing where there is none."""
        return cls(_texts(row.typed), row.typed_at, is_there=True) if row else cls()


def keep_typed(
    article_id: int | None,
    typed: Mapping[str, Any],
    *,
    form: str,
    seen: int,
    by: Actor,
    now: datetime,
    instead_of: Collection[str] = (),
) -> Presence:
    """Keep what was typed into a form since revision `seen`; say who else is there.

    `article_id` is None for a story that is not there yet; `instead_of` names texts that were put
    back into the form, and so are in this one. Raises PermissionDenied, Http404,
    ValidationError with a sentence for a text that no save would take either, or Stale when
    other tabs of this person were quicker many times over.
    """
    entry = Typed(form, now, seen, _gated(typed))
    for _try in range(TRIES):
        slot, presence = _look(article_id, seen, by, now)
        if _keep(article_id, by.pk, slot, entry, instead_of):
            return presence
    raise Stale


def rescue(
    article_id: int | None,
    typed: Mapping[str, Any],
    *,
    form: str,
    seen: int,
    typist: int,
    now: datetime,
    instead_of: Collection[str] = (),
) -> None:
    """Keep what a person typed who cannot save it now, as it is, for a story or for a new one.

    The caller knows from the person's own signature, or sign-in, that it is theirs. The text of
    a story that is gone is kept as that of a new one, and of one that was erased not at all.
    """
    stories = Article.objects.only("erased")
    story = stories.filter(pk=article_id).first() if article_id is not None else None
    if story and story.erased:
        return
    if not get_user_model()._default_manager.filter(pk=typist).exists():
        return
    here = story.pk if story else None
    entry = Typed(form, now, seen if story else 0, _fields_of(typed))
    for _try in range(TRIES):
        if _keep(here, typist, _slot(here, typist), entry, instead_of):
            return
    raise Stale


def sign_of_life(article_id: int, *, seen: int, by: Actor, now: datetime) -> Presence:
    """Say that a person has the story open, and who else has it."""
    slot, presence = _look(article_id, seen, by, now)
    if not slot.is_there:
        _make(article_id, by.pk, now)
    OpenForm.objects.filter(article=article_id, person=by.pk).update(at=now, seen=seen)
    return presence


def forget(article_id: int | None, *, texts: Collection[str], by: Actor) -> None:
    """Forget texts, named by their form or, where it may have changed since, by their ref: they
    were saved, or thrown away."""
    for _try in range(TRIES):
        slot = _slot(article_id, by.pk)
        rest = tuple(t for t in slot.texts if t.form not in texts and t.ref not in texts)
        if rest == slot.texts or slot.typed_at is None:
            return
        if _swap(article_id, by.pk, slot, rest, slot.typed_at):
            return
    raise Stale


def unsaved(article_id: int | None, *, by: Actor) -> list[Typed]:
    """What a person typed of a story and never saved, the newest first: what differs from it."""
    texts = _slot(article_id, by.pk).texts
    if not texts:
        return []
    held = _working_copy(article_id)
    return [typed for typed in map(_read, texts) if not _says_the_same(typed.fields, held)]


def text_of(article_id: int | None, *, form: str, by: Actor) -> Typed | None:
    """What a person typed into one form and did not save."""
    texts = _slot(article_id, by.pk).texts
    return next((_read(typed) for typed in texts if typed.form == form), None)


# --- The row -------------------------------------------------------------------------------------


def _look(article_id: int | None, seen: int, by: Actor, now: datetime) -> tuple[_Slot, Presence]:
    """The person's row and the others', in one query; checks that the person may type here."""
    if article_id is None:
        rights.require(by, "articles.add_article")
        return _slot(None, by.pk), Presence()
    here = Q(open_forms__person=by.pk) | Q(open_forms__at__gt=now - ALIVE)
    own = When(form__person=by.pk, then=F("form__typed"))
    # Joined to the form, people would stand before it: Django sorts such joins wrongly.
    people = get_user_model()._default_manager.filter(pk=OuterRef("form__person"))
    rows = list(
        rights.stories_for(by)
        .filter(pk=article_id)
        .annotate(
            form=FilteredRelation("open_forms", condition=here),
            person=F("form__person"),
            name=Subquery(people.values("display_name")),
            typed=Case(own, output_field=PackedTextField(null=True)),
            typed_at=F("form__typed_at"),
        )
        .only("section", "created_by", "assignee", "version", "erased")
        .order_by("name", "person")
    )
    if not rows:
        raise Http404
    article: Any = rows[0]
    rights.require_edit(by, article)
    mine: Any = next((row for row in rows if row.person == by.pk), None)
    others = tuple(row.name for row in rows if row.person not in (None, by.pk))
    newer = _newer(article_id, seen) if article.version > seen else None
    return _Slot.of(mine), Presence(others, newer)


def _newer(article_id: int, seen: int) -> Newer | None:
    saves = Revision.objects.filter(article=article_id, number__gt=seen, kind=RevisionKind.SAVE)
    save = saves.only("by_name", "at", "number").order_by("-number").first()
    return Newer(save.by_name, save.at, save.number) if save else None


def _slot(article_id: int | None, person: int) -> _Slot:
    return _Slot.of(OpenForm.objects.filter(article=article_id, person=person).first())


def _make(article_id: int | None, person: int, now: datetime) -> None:
    row = OpenForm(article_id=article_id, person_id=person, at=now)
    OpenForm.objects.bulk_create([row], ignore_conflicts=True)


def _keep(
    article_id: int | None, person: int, slot: _Slot, entry: Typed, instead_of: Collection[str]
) -> bool:
    """Put a text in the row, in place of its form's older one; False when somebody else wrote."""
    if not slot.is_there:
        _make(article_id, person, entry.at)
    rest = [t for t in slot.texts if t.form != entry.form and t.ref not in instead_of]
    texts = (entry, *rest[: MOST_TEXTS - 1])
    return _swap(article_id, person, slot, texts, entry.at, at=entry.at, seen=entry.seen)


def _swap(
    article_id: int | None,
    person: int,
    slot: _Slot,
    texts: tuple[Typed, ...],
    moment: datetime,
    **more: Any,
) -> bool:
    # Every write moves the moment on, so that no two of them are mistaken for one another.
    later = max(moment, slot.typed_at + _TICK) if slot.typed_at else moment
    row = OpenForm.objects.filter(article=article_id, person=person, typed_at=slot.typed_at)
    return bool(row.update(typed=_packed(texts), typed_at=later, **more))


def _packed(texts: tuple[Typed, ...]) -> str | None:
    rows = [
        {"form": typed.form, "at": typed.at.isoformat(), "seen": typed.seen, "fields": typed.fields}
        for typed in texts
    ]
    return json.dumps(rows) if rows else None


def _texts(packed: str | None) -> tuple[Typed, ...]:
    rows = json.loads(packed) if packed else []
    return tuple(Typed(**row | {"at": datetime.fromisoformat(row["at"])}) for row in rows)


# --- The text ------------------------------------------------------------------------------------


def _fields_of(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The form's own fields and no other; ids are digits."""
    fields: dict[str, Any] = {
        name: [key for key in typed.get(name, ()) if _is_id(key)][:MOST_ROWS]
        if name in SEVERAL
        else str(typed.get(name, ""))
        for name in FIELDS
    }
    ids = {name: fields[name] if _is_id(fields[name]) else "" for name in ("section", "picture")}
    return fields | ids


def _is_id(key: Any) -> bool:
    return str(key).isdecimal() and len(str(key)) <= 18


def _gated(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with every text through the gate, and the body through the sanitiser."""
    fields = _fields_of(typed)
    for name in ("headline", "dateline", "picture_alt", "tags", "slug", "note"):
        fields[name] = text.clean_line(fields[name], longest=LONGEST)
    for name in ("standfirst", "picture_caption"):
        fields[name] = text.clean_text(fields[name].strip(), longest=LONGEST)
    fields["body"] = body.clean(fields["body"])
    return fields


def _read(typed: Typed) -> Typed:
    """A text as a form shows it. What the gate refuses by now is shown as it was typed, for the
    save to say what is wrong with it."""
    try:
        return Typed(typed.form, typed.at, typed.seen, _gated(typed.fields))
    except ValidationError:
        return typed


def _working_copy(article_id: int | None) -> dict[str, Any]:
    """The working copy as a form would hold it; an empty form for a story that is not there."""
    newest = Revision.objects.filter(article=article_id).order_by("-number").first()
    if article_id is None or newest is None:
        return _fields_of({})
    held = newest.snapshot
    tags = Tag.objects.filter(pk__in=held["tags"]).values_list("name", flat=True)
    rows = {name: [str(key) for key in held[name]] for name in SEVERAL}
    ids = {"section": str(held["section"]), "picture": str(held["picture"] or "")}
    return {**held, **rows, **ids, "tags": ", ".join(tags), "note": ""}


def _says_the_same(fields: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    """Whether a save of the fields would change nothing; a kind or a section alone is no text."""
    same = {name: fields[name] == held[name] for name in FIELDS}
    same["kind"] |= not (held["kind"] and fields["kind"])
    same["section"] |= not held["section"]
    same["slug"] |= not fields["slug"]  # the story keeps its own
    same["tags"] = _names(fields["tags"]) == _names(held["tags"])
    return all(same.values())


def _names(tags: str) -> set[str]:
    return {name.strip().casefold() for name in tags.split(",") if name.strip()}
