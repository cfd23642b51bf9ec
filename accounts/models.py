"""Who may come in: a person of the newsroom, who signs in by e-mail."""

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def known_zone(name: str) -> None:
    """Raise ValidationError for what is no zone of the tz database."""
    if name not in available_timezones():
        raise ValidationError(_("There is no such time zone. Write it so: Europe/Berlin."))


class UserManager(BaseUserManager["User"]):
    """Makes people, and finds them by e-mail whatever its capitals."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person; raise ValueError without an e-mail address."""
        if not email:
            raise ValueError("A person needs an e-mail address to sign in with.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person who may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person of the newsroom. Their roles are groups (accounts/roles.py)."""

    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("Someone already signs in with this address.")},
    )
    display_name = models.CharField(
        _("name"), max_length=120, help_text=_("As colleagues see it in the history.")
    )
    is_staff = models.BooleanField(
        _("may use the desk"), default=True, help_text=_("Without it, no sign-in to the admin.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Untick instead of deleting someone who leaves.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        help_text=_("Where you work, if not in the newsroom’s own zone: such as Asia/Kolkata."),
        validators=[known_zone],
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="email_in_lower_case", condition=models.Q(email=Lower("email"))
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name.split(" ")[0]
