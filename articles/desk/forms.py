"""The story form: what was typed, and the revision it was typed over."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from articles import text
from articles.desk import addresses, overview, revisions, rights, taxonomy, together
from articles.desk.asked import is_id
from articles.desk.revisions import Values
from articles.desk.rights import Actor
from articles.kinds import StoryKind
from articles.models import Article, Author, Note, Revision, SlugClaim, Tag

LARGEST_ID = 2**63 - 1  # that a database holds


class OrderedChoiceField(forms.ModelMultipleChoiceField):
    """Several rows in the order they were picked; cleans to the list of them in that order."""

    def clean(self, value: Any) -> Any:
        """A list, where Django's gives a QuerySet, which has lost the order."""
        for typed in value or []:
            if not is_id(str(typed)):  # a database refuses it, or knows no such number
                self._refuse(typed)
        chosen = {str(row.pk): row for row in super().clean(value)}
        return [chosen[str(key)] for key in dict.fromkeys(value or []) if str(key) in chosen]

    def _refuse(self, typed: Any) -> None:
        raise ValidationError(
            self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": typed}
        )


class StoryForm(forms.ModelForm):
    """A story as the desk types it. `seen` is the revision that the form was opened on."""

    # Not required: a form that says nothing of it leaves it as it is.
    kind = forms.ChoiceField(
        choices=StoryKind.choices, required=False, label=_("Kind"),
        help_text=_("Readers are told of all but news. A page of the site stands in no list."),
    )  # fmt: skip
    picture = forms.IntegerField(
        required=False, label=_("Picture"), min_value=1, max_value=LARGEST_ID,
        help_text=_("Its number in the library; or choose it."),
        widget=forms.NumberInput(attrs={"data-picks": "picture"}),
    )  # fmt: skip
    authors = OrderedChoiceField(
        Author.objects.filter(retired=False), required=False, label=_("By"),
        help_text=_("In the order they sign. With no author, the paper’s name signs the story."),
    )  # fmt: skip
    also_read = OrderedChoiceField(
        Article.objects.all(), required=False, label=_("Also read"),
        help_text=_("Shown below the story while they are public."),
    )  # fmt: skip
    tags = forms.CharField(
        required=False, label=_("Tags"), help_text=_("Separated by commas; new ones are made."),
        widget=forms.Textarea(attrs={"rows": 1, "dir": "auto"}),  # it grows, as tags may be many
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    note = forms.CharField(
        max_length=250, required=False, label=_("Note on this save"),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("For colleagues, in the history."),
    )  # fmt: skip

    # The admin makes a class for each form, and says whose it is, and what of it was typed and
    # not saved, to go on with.
    by: ClassVar[Actor]
    typed: ClassVar[Mapping[str, Any]] = {}

    class Meta:
        model = Article
        fields = (
            "headline", "standfirst", "body", "kind", "section", "dateline",
            "picture_alt", "picture_caption", "slug",
        )  # fmt: skip
        widgets: ClassVar[dict[str, forms.Widget]] = {
            # It grows; a line feed is a space.
            "headline": forms.Textarea(attrs={"rows": 1, "dir": "auto"}),
            "standfirst": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "dateline": forms.TextInput(attrs={"dir": "auto"}),
            "picture_alt": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "picture_caption": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        article = self.instance
        if article.pk:
            held = held_fields(article)
            self._show(held, taxonomy.names_of(held, self.by))
            self.initial["seen"] = article.version
            self.initial["picture"] = article.picture_id
        self.initial = {**self.initial, **self.typed}

    def _show(self, held: Mapping[str, Any], names: Mapping[str, Mapping[int, str]]) -> None:
        """Begin with the tags, authors and stories that the newest revision holds."""
        tags = [names["tags"][tag] for tag in held["tags"] if tag in names["tags"]]
        self.initial["tags"] = ", ".join(dict.fromkeys(tags))
        # A retired author, or a story that the person may not open, stays where it is until
        # somebody takes it out.
        for field, rows in (("authors", Author.objects), ("also_read", Article.objects)):
            choice = cast(OrderedChoiceField, self.fields[field])
            offered: Any = choice.queryset
            choice.queryset = offered | rows.filter(pk__in=held[field])
            other = _("a story that you cannot open")
            choice.widget.names = {pk: name or other for pk, name in names[field].items()}
            self.initial[field] = [pk for pk in held[field] if pk in names[field]]

    def clean_kind(self) -> str:
        return str(self.cleaned_data["kind"] or self.instance.kind)

    def clean_picture(self) -> int | None:
        picture: int | None = self.cleaned_data["picture"]
        if picture != self.instance.picture_id:
            try:
                revisions.require_picture(picture)
            except ValidationError as refused:
                raise ValidationError(refused.message_dict["picture"]) from None
        return picture

    def clean_tags(self) -> list[str]:
        longest = Tag._meta.get_field("name").max_length
        typed = taxonomy.names_in(self.cleaned_data["tags"])
        names = (text.clean_line(name, longest=longest) for name in typed)
        return list({name.casefold(): name for name in names if name}.values())

    def clean_note(self) -> str:
        return text.clean_line(self.cleaned_data["note"])

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug and slug != self.instance.slug:
            try:
                addresses.require_free(slug, self.instance.pk)
            except ValidationError as taken:
                raise ValidationError(taken.message_dict["slug"]) from None
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("headline") and cleaned.get("slug") == "":
            cleaned["slug"] = addresses.of_story("", cleaned["headline"], self.instance)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # The field has just read the section from the database; full_clean would read it again.
        # Django has no public hook for this, and its stubs know public names only.
        parent: Any = super()
        excluded: set[str] = parent._get_validation_exclusions()
        return excluded | {"section"}

    def validate_unique(self) -> None:
        """A slug is its story's: clean_slug says whose, where it is another's."""

    def validate_constraints(self) -> None:
        """The database holds them; every one that a person can break has a field that says so."""

    def values(self, tags: Iterable[int]) -> Values:
        """What was typed, for the verb that saves it; `tags` are the ids of the tags named."""
        typed, cleaned = self.cleaned_data, self.instance
        return Values(
            kind=cleaned.kind,
            headline=cleaned.headline,
            dateline=cleaned.dateline,
            standfirst=cleaned.standfirst,
            picture=typed["picture"],
            picture_alt=cleaned.picture_alt,
            picture_caption=cleaned.picture_caption,
            body=cleaned.body,
            section=typed["section"].pk,
            slug=typed["slug"],
            authors=[author.pk for author in typed["authors"]],
            tags=list(tags),
            also_read=[story.pk for story in typed["also_read"]],
        )


def held_fields(article: Article) -> dict[str, Any]:
    """What the working copy's newest revision holds, but for the body."""
    held: dict[str, Any] | None = getattr(article, "held_fields", None)  # of desk_story
    if held is None:
        newest = Revision.objects.filter(article=article, number=article.version)
        held = newest.values_list("fields", flat=True).get()
    return held


def desk_story(by: Actor, pk: int, t: datetime) -> Article | None:
    """A story that a person may open, with all that its form shows of it in one look."""
    newest = Revision.objects.filter(article=OuterRef("pk"), number=OuterRef("version"))
    claims = SlugClaim.objects.filter(article=OuterRef("pk"))
    notes = Note.objects.filter(article=OuterRef("pk"), resolved_at=None)
    stories = overview.with_public_state(rights.stories_for(by).filter(pk=pk), t)
    return (
        stories.select_related("section")
        .annotate(
            held_fields=Subquery(newest.values("fields")),
            was_public=Exists(claims),
            unsettled=Subquery(together.unsettled_of(by)),
            open_notes=overview.count_of(notes),
        )
        .first()
    )


class NamedForm(forms.ModelForm):
    """A section, author or tag; an empty slug is made from the name."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") and cleaned.get("slug") == "":
            cleaned["slug"] = taxonomy.free_slug(type(self.instance), cleaned["name"])
        return cleaned
