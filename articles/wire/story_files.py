"""Story files: YAML front matter, then Markdown. How one is read, checked and written.

What is wrong with a file is a Problem that names the file and the line; all there are, of all
files, are found before anything is done with one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import Model

from articles import body, text
from articles.kinds import USUAL, StoryKind
from articles.models import Article
from articles.moments import read_moment
from articles.wire import front_matter, markdown, markdown_out, prose
from articles.wire.faults import Fault, Problem, shown
from articles.wire.front_matter import FrontMatter, Value
from articles.wire.names import Entry, Register, Registers, split

SUFFIX = ".md"
_FENCE = "---"
# Escapes can make Markdown longer than the body that it says, but never so much.
_LARGEST_FILE = 8 * body.LARGEST


@dataclass(frozen=True)
class StoryFile:
    """One story as a file says it; every text has passed the gate, the body the sanitiser.

    The slug is the file's, or made from the headline: it says which story this is.
    """

    path: str
    headline: str
    slug: str
    kind: str
    dateline: str
    section: Entry
    standfirst: str
    authors: tuple[Entry, ...]
    tags: tuple[Entry, ...]
    published: datetime | None
    also_read: tuple[str, ...]
    body: str
    lines: Mapping[tuple[str, str], int]

    def problem(self, key: str, says: str, entry: str = "") -> Problem:
        """Something that is wrong with a key, or with one entry of its list."""
        return Problem(self.path, self.lines[key, entry], f"{key}: {says}")


@dataclass
class Batch:
    """What a run's files hold, and all that is wrong with them."""

    stories: list[StoryFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # Of files with faults too, so that a link to such a story is no fault of its own.
    slugs: set[str] = field(default_factory=set)


def find(paths: Iterable[str]) -> list[Path]:
    """Return the files that the paths name, those of folders in the order of their names.

    Raises FileNotFoundError, with a sentence, for a path that is not there and for a folder
    without story files.
    """
    found: dict[Path, Path] = {}
    for name in paths:
        path = Path(name)
        if not path.exists():
            raise FileNotFoundError(f"There is no file or folder “{shown(name, most=200)}”.")
        files = sorted(_within(path)) if path.is_dir() else [path]
        if not files:
            raise FileNotFoundError(f"No {SUFFIX} files stand in “{shown(name, most=200)}”.")
        found.update((file.resolve(), file) for file in files if file.resolve() not in found)
    return list(found.values())


def read(files: Iterable[Path], zone: ZoneInfo) -> Batch:
    """Read every file; moments without an offset are in the zone."""
    batch, registers = Batch(), Registers()
    first_with: dict[str, StoryFile] = {}
    for file in files:
        story, faults = _read_file(file, zone, registers)
        batch.problems += [Problem(str(file), fault.line, fault.says) for fault in faults]
        if story is None:
            continue
        batch.slugs.add(story.slug)
        if story.slug in first_with:
            other = shown(first_with[story.slug].path, most=200)
            says = f"“{story.slug}” is the slug of {other} too. Each story needs its own."
            batch.problems.append(story.problem("slug", says))
        first_with.setdefault(story.slug, story)
        if not faults:
            batch.stories.append(story)
    return batch


def written(keys: dict[str, str | list[str]], html: str) -> str:
    """Return a file's text: its keys, as they are to stand there, and a body."""
    words = markdown_out.write(prose.from_html(body.without_pictures(html)))
    front = front_matter.write(keys)
    return f"{front}\n{words}\n" if words else front


def _within(folder: Path) -> Iterator[Path]:
    """The story files in a folder and those below it, without what is hidden."""
    for file in folder.rglob(f"*{SUFFIX}"):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.is_file() and not hidden:
            yield file


def _read_file(
    file: Path, zone: ZoneInfo, registers: Registers
) -> tuple[StoryFile | None, list[Fault]]:
    """A file's story, and its faults; no story where none can be made out."""
    try:
        source = _decoded(file)
        front, words, body_line = _parts(source)
    except _Unreadable as error:
        return None, [error.fault]
    faults = [*_characters(front, 2), *_characters(words, body_line)]
    if faults:
        return None, faults
    matter = front_matter.read(front, first_line=2)
    html, body_faults = markdown.read(words)
    faults = [Fault(body_line + fault.line - 1, fault.says) for fault in body_faults]
    story = _Story(matter, zone, registers).read(str(file), html)
    return story, sorted([*matter.faults, *faults])


class _Unreadable(Exception):
    def __init__(self, line: int, says: str) -> None:
        self.fault = Fault(line, says)
        super().__init__(says)


def _decoded(file: Path) -> str:
    """The file's text with plain line feeds. A byte order mark is left out."""
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise _Unreadable(1, f"This file is over {_LARGEST_FILE // 1_000_000} MB long.")
        raw = file.read_bytes()
    except OSError as error:
        raise _Unreadable(1, f"This file cannot be read: {error.strerror}.") from None
    try:
        source = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _Unreadable(line, "This is not UTF-8. Save the file as UTF-8.") from None
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _parts(source: str) -> tuple[str, str, int]:
    """The front matter, what follows it, and on which line that begins."""
    lines = source.split("\n")
    if lines[0].rstrip() != _FENCE:
        raise _Unreadable(1, f"A story file begins with a line of “{_FENCE}”, then its keys.")
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1:index]), "\n".join(lines[index + 1 :]), index + 2
    raise _Unreadable(1, f"The line of “{_FENCE}” that ends the keys is missing.")


