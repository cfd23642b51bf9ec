"""People in the admin: sign-in, roles, and nothing that would let someone raise themselves."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.models import User

# Groups are the roles of accounts/roles.py: a group edited by hand would be undone at the next
# migrate, and an administrator could grant themselves what no table gives.
admin.site.unregister(Group)


class PersonChangeForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User


class PersonCreationForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("email", "display_name")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


@admin.register(User)
class PersonAdmin(UserAdmin):
    form = PersonChangeForm
    add_form = PersonCreationForm
    ordering = ("display_name", "pk")
    list_display = ("display_name", "email", "roles", "is_active", "signed_in")
    list_filter = ("is_active", "groups")
    search_fields = ("display_name", "email")
    filter_horizontal = ("groups",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "display_name", "password")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "email",
                    "display_name",
                    "usable_password",
                    "password1",
                    "password2",
                    "groups",
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("Roles"))
    def roles(self, person: User) -> str:
        return ", ".join(group.name for group in person.groups.all()) or "–"

    @admin.display(description=_("Last signed in"), ordering="last_login")
    def signed_in(self, person: User) -> str:
        at = person.last_login
        return date_format(localtime(at), pgettext("date format", "j M Y, H:i")) if at else "–"

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Someone who leaves is deactivated: their name stays in every story's history.
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)
