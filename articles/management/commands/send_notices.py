"""Send the mails that are due, for cron: what a mail server refused is tried again."""

from typing import Any

from django.core.management.base import BaseCommand

from articles import tasks


class Command(BaseCommand):
    help = "Sends the notices that are due by mail, and says how many."

    def handle(self, *args: Any, **options: Any) -> None:
        sent = tasks.send_notices.call()
        self.stdout.write(f"{sent} sent.")