def _characters(part: str, first_line: int) -> list[Fault]:
    """The characters that no text may hold."""
    faults = []
    for number, line in enumerate(part.split("\n"), start=first_line):
        try:
            text.clean_text(line)
        except ValidationError as error:
            faults += [Fault(number, says) for says in error.messages]
    return faults


class _Story:
    """Reads one story's keys by the rules of the fields that will hold them."""

    def __init__(self, matter: FrontMatter, zone: ZoneInfo, registers: Registers) -> None:
        self.matter = matter
        self.zone = zone
        self.registers = registers
        self.lines: dict[tuple[str, str], int] = {}

    def read(self, path: str, html: str) -> StoryFile | None:
        """The story; None where nothing says which one it is."""
        headline = self._cleaned(Article, "headline", self._required("headline"))
        slug = self._slug(headline)
        story = StoryFile(
            path=path,
            headline=headline,
            slug=slug,
            kind=self._kind(),
            dateline=self._cleaned(Article, "dateline", self._one("dateline")),
            section=self._entry(self.registers.sections, "section", self._required("section")),
            standfirst=self._cleaned(Article, "standfirst", self._one("standfirst")),
            authors=self._entries(self.registers.authors, "authors"),
            tags=self._entries(self.registers.tags, "tags"),
            published=self._published(),
            also_read=self._also_read(slug),
            body=html,
            lines=self.lines,
        )
        return story if slug else None

    def _fault(self, line: int, says: str) -> None:
        self.matter.faults.append(Fault(line, says))

    def _one(self, key: str) -> Value:
        value = self.matter.one(key)
        self.lines[key, ""] = value.line
        return value

    def _required(self, key: str) -> Value:
        value = self._one(key)
        if not value.typed.strip() and key not in self.matter.unusable:
            self._fault(value.line, f"“{key}” is missing.")
        return value

    def _cleaned(self, model: type[Model], key: str, value: Value, *, name: str = "") -> str:
        """A value as a field of the model (the key's, or `name`) cleans it; empty if refused."""
        checked: Any = model._meta.get_field(name or key)
        try:
            return str(checked.clean(value.typed, None)) if value.typed.strip() else ""
        except ValidationError as error:
            for says in error.messages:
                self._fault(value.line, f"{key}: {says}")
            return ""

    def _kind(self) -> str:
        value = self._one("kind")
        if not value.typed.strip():
            return str(USUAL)
        if value.typed in StoryKind.values:
            return value.typed
        known = ", ".join(StoryKind.values)
        self._fault(value.line, f"kind: “{shown(value.typed)}” is none of {known}.")
        return ""

    def _slug(self, headline: str) -> str:
        value = self._one("slug")
        if value.typed.strip():
            return self._cleaned(Article, "slug", value)
        self.lines["slug", ""] = line = self.lines["headline", ""]
        slug = text.slug_of(headline)
        if headline and not slug:
            self._fault(line, "No slug can be made of this headline. Give one: “slug: …”.")
        return slug

    def _entry(self, register: Register, key: str, value: Value) -> Entry:
        typed = split(value.typed)
        name, slug = (
            self._cleaned(register.kind, key, Value(words, value.line), name=field_name)
            for words, field_name in zip(typed, ("name", "slug"), strict=True)
        )
        try:
            if name and bool(slug) == bool(typed[1]):
                return register.find(name, slug)
        except ValidationError as error:
            self._fault(value.line, f"{key}: {' '.join(error.messages)}")
        return Entry(register.kind, name, slug)

    def _entries(self, register: Register, key: str) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        for value in self.matter.many(key):
            entry = self._entry(register, key, value)
            if not value.typed.strip():
                self._fault(value.line, f"{key}: An entry of this list is empty.")
            elif entry in entries:
                self._fault(value.line, f"{key}: “{entry.name}” stands here a second time.")
            entries.append(entry)
        return tuple(entries)

    def _also_read(self, slug: str) -> tuple[str, ...]:
        slugs: list[str] = []
        for value in self.matter.many("also_read"):
            other = self._cleaned(Article, "also_read", value, name="slug")
            if not value.typed.strip():
                self._fault(value.line, "also_read: An entry of this list is empty.")
            elif other and other == slug:
                self._fault(value.line, "also_read: A story cannot point to itself.")
            elif other and other in slugs:
                self._fault(value.line, f"also_read: “{other}” stands here a second time.")
            self.lines["also_read", other] = value.line
            slugs.append(other)
        return tuple(slugs)

    def _published(self) -> datetime | None:
        value = self._one("published")
        if not value.typed.strip():
            return None
        try:
            return read_moment(value.typed, self.zone)
        except ValidationError as error:
            self._fault(value.line, f"published: {' '.join(error.messages)}")
            return None
