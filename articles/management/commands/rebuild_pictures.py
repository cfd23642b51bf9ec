"""manage.py rebuild_pictures: make the sizes of pictures that are missing, or all of them anew."""

from argparse import ArgumentParser
from collections.abc import Iterable

from django.core.management.base import BaseCommand

from articles.desk import renditions
from articles.models import Image


class Command(BaseCommand):
    help = "Makes the sizes of pictures that are missing; with --all, every one anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="make those anew that there are")

    def handle(self, *, all: bool, **options: object) -> None:
        make = renditions.remake if all else renditions.make
        ids: Iterable[int] = Image.objects.order_by("pk").values_list("pk", flat=True)
        made, failed = 0, []
        for pk in list(ids):
            try:
                made += make(pk)
            except OSError as fault:  # its master is not there: the others are made all the same
                failed.append(f"Picture {pk}: {fault}")
        self.stdout.write(f"{made:,} files made")
        for line in failed:
            self.stderr.write(line)
