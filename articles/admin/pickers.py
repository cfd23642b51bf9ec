"""Picking rows in a form: several, in their order; stories that readers do not see are marked
where they are offered."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles.desk.asked import is_id
from articles.models import Article, Publication
from articles.moments import moment_of


class OrderedAutocomplete(AutocompleteSelectMultiple):
    """Picks several rows and shows them in their order; `names` says what known rows are called."""

    names: Mapping[int, str] = {}

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        picked = [int(key) for key in value if is_id(str(key))]
        known = dict(self.names)
        if missing := [key for key in picked if key not in known]:
            known |= {row.pk: str(row) for row in self.choices.queryset.filter(pk__in=missing)}
        rows = [(key, known[key]) for key in picked if key in known]
        options = [
            self.create_option(name, key, label, selected=True, index=index)
            for index, (key, label) in enumerate(rows)
        ]
        return [(None, options, 0)]


class AutocompleteView(AutocompleteJsonView):
    """What a typed word finds: the admin's own answer, with what readers do not see said of it."""

    def process_request(self, request: HttpRequest) -> Any:
        term, *rest = super().process_request(request)
        return term.replace("\0", ""), *rest  # PostgreSQL takes none, nor has any text of ours

    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset()
        if found.model is not Article:
            return found
        shown = Publication.objects.at(moment_of(self.request)).filter(article=OuterRef("pk"))
        return found.annotate(is_shown=Exists(shown))

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        row: dict[str, str] = super().serialize_result(obj, to_field_name)
        if not getattr(obj, "is_shown", True):
            row["text"] = _("%(headline)s (not public)") % {"headline": row["text"]}
        return row


autocomplete_view = admin.site.admin_view(AutocompleteView.as_view(admin_site=admin.site))
