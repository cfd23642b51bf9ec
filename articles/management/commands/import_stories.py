"""manage.py import_stories: story files into the newsroom; docs/story-files.md explains it."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone

from articles import tasks
from articles.desk import filing
from articles.desk.filing import Filing, Outcome, Plan, Plans
from articles.desk.handed import Story
from articles.moments import newsroom_zone
from articles.wire import story_files
from articles.wire.faults import Problem, shown
from articles.wire.names import Entry
from articles.wire.story_files import Batch

_WORDS = {
    Outcome.NEW: "new",
    Outcome.CHANGED: "changed",
    Outcome.SAME: "the same",
    Outcome.LEFT: "left",
    Outcome.FAILED: "failed",
}


class Command(BaseCommand):
    help = "Imports story files: YAML front matter, then Markdown (docs/story-files.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a story file, or a folder")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything and write nothing"
        )
        parser.add_argument(
            "--publish",
            action="store_true",
            help="open each story at its “published” moment; a future one is scheduled",
        )

    @no_translations  # the terminal is spoken to in English, whatever readers are
    def handle(self, *, paths: list[str], dry_run: bool, publish: bool, **options: Any) -> None:
        batch = _read(paths)
        run = Filing(batch.stories, publish=publish, others=batch.slugs)
        plans = run.check(timezone.now())
        _require_none(_problems(batch, plans))
        to_make = _missing(plans)
        self.verbosity = options["verbosity"]
        if dry_run:
            self.stdout.write("This is a dry run: nothing is written. It would be:")
            self._end(batch, self._tell(batch, plans), to_make, publish=publish)
            return
        counts = self._tell(batch, run.write(plans, timezone.now))
        tasks.hub_soon()
        self._end(batch, counts, [entry for entry in to_make if entry.pk], publish=publish)
        if counts[Outcome.FAILED]:
            raise CommandError("Not every story could be written. Run the import again.")

    def _tell(self, batch: Batch, plans: Iterable[tuple[Story, Plan]]) -> Counter[Outcome]:
        """Say what becomes of each story, as it does."""
        files = {story.slug: story for story in batch.stories}
        counts: Counter[Outcome] = Counter()
        for story, plan in plans:
            counts[plan.outcome] += 1
            if plan.outcome != Outcome.SAME or self.verbosity > 1:
                path = shown(files[story.slug].path, most=200)
                told = ", ".join([_WORDS[plan.outcome], *plan.steps])
                self.stdout.write(f"{path}: {told}{': ' if plan.why else ''}{plan.why}")
        return counts

    def _end(
        self, batch: Batch, counts: Counter[Outcome], made: list[Entry], *, publish: bool
    ) -> None:
        for entry in made:
            self.stdout.write(f"Made: {entry.kind._meta.verbose_name} “{entry}”.")
        sums = ", ".join(f"{counts[outcome]} {word}" for outcome, word in _WORDS.items())
        self.stdout.write(f"Stories: {len(batch.stories)}; {sums}.")
        with_moment = sum(story.published is not None for story in batch.stories)
        without = len(batch.stories) - with_moment
        if publish and without:
            self.stdout.write(f"Without “published”, so not published: {without}.")
        if not publish and with_moment:
            self.stdout.write(f"With “published”, but published only by --publish: {with_moment}.")


def _read(paths: list[str]) -> Batch:
    try:
        return story_files.read(story_files.find(paths), newsroom_zone())
    except FileNotFoundError as error:
        raise CommandError(str(error)) from None


def _problems(batch: Batch, plans: Plans) -> list[Problem]:
    """All that is wrong, in the files and with the database."""
    files = {story.slug: story for story in batch.stories}
    refused = [
        files[story.slug].problem(plan.key, plan.why, plan.entry)
        for story, plan in plans
        if plan.outcome == Outcome.REFUSED
    ]
    return sorted([*batch.problems, *refused])


def _require_none(problems: list[Problem]) -> None:
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise CommandError(f"Nothing was imported. What is wrong:\n{listed}")


def _missing(plans: Plans) -> list[Any]:
    """The sections, authors and tags to be made, each once."""
    written = (story for story, plan in plans if plan.writes)
    return list(dict.fromkeys(entry for story in written for entry in filing.missing(story)))
