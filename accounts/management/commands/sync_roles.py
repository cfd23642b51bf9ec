"""manage.py sync_roles: make the groups hold exactly what the table of roles says."""

from django.core.management.base import BaseCommand

from accounts import roles


class Command(BaseCommand):
    help = "Makes the groups and their permissions true to the table of roles."

    def handle(self, *args: object, **options: object) -> None:
        changed = roles.sync()
        self.stdout.write(f"Changed: {', '.join(changed)}." if changed else "Nothing to change.")
