"""What the desk asks of a picture: the file, what is said of it, and why it is withdrawn."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles import pixels
from articles.desk import pictures, plan_forms
from articles.desk.verb_forms import MomentField, ReasonField
from articles.models import Image

TAKEN = "image/jpeg,image/png,image/webp,image/avif"


class UploadForm(forms.Form):
    """A file for the library. What it says of itself stands in the form that comes next."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # pixels.read says what to send instead
        widget=forms.FileInput(attrs={"accept": TAKEN}),
        help_text=_(
            "A JPEG, PNG, WebP or AVIF, 25 MB at most. Where it was taken, and with which "
            "camera, is not kept."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > pixels.MOST_BYTES:  # before it is read into memory
            raise ValidationError(pixels.too_heavy(file.size), code="heavy")
        return file


class PictureForm(forms.ModelForm):
    """What is said of a picture."""

    ends_at = MomentField(
        required=False,
        label=_("Licence ends"),
        help_text=_("From then on no page shows it. Empty: never."),
    )

    now: ClassVar[datetime]  # the admin makes a class for each form, and says when it is read

    class Meta:
        model = Image
        fields = pictures.FIELDS
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "alt": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "caption": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "credit": forms.TextInput(attrs={"dir": "auto"}),
            "rights": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "taken_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "focal_x": forms.NumberInput(attrs={"min": 0, "max": 100}),
            "focal_y": forms.NumberInput(attrs={"min": 0, "max": 100}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if "alt" not in self.fields:  # of who may look only, nothing is asked
            return
        self.fields["alt"].required = True
        self.initial["ends_at"] = plan_forms.typed(self.instance.ends_at)
        plan_forms.let_type(self, "ends_at")

    def add_error(self, field: str | None, error: Any) -> None:
        """Put a refusal at its field, and let an hour that comes twice be typed."""
        super().add_error(field, error)
        if field == "ends_at":
            plan_forms.let_type(self, "ends_at", error)

    def clean_ends_at(self) -> Any:
        """As it stands where it was not touched: the picker shows minutes only."""
        if "ends_at" not in self.changed_data:
            return self.instance.ends_at
        typed = self.cleaned_data["ends_at"]
        pictures.require_ahead(typed, self.now)
        return typed


class WithdrawForm(forms.Form):
    """Why a picture is withdrawn, or brought back."""

    reason = ReasonField(label=_("Why"))
