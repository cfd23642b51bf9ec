"""What the desk asks of a redirect: its two addresses, or a file of many."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.desk import redirect_lines, redirects
from articles.models import Redirect

_LONGEST = 4 * 2000  # as typed; its normal form may be shorter


class AddressInput(forms.TextInput):
    """A line for an address: as long as the form is wide, from left to right in any script."""

    def __init__(self) -> None:
        super().__init__({"class": "vTextField", "dir": "ltr", "spellcheck": "false"})


class RedirectForm(forms.ModelForm):
    """An old address, and where it leads."""

    source = forms.CharField(
        label=_("Old address"), max_length=_LONGEST, widget=AddressInput,
        help_text=_("As it was, such as /2019/05/some-slug/ or /?p=123, with the old host or not."),
    )  # fmt: skip
    target = forms.CharField(
        label=_("Leads to"), max_length=_LONGEST, widget=AddressInput,
        help_text=_(
            "An address of this site (a story is followed wherever it moves), another site’s "
            "address, or “gone” (410)."
        ),
    )  # fmt: skip

    class Meta:
        model = Redirect
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            [line] = redirect_lines.lines([self.instance])
            self.initial.update(source=line.source, target=line.to)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"source", "target"} <= cleaned.keys():
            redirects.checked(self.instance, cleaned["source"], cleaned["target"])
        return cleaned

    def _post_clean(self) -> None:
        """The verb writes the row; from a form’s fields it is made by no rule of Django’s."""


class ImportForm(forms.Form):
    """A file of redirects."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_(
            "CSV in UTF-8, with the columns from and to, or as the WordPress plugin Redirection "
            "exports it; 25 MB and 200,000 lines at most."
        ),
    )
