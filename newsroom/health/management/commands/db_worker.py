"""The worker, which says every few seconds that it lives; otherwise django-tasks-db's own."""

from typing import Any

from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from newsroom.health import worker


class Command(db_worker.Command):
    help = "Does what was put off: mail, receipts, the sizes of pictures, telling a hub."

    def handle(self, **options: Any) -> None:
        if options["batch"]:  # by cron: it ends by itself, and soon
            worker.beat(timezone.now())
            super().handle(**options)
        else:
            with worker.beating():
                super().handle(**options)
