"""manage.py check_house: whether what the desk holds and what readers are shown agree."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.desk import soundness


class Command(BaseCommand):
    help = "Names each story, picture and name of which something is missing or half there."

    def handle(self, **options: object) -> None:
        found = 0
        for fault in soundness.faults(timezone.now()):
            found += 1
            self.stdout.write(str(fault))
        if found:
            raise CommandError(f"{found} to mend.", returncode=1)
        self.stdout.write("Nothing is missing, and nothing half there.")
