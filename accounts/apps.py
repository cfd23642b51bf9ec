"""The app of people and roles."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from accounts import roles


def _make_roles_true(app_config: AppConfig, using: str, **_: object) -> None:
    # After the last app only: by then every permission the table names exists.
    if app_config is list(apps.get_app_configs())[-1]:
        roles.sync(using=using)


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        post_migrate.connect(_make_roles_true, dispatch_uid="roles")
