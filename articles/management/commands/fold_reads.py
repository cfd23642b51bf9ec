"""manage.py fold_reads: makes days of old hours of reads; docs/ops.md explains it."""

from typing import Any

from django.core.management.base import BaseCommand, no_translations
from django.utils import timezone

from articles.desk import readership


class Command(BaseCommand):
    help = "Makes one number a day of how often each story was read in its hours, after 30 days."

    @no_translations  # the terminal is spoken to in English, whatever readers are
    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Days that were folded: {readership.fold(timezone.now())}.")
