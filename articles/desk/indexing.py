"""How the readers' index follows a story's line of versions, in the press's transaction."""

from collections.abc import Collection, Iterator
from datetime import datetime

from articles import reading_index
from articles.desk.sheet import Sheet
from articles.desk.timeline import Slot
from articles.models import Publication


def follow(sheet: Sheet, printed: Collection[int]) -> None:
    """Make the index what the line is by now; `printed` are the versions (ids) that are new."""
    line = {slot.key: slot for slot in sheet.line if slot.key}
    anew = set(printed)
    gone, ended = [], []
    for key, was in _keyed(sheet):
        slot = line.get(key)
        if slot is None or slot.starts_at == slot.ends_at:
            gone.append((key, was.first_published_at))
        elif _words_of(slot) != _words_of(was):
            gone.append((key, was.first_published_at))
            anew.add(key)
        elif slot.ends_at and slot.ends_at <= sheet.now:
            ended.append((key, slot.first_published_at))
    reading_index.remove(gone)
    reading_index.put_away([*ended, *_ended_before(sheet)])
    reading_index.write(anew)


def _words_of(slot: Slot) -> tuple[int, datetime]:
    """What a version's row in the index is made of: its text, and its place."""
    return slot.revision, slot.first_published_at


def _keyed(sheet: Sheet) -> Iterator[tuple[int, Slot]]:
    return ((slot.key, slot) for slot in sheet.was if slot.key)


def _ended_before(sheet: Sheet) -> Iterator[tuple[int, datetime]]:
    """What readers had last, where it ended by itself since the press was last at the story."""
    row = sheet.newest_begun
    if row and row.ends_at and row.ends_at <= sheet.now:
        yield row.pk, row.first_published_at


def follow_gate(row: Publication) -> None:
    """Take a version that was withheld out of the index; one that is shown again has ended."""
    version = (row.pk, row.first_published_at)
    if row.withheld:
        reading_index.remove([version])
    else:
        reading_index.write([row.pk])
        reading_index.put_away([version])
