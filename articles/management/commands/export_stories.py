"""manage.py export_stories: the newsroom's stories as files; docs/story-files.md explains it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone

from articles.moments import newsroom_zone
from articles.wire.outgoing import Outgoing
from articles.wire.story_files import SUFFIX


class Command(BaseCommand):
    help = "Exports every story as a file that import_stories reads (docs/story-files.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", default="stories", metavar="FOLDER")
        parser.add_argument(
            "--overwrite", action="store_true", help="write into a folder that holds story files"
        )

    @no_translations  # the terminal is spoken to in English, whatever readers are
    def handle(self, *, folder: str, overwrite: bool, **options: Any) -> None:
        into = _opened(Path(folder), overwrite=overwrite)
        run = Outgoing(timezone.now(), newsroom_zone())
        written = changed = ending = 0
        for story in run.stories():
            _write(into / f"{story.slug}{SUFFIX}", story.text)
            written += 1
            changed += story.has_unpublished_changes
            ending += story.has_end
        self.stdout.write(f"Stories written to {into}: {written}.")
        for count, says in (
            (changed, "With changes that are not published, and not in their files: {}."),
            (ending, "To end by themselves, which their files do not say: {}."),
            (run.kept_back, "Taken down without a trace, and left out: {}."),
        ):
            if count:
                self.stdout.write(says.format(count))


def _opened(folder: Path, *, overwrite: bool) -> Path:
    """The folder, made when it is missing; one that holds story files is asked about."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_used = any(folder.glob(f"*{SUFFIX}"))
    except OSError as error:
        raise CommandError(f"“{folder}” cannot be written to: {error.strerror}.") from None
    if is_used and not overwrite:
        raise CommandError(
            f"Story files stand in “{folder}”. Name another folder, or say --overwrite: "
            "files of the same names are replaced, others stay."
        )
    return folder


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        raise CommandError(f"“{path}” cannot be written: {error.strerror}.") from None
