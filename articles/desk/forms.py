"""The story form: what was typed, and the revision it was typed over."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles import text
from articles.desk import addresses, taxonomy
from articles.desk.revisions import Values
from articles.models import Article, Author, Tag


class OrderedChoiceField(forms.ModelMultipleChoiceField):
    """Several rows in the order they were picked; cleans to the list of them in that order."""

    # Django’s gives a QuerySet, which has no order of the person’s.
    def clean(self, value: Any) -> list[Any]:  # type: ignore[override]
        chosen = {str(row.pk): row for row in super().clean(value)}
        return [chosen[str(key)] for key in dict.fromkeys(value or []) if str(key) in chosen]


class StoryForm(forms.ModelForm):
    """A story as the desk types it. `seen` is the revision that the form was opened on."""

    authors = OrderedChoiceField(
        Author.objects.filter(retired=False), required=False, label=_("By"),
        help_text=_("In the order they sign. With no author, the paper’s name signs the story."),
    )  # fmt: skip
    also_read = OrderedChoiceField(
        Article.objects.all(), required=False, label=_("Also read"),
        help_text=_("Shown below the story while they are public."),
    )  # fmt: skip
    tags = forms.CharField(
        required=False, label=_("Tags"), help_text=_("Separated by commas; new ones are made.")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    note = forms.CharField(
        max_length=250, required=False, label=_("Note on this save"),
        help_text=_("For colleagues, in the history."),
    )  # fmt: skip

    class Meta:
        model = Article
        fields = ("headline", "standfirst", "body", "section", "slug")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        article = self.instance
        self.saved_version = article.version
        if article.pk:
            links = article.also_read_links.values_list("story_id", flat=True)
            self.initial = {
                **self.initial,
                "authors": list(article.bylines.values_list("author_id", flat=True)),
                "also_read": list(links),
                "tags": ", ".join(tag.name for tag in article.tags.order_by("name")),
                "seen": article.version,
            }
            # A retired author stays where they are until somebody takes them out.
            kept = Author.objects.filter(pk__in=self.initial["authors"])
            field = cast(OrderedChoiceField, self.fields["authors"])
            field.queryset = Author.objects.filter(retired=False) | kept

    def clean_tags(self) -> list[str]:
        longest = Tag._meta.get_field("name").max_length
        names = (text.clean_line(n, longest=longest) for n in self.cleaned_data["tags"].split(","))
        return list({name.casefold(): name for name in names if name}.values())

    def clean_note(self) -> str:
        return text.clean_line(self.cleaned_data["note"])

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug:
            try:
                addresses.require_free(slug, self.instance.pk)
            except ValidationError as taken:
                raise ValidationError(taken.message_dict["slug"]) from None
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("headline") and cleaned.get("slug") == "":
            slug = self.instance.slug or addresses.for_story(cleaned["headline"], self.instance.pk)
            cleaned["slug"] = slug
        if self.instance.pk and cleaned.get("seen") != self.saved_version:
            raise ValidationError(stale_sentence(self.instance), code="stale")
        return cleaned

    def values(self, tags: Iterable[int]) -> Values:
        """What was typed, for the verb that saves it; `tags` are the ids of the tags named."""
        typed = self.cleaned_data
        return Values(
            headline=typed["headline"],
            standfirst=typed["standfirst"],
            body=typed["body"],
            section=typed["section"].pk,
            slug=typed["slug"],
            authors=[author.pk for author in typed["authors"]],
            tags=list(tags),
            also_read=[story.pk for story in typed["also_read"]],
        )


def stale_sentence(article: Article) -> str:
    """Who saved a story meanwhile, and what to do about it."""
    latest = article.revisions.order_by("-number").first()
    who = latest.by_name if latest else _("Someone")
    return _(
        "%(who)s saved this story while you had it open. Your text is still here: copy what you "
        "changed, open the story again in a new tab, and put it in there."
    ) % {"who": who}


class NamedForm(forms.ModelForm):
    """A section, author or tag; an empty slug is made from the name."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") and cleaned.get("slug") == "":
            cleaned["slug"] = taxonomy.free_slug(type(self.instance), cleaned["name"])
        return cleaned
