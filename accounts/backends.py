"""What a person may do, read in one query a request: their own permissions and their roles'."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q


class RoleBackend(ModelBackend):
    """Django's own sign-in by password; permissions of person and groups are read as one."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Every permission of an active person as “app.codename”; none for one object only."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        known: set[str] | None = getattr(user_obj, "_permissions", None)
        if known is None:
            held = Permission.objects.order_by()
            if not user_obj.is_superuser:
                held = held.filter(Q(user=user_obj.pk) | Q(group__user=user_obj.pk)).distinct()
            rows = held.values_list("content_type__app_label", "codename")
            known = {f"{app}.{codename}" for app, codename in rows}
            user_obj._permissions = known
        return known
