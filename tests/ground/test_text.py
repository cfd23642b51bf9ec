"""The gate of every text, excerpts and slugs."""

import time
import unicodedata

import pytest
import regex
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from articles import text

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
FLAG, WAVE = "🇮🇳", "👋🏽"
MARKED = "e\u0323\u0302"


# --- The gate ---------------------------------------------------------------------------------


def test_plain_words_pass_as_they_are():
    assert (
        text.clean_text("Words, “quoted” — 40 %\n\tand 港 🇮🇳.")
        == "Words, “quoted” — 40 %\n\tand 港 🇮🇳."
    )


@pytest.mark.parametrize("sign", ["\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_every_sign_for_a_line_break_becomes_a_line_feed(sign):
    assert text.clean_text(f"one{sign}two") == "one\ntwo"


REFUSED = [
    *(chr(code) for code in range(0x20) if chr(code) not in "\t\n\r\x0b\x0c\x1c\x1d\x1e"),
    *(chr(code) for code in range(0x7F, 0xA0) if code != 0x85),
    "\ud800", "\udfff", "\ufdd0", "\ufdef",
    *(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF)),
]  # fmt: skip


@pytest.mark.parametrize("character", REFUSED, ids=lambda character: f"U+{ord(character):04X}")
def test_controls_surrogates_and_non_characters_are_refused(character):
    with pytest.raises(ValidationError, match="cannot be shown") as refusal:
        text.clean_text(f"The harbour{character} opened")
    assert f"U+{ord(character):04X}, after “The harbour”" in refusal.value.message
    refusal.value.message.encode()


def test_a_refusal_at_the_very_start_says_where_by_its_number():
    with pytest.raises(ValidationError, match="at character 1"):
        text.clean_text("\x00")


@given(st.text())
def test_what_has_passed_the_gate_passes_it_unchanged_and_can_stand_in_xml(typed):
    try:
        passed = text.clean_text(typed)
    except ValidationError:
        return
    assert text.clean_text(passed) == passed == unicodedata.normalize("NFC", passed)
    assert not set(passed) & set(REFUSED)
    assert passed.encode().decode() == passed


@given(st.text())
def test_a_line_holds_single_spaces_only(typed):
    try:
        line = text.clean_line(typed)
    except ValidationError:
        return
    assert line == " ".join(line.split())
    assert text.clean_line(line) == line


def test_length_is_counted_in_the_form_that_is_kept():
    assert len(text.clean_text("e\u0301" * 10, longest=10)) == 10
    with pytest.raises(
        ValidationError, match="This is 1,001 characters long; 1,000 at most"
    ) as long:
        text.clean_text("x" * 1001, longest=1000)
    assert long.value.code == "length"


def test_a_pile_of_combining_marks_is_answered_at_once():
    """Normalising takes the square of a run of marks: 40,000 took 3 s, 80,000 took 12 s."""
    pile = "a" + "\u0301" * 20_000 + "\u0323" * 20_000
    started = time.process_time()
    with pytest.raises(ValidationError):
        text.clean_text(pile, longest=1000)
    assert time.process_time() - started < 1


# --- Excerpts ---------------------------------------------------------------------------------


def words(count, word="word"):
    return " ".join(f"{word}{n}" for n in range(count))


def test_an_excerpt_of_fifteen_words_stands_uncut():
    assert text.excerpt("", words(15)) == words(15)


def test_an_excerpt_of_more_is_cut_after_fifteen_words_with_an_ellipsis():
    assert text.excerpt("", words(16)) == words(15) + "…"


def test_the_standfirst_is_the_excerpt_where_there_is_one():
    assert text.excerpt("The standfirst.", "The body.") == "The standfirst."
    assert text.excerpt("", "The body.") == "The body."


def test_white_space_between_words_is_a_single_space():
    assert text.excerpt(" one \n\n two ", "") == "one two"


def test_long_words_are_cut_between_two_of_them():
    long_words = " ".join(["Donaudampfschifffahrtsgesellschaft"] * 15)
    cut = text.excerpt(long_words, "")
    assert set(cut.removesuffix("…").split()) == {"Donaudampfschifffahrtsgesellschaft"}
    assert len(cut) <= 241


@pytest.mark.parametrize("cluster", [FAMILY, FLAG, WAVE, MARKED, "港"])
def test_text_without_spaces_is_cut_between_what_reads_as_one_character(cluster):
    cut = text.excerpt("", cluster * 300).removesuffix("…")
    assert set(regex.findall(r"\X", cut)) == {cluster}
    assert 200 < len(cut) <= 240


clusters = st.sampled_from(
    ["a", "b", "é", "港", "가", FAMILY, FLAG, WAVE, MARKED, "🏳️\u200d🌈", "क्षि", "👍", "1️⃣"]
)
long_texts = st.lists(
    st.lists(clusters, min_size=1, max_size=60).map("".join), min_size=1, max_size=20
).map(" ".join)


@given(long_texts)
def test_an_excerpt_ends_between_words_or_else_between_clusters(whole):
    cut = text.excerpt("", whole)
    shown = cut.removesuffix("…")
    assert len(cut) <= 241
    assert whole.startswith(shown)
    assert (cut == whole) or cut.endswith("…")
    assert len(cut.split()) <= 15
    all_clusters = regex.findall(r"\X", whole)
    assert regex.findall(r"\X", shown) == all_clusters[: len(regex.findall(r"\X", shown))]
    first = whole.split()[0]
    if len(first) <= 240:
        assert shown.split() == whole.split()[: len(shown.split())], "cut inside a word"


@given(st.text(max_size=400), st.text(max_size=400))
def test_an_excerpt_fits_its_column_whatever_was_typed(standfirst, body):
    assert len(text.excerpt(standfirst, body)) <= 300


# --- Slugs ------------------------------------------------------------------------------------


@given(st.text(max_size=200))
def test_a_slug_is_an_address_or_empty(headline):
    slug = text.slug_of(headline)
    assert regex.fullmatch(r"[a-z0-9]+(-+[a-z0-9]+)*|", slug)
    assert len(slug) <= 80
    assert text.slug_of(slug) == slug


@given(st.text(alphabet="ab -", min_size=1, max_size=200), st.integers(2, 10**6))
def test_a_numbered_slug_is_no_longer_and_ends_in_its_number(headline, number):
    slug = text.with_suffix(text.slug_of(headline) or "story", number)
    assert len(slug) <= 80
    assert slug.endswith(f"-{number}")
    assert "--" not in slug


def test_a_long_slug_is_cut_between_words():
    assert text.slug_of("harbour " * 12) == "-".join(["harbour"] * 10)
