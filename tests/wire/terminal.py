"""Story files for the tests, and the commands as somebody at a terminal runs them."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

HARBOUR = {"headline": "Harbour Opens", "slug": "harbour-opens", "section": "World"}
BODY = "The harbour opened on Tuesday."
PAST = "2026-06-18T09:30:00+05:30"  # the day before NOW
FUTURE = "2026-06-20T09:30:00+05:30"


def story(*, body: str = BODY, **keys: Any) -> str:
    """The text of a story file."""
    lines = ["---"]
    for key, value in {**HARBOUR, **keys}.items():
        if isinstance(value, list):
            lines += [f"{key}:", *(f'  - "{entry}"' for entry in value)]
        elif value is not None:
            lines.append(f'{key}: "{value}"' if key != "published" else f"{key}: {value}")
    return "\n".join([*lines, "---", "", body, ""])


def import_stories(*arguments: Any) -> str:
    """Run the import and return what it said; raises CommandError."""
    out = StringIO()
    call_command("import_stories", *map(str, arguments), stdout=out)
    return out.getvalue()


def refused(*arguments: Any) -> str:
    """Run an import that has to refuse, and return why."""
    with pytest.raises(CommandError) as error:
        import_stories(*arguments)
    return str(error.value)


def export_stories(*arguments: Any) -> str:
    """Run the export and return what it said; raises CommandError."""
    out = StringIO()
    call_command("export_stories", *map(str, arguments), stdout=out)
    return out.getvalue()


def files_in(folder: Path) -> dict[str, str]:
    """Every file of a folder, as text."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}
