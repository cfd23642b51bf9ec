"""Text that other systems choke on: refused with its line, or kept to the letter."""

from collections.abc import Callable
from pathlib import Path

import pytest

from articles.models import Article
from tests.wire.terminal import import_stories, refused, story

pytestmark = pytest.mark.django_db

WriteFile = Callable[..., Path]
KEYS = ("headline", "standfirst", "section", "authors", "tags")
KEPT = {
    "4-byte emoji": "Ferry 🚢 and 👩‍👩‍👧 at 🇩🇪",
    "right to left": "המעבורת יוצאת العبارة تغادر",
    "directions": "one\u202etwo\u202c three\u200f",
    "markup": "<script>alert(1)</script> & <b>R&D</b> &amp; \\n “x”: #1 - y",
    "accents": "Zürich Đà Nẵng Łódź",
    "Chinese": "渡輪今早離港",
}
REFUSED = {
    "NUL": ("\\0", "U+0000"),
    "bell": ("\\a", "U+0007"),
    "escape": ("\\e", "U+001B"),
    "delete": ("\\x7f", "U+007F"),
    "C1": ("\\x9b", "U+009B"),
    "a lone high surrogate": ("\\ud800", "U+D800"),
    "a lone low surrogate": ("\\udfff", "U+DFFF"),
    "surrogates the wrong way round": ("\\ude00\\ud83d", "U+DE00"),
    "a non-character": ("\\ufdd0", "U+FDD0"),
    "a non-character beyond": ("\\U0001fffe", "U+1FFFE"),
}


def keys(key: str, words: str) -> dict[str, object]:
    """A story's keys with the words in one of them, escaped as YAML does."""
    value = words.replace("\\", "\\\\").replace('"', '\\"')
    return {key: [value] if key in ("authors", "tags") else value}


def said_in(key: str) -> str:
    stored = Article.objects.get()
    named = {"authors": stored.authors, "tags": stored.tags}
    return str(named[key].get().name if key in named else getattr(stored, key))


@pytest.mark.parametrize("words", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("key", KEYS)
def test_odd_text_is_kept_to_the_letter(file: WriteFile, key: str, words: str) -> None:
    if (key, words) == ("section", KEPT["directions"]):
        words += " section"
    import_stories(file(**keys(key, words)))

    assert said_in(key) == words


@pytest.mark.parametrize(("escape", "code"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("key", KEYS)
def test_a_character_that_cannot_be_shown_is_refused_in_any_key(
    file: WriteFile, key: str, escape: str, code: str
) -> None:
    words = f"Ferry {escape} leaves"
    path = file(**{key: [words] if key in ("authors", "tags") else words})

    message = refused(path)
    assert f"{key}: There is a character that cannot be shown, {code}" in message
    message.encode("utf-8")
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    "character", ["\0", "\x07", "\x1b", "\x7f", "\x9b", "\ufdd0", "\U0001fffe"]
)
@pytest.mark.parametrize("where", ["headline", "body"])
def test_a_character_that_cannot_be_shown_is_refused_as_it_is(
    folder: Path, character: str, where: str
) -> None:
    path = folder / "harbour.md"
    path.write_text(story(**{where: f"Ferry\n{character}" if where == "body" else f"F{character}"}))

    line = 2 if where == "headline" else 8
    assert f"{path}:{line}: There is a character that cannot be shown" in refused(path)


@pytest.mark.parametrize("number", ["&#0;", "&#x1b;", "&#xd800;", "&#65535;"])
def test_a_number_of_no_character_is_refused_in_the_body(file: WriteFile, number: str) -> None:
    message = refused(file(body=f"Ferry {number} leaves."))

    assert "A body cannot hold a character by its number where no such character is." in message


def test_surrogates_in_a_pair_are_the_emoji_that_they_stand_for(file: WriteFile) -> None:
    import_stories(file(headline="Ferry \\ud83d\\udea2"))

    assert Article.objects.get().headline == "Ferry 🚢"


def test_bytes_of_a_lone_surrogate_are_no_utf_8(folder: Path) -> None:
    path = folder / "harbour.md"
    path.write_bytes(story().encode() + b"\xed\xa0\x80")

    assert f"{path}:8: This is not UTF-8." in refused(path)


@pytest.mark.parametrize("words", KEPT.values(), ids=KEPT)
def test_odd_text_is_kept_in_the_body(file: WriteFile, words: str) -> None:
    escaped = words.replace("\\", "\\\\").replace("<", "\\<").replace("&", "\\&")
    import_stories(file(body=escaped))

    html = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert Article.objects.get().body == f"<p>{html}</p>"


def test_letters_in_two_pieces_become_one(file: WriteFile) -> None:
    import_stories(file(headline="Zu\u0308rich", body="Zu\u0308rich"))

    stored = Article.objects.get()
    assert (stored.headline, stored.body) == ("Z\u00fcrich", "<p>Z\u00fcrich</p>")
