"""A folder of story files for each test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.wire.terminal import BODY, story


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for story files."""
    made = tmp_path / "files"
    made.mkdir()
    return made


@pytest.fixture
def file(folder: Path) -> Callable[..., Path]:
    """Write a story file: file("a.md", headline="…", tags=[…], body="…"); None drops a key."""

    def file(name: str = "harbour.md", *, body: str = BODY, **keys: Any) -> Path:
        path = folder / name
        path.write_text(story(body=body, **keys), encoding="utf-8", newline="")
        return path

    return file
