"""The verbs of the picture library: added, described, withdrawn and brought back, each with its
Move. What readers could see of it changes at once, and the edition with it."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles import edition, pixels
from articles.desk import audit, renditions, rights
from articles.desk.rights import Actor
from articles.models import Image, ListKind, ListRow

# What an editor says of an image, and what of it readers never see.
FIELDS = (
    "alt", "caption", "credit", "rights", "taken_on", "focal_x", "focal_y", "ends_at",
)  # fmt: skip
_FOR_THE_DESK = {"rights", "taken_on"}


def add(content: bytes, *, by: Actor, now: datetime) -> Image:
    """Take a file into the library, with its smallest rendition and what it says of itself.

    The others are the worker's (tasks.renditions_soon). It has no description yet, so nothing
    can show it. Raises PermissionDenied, or ValidationError where the file will not do.
    """
    rights.require(by, "articles.add_image")
    master = pixels.read(content)
    image = Image(
        file=renditions.store("masters", master.content, master.format),
        width=master.width,
        height=master.height,
        caption=master.said.caption,
        credit=master.said.credit,
        taken_on=master.said.day,
        starts_at=now,
        added_by_id=by.pk,
    )
    with transaction.atomic():
        image.save()
        renditions.first(image, master.content)
        audit.record("add_image", by=by, at=now, subject=str(image), details={"id": image.pk})
    return image


def save(image: Image, *, by: Actor, now: datetime) -> Image:
    """Write what is said of an image; every page that shows it says so at once.

    Writes nothing when nothing changed. Raises PermissionDenied, or ValidationError with a
    sentence a field.
    """
    rights.require(by, "articles.change_image")
    with transaction.atomic():
        before = Image.objects.select_for_update().get(pk=image.pk)
        image.full_clean()
        _require_fit(image, before, now)
        was = {name: getattr(before, name) for name in FIELDS if _differs(before, image, name)}
        if not was:
            return image
        image.save(update_fields=FIELDS)
        _record("change_image", image, by, now, was={key: _plain(was[key]) for key in was})
        if "ends_at" in was:
            edition.move_on_with_a_withdrawal()
        elif was.keys() - _FOR_THE_DESK:
            edition.move_on()
    return image


def withdraw(image_id: int, *, reason: str, by: Actor, now: datetime) -> Image:
    """Show an image nowhere any more, from now on and as of every moment.

    Raises PermissionDenied, or ValidationError with a sentence.
    """
    image = _turned(image_id, by, reason, withheld=True)
    with transaction.atomic():
        if not Image.objects.filter(pk=image_id, withheld=False).update(withheld=True):
            raise ValidationError(_("This picture is withdrawn already."))
        _record("withdraw_image", image, by, now, reason=reason.strip())
        edition.move_on_with_a_withdrawal()
    return image


def restore(image_id: int, *, reason: str, by: Actor, now: datetime) -> Image:
    """Show a withdrawn image again wherever it was; raises what withdraw raises."""
    image = _turned(image_id, by, reason, withheld=False)
    with transaction.atomic():
        if not Image.objects.filter(pk=image_id, withheld=True).update(withheld=False):
            raise ValidationError(_("This picture is not withdrawn."))
        _record("restore_image", image, by, now, reason=reason.strip())
        edition.move_on()
    return image


def delete(image: Image, *, by: Actor, now: datetime) -> None:
    """Delete an image that no story names or ever showed, with all its files."""
    rights.require(by, "articles.delete_image")
    with transaction.atomic():
        if is_named(image):
            raise ValidationError(
                _("Stories show this picture, or did. Withdraw it instead: it is shown nowhere.")
            )
        _record("delete_image", image, by, now)
        renditions.discard([image.file, *image.renditions.values_list("file", flat=True)])
        image.delete()


def is_named(image: Image) -> bool:
    """Whether a save of a story ever named an image, or readers saw it in one."""
    return image.named or ListRow.objects.filter(kind=ListKind.PICTURE, what=image.pk).exists()


def require_ahead(ends_at: datetime | None, now: datetime) -> None:
    """Raise ValidationError for a new end of a licence that is not to come."""
    if ends_at and ends_at <= now:
        raise ValidationError(
            _("This moment has passed. To take the picture down now, withdraw it.")
        )


def _turned(image_id: int, by: Actor, reason: str, *, withheld: bool) -> Image:
    rights.require(by, "articles.withdraw_image")
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason; it is kept in the audit.")})
    image = Image.objects.get(pk=image_id)
    image.withheld = withheld
    return image


def _require_fit(image: Image, before: Image, now: datetime) -> None:
    if not image.alt:
        raise ValidationError(
            {"alt": _("Say what is to be seen, for those who cannot see it. Nothing shows before.")}
        )
    if image.ends_at != before.ends_at:
        try:
            require_ahead(image.ends_at, now)
        except ValidationError as refused:
            raise ValidationError({"ends_at": refused}) from None


def _differs(before: Image, after: Image, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _plain(value: Any) -> Any:
    """A value as the audit keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def _record(verb: str, image: Image, by: Actor, now: datetime, **said: Any) -> None:
    details: dict[str, Any] = {"id": image.pk}
    reason = said.pop("reason", "")
    audit.record(
        verb, by=by, at=now, subject=str(image), reason=reason, details={**details, **said}
    )
