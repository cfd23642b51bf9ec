"""manage.py doctor: what is wrong with this site, and how each fault is mended."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone

from newsroom.health import table


class Command(BaseCommand):
    help = "Names each fault of this site with its fix, and ends with 1 where there is one."
    requires_system_checks: list[str] = []  # a fault that they see must not end the look

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs: every check")

    @no_translations  # for the logs that it ends in
    def handle(self, **options: Any) -> None:
        found = table.look_at_all(timezone.now())
        # A database that is down is a fault of every check that asks it, and is said once.
        faults = {
            fault: one.check.name for one in reversed(found) for fault in reversed(one.faults)
        }
        if options["json"]:
            self.stdout.write(
                json.dumps({one.check.name: one.faults for one in found}, ensure_ascii=False)
            )
        else:
            for fault, name in reversed(faults.items()):
                self.stdout.write(f"{name}: {fault}")
            if not faults:
                self.stdout.write(f"{len(found)} checks, no fault.")
        if faults:
            raise CommandError(f"{len(faults)} to mend.", returncode=1)
