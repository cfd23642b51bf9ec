"""manage.py thin_revisions: deletes old saves that nobody needs; docs/ops.md explains it."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone

from articles.desk import thinning
from articles.desk.rights import Program
from articles.moments import in_newsroom_words

LONGEST = 36_500  # days


class Command(BaseCommand):
    help = (
        "Deletes old saves: of those that one person made in a row only the last stays, and "
        "whatever was submitted, approved, published, shared or noted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days", type=int, default=90, help="how old a save has to be (default: 90)"
        )
        parser.add_argument("--dry-run", action="store_true", help="say how many, delete none")

    @no_translations  # the terminal is spoken to in English, whatever readers are
    def handle(self, *, days: int, dry_run: bool, **options: Any) -> None:
        if not 1 <= days <= LONGEST:
            raise CommandError(f"--days={days} will not do: give a number from 1 to {LONGEST}.")
        now, older_than = timezone.now(), timedelta(days=days)
        if dry_run:
            found = thinning.would_thin(older_than=older_than, now=now)
        else:
            found = thinning.thin(older_than=older_than, now=now, by=Program("thin_revisions"))
        self.stdout.write(
            f"Saves from before {in_newsroom_words(now - older_than)} that "
            f"{'would be' if dry_run else 'were'} deleted: {found.revisions}, "
            f"of {found.stories} stories."
        )
