"""manage.py rebuild_search: index all words anew, for the desk's search and the readers'."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from articles import reading_index
from articles.desk import search
from articles.models import NameWord
from articles.models.name_word import KINDS_OF_NAMES


class Command(BaseCommand):
    help = "Indexes the words of every story anew, for the desk’s search and the readers’."

    def handle(self, **options: object) -> None:
        with transaction.atomic():
            stories = search.rebuild()
        with transaction.atomic():
            versions = reading_index.rebuild(timezone.now())
        for model, kind in KINDS_OF_NAMES.items():
            NameWord.objects.write_all(kind, model._default_manager.all())
        self.stdout.write(f"{stories:,} stories indexed, {versions:,} versions of what readers see")
