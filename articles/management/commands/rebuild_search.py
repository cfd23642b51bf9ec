"""manage.py rebuild_search: index the words of every story anew, for the desk's search."""

from django.core.management.base import BaseCommand
from django.db import transaction

from articles.desk import search


class Command(BaseCommand):
    help = "Indexes the words of every story anew, for the desk’s search."

    def handle(self, **options: object) -> None:
        with transaction.atomic():
            count = search.rebuild()
        self.stdout.write(f"{count:,} stories indexed")
