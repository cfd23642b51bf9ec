"""Tell the WebSub hub of feeds that changed, for cron: a worker that was killed looks no more."""

from typing import Any

from django.core.management.base import BaseCommand

from articles import tasks


class Command(BaseCommand):
    help = "Tells the hub (WEBSUB_HUB) of every feed that changed, and says of how many."

    def handle(self, *args: Any, **options: Any) -> None:
        told = tasks.tell_hub.call()
        self.stdout.write(f"{told} told.")
