"""manage.py import_redirects: where old addresses lead, by a CSV file; docs/ops.md explains it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone

from articles.desk import redirects
from articles.desk.redirects import Plan
from articles.desk.revisions import Stale
from articles.desk.rights import Program
from articles.wire import redirect_files
from articles.wire.faults import shown

_FAULTS_SHOWN = 100


class Command(BaseCommand):
    help = "Imports redirects from a CSV file with the columns from and to (docs/ops.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.csv")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything and write nothing"
        )

    @no_translations  # the terminal is spoken to in English, whatever readers are
    def handle(self, *, file: str, dry_run: bool, **options: Any) -> None:
        plan = _planned(Path(file))
        if plan.faults:
            listed = "\n".join(
                f"  {shown(file, most=200)}:{line}: {shown(says, most=400)}"
                for line, says in plan.faults[:_FAULTS_SHOWN]
            )
            more = len(plan.faults) - _FAULTS_SHOWN
            rest = f"\n  and {more} more lines" if more > 0 else ""
            raise CommandError(f"Nothing was imported. What is wrong:\n{listed}{rest}")
        if dry_run:
            self.stdout.write("This is a dry run: nothing is written. It would be:")
        else:
            _write(plan, Path(file).name)
        self.stdout.write(
            f"Redirects: {plan.new} new, {plan.changed} changed, {plan.same} as they were."
        )


def _planned(path: Path) -> Plan:
    try:
        if path.stat().st_size > redirect_files.MOST_BYTES:
            raise CommandError(redirect_files.too_heavy())
        with path.open("rb") as file:
            return redirects.plan(redirect_files.read(File(file)))
    except OSError as error:
        raise CommandError(f"“{path}” cannot be read: {error.strerror}.") from None


def _write(plan: Plan, name: str) -> None:
    by = Program("import_redirects")
    try:
        redirects.write(plan, by=by, now=timezone.now(), name=name)
    except Stale:
        raise CommandError(
            "Somebody changed a redirect meanwhile; nothing was imported. Run it again."
        ) from None
