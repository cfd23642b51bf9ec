"""Saving a working copy: numbered revisions, slugs, and the gate that every text passes."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts.models import User
from articles.desk import revisions
from articles.desk.revisions import Stale, Values
from articles.models import Article, Author, Move, Revision, Section, SectionMember, Tag
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do, everything, rewrite, working_copy

pytestmark = pytest.mark.django_db


def save(story, seen, *, by=PROGRAM, **values):
    values = {
        "headline": "Harbour Opens",
        "section": story.section_id,
        "body": "<p>x</p>",
        **values,
    }
    saved = revisions.save(story.pk, Values(**values), by=by, seen=seen, now=NOW)
    connection.check_constraints()
    return saved


def slug(story):
    return Article.objects.get(pk=story.pk).slug


# --- Saving -----------------------------------------------------------------------------------


def test_a_new_story_is_revision_one_and_says_who_made_it(write, reporter):
    story = write(by=reporter, now=NOW)
    revision = Revision.objects.get(article=story)
    assert (revision.number, revision.based_on, revision.by) == (1, 0, reporter)
    assert (story.created_by, story.created_at, story.version) == (reporter, NOW, 1)
    assert Move.objects.get(article=story.pk).verb == "create"


def test_each_save_is_the_next_revision_based_on_the_one_it_was_typed_over(write):
    story = write()
    saved = save(story, 1, headline="Second")
    assert (saved.version, saved.headline, saved.edited_at) == (2, "Second", NOW)
    revision = Revision.objects.get(article=story, number=2)
    assert (revision.based_on, revision.snapshot["headline"]) == (1, "Second")


def test_an_earlier_revision_stays_as_it_was_typed(write):
    story = write("First", standfirst="Words")
    save(story, 1, headline="Second")
    first = Revision.objects.get(article=story, number=1).snapshot
    assert (first["headline"], first["standfirst"]) == ("First", "Words")


@pytest.mark.parametrize("seen", [0, 2])
def test_a_save_over_what_somebody_saved_since_is_refused_and_writes_nothing(write, seen):
    story = write()
    before = everything()
    with pytest.raises(Stale):
        save(story, seen, headline="Second")
    assert everything() == before
    save(story, 1, headline="Second")


def test_a_save_that_changes_nothing_writes_nothing(write, author, topic):
    held = {"body": "<p>x</p>", "authors": [author.pk], "tags": [topic.pk]}
    story = write(**held)
    before = everything()
    assert save(story, 1, **held).version == 1
    assert everything() == before
    assert save(story, 1, **held, headline="Harbour Closes").version == 2


def test_a_reporter_saves_their_own_story_and_not_a_colleagues(write, reporter, editor):
    own, foreign = write("Own", by=reporter), write("Foreign", by=editor)
    save(own, 1, by=reporter)
    with pytest.raises(PermissionDenied):
        save(foreign, 1, by=reporter)
    save(foreign, 1, by=editor)


@pytest.mark.parametrize(("own", "other"), [("world", "national"), ("national", "world")])
def test_a_story_is_saved_into_a_section_by_who_works_for_both(write, editor, own, other):
    own, other = Section.objects.get(slug=own), Section.objects.get(slug=other)
    there, here = write("There", section=other.pk), write("Here", section=own.pk)
    SectionMember.objects.create(user=editor, section=own)
    with pytest.raises(PermissionDenied):
        save(here, 1, by=editor, section=other.pk)
    with pytest.raises(PermissionDenied):
        save(there, 1, by=editor, section=own.pk)
    with pytest.raises(PermissionDenied):
        write("New", section=other.pk, by=editor)
    SectionMember.objects.create(user=editor, section=other)
    editor = User.objects.get(pk=editor.pk)  # as the next request finds them
    save(here, 1, by=editor, section=other.pk)
    save(there, 1, by=editor, section=own.pk)
    write("New", section=other.pk, by=editor)


# --- Order ------------------------------------------------------------------------------------


@pytest.fixture
def three(db):
    return [Author.objects.create(name=name, slug=name.lower()) for name in ("Ida", "Ben", "Cy")]


def test_bylines_stand_in_the_order_typed_and_can_be_put_in_another(write, three):
    a, b, c = (author.pk for author in three)
    story = write(authors=[c, a, b])
    assert Revision.objects.get(article=story).snapshot["authors"] == [c, a, b]
    save(story, 1, authors=[a, c])
    assert working_copy(Article.objects.get(pk=story.pk))["authors"] == [a, c]
    assert Revision.objects.get(article=story, number=1).snapshot["authors"] == [c, a, b]


def test_an_author_named_twice_signs_once(write, three):
    a, b, _c = (author.pk for author in three)
    story = write(authors=[b, a, b])
    assert Revision.objects.get(article=story).snapshot["authors"] == [b, a]


def test_tags_and_also_read_stand_in_the_order_typed(write):
    tags = [Tag.objects.create(name=name, slug=name).pk for name in ("ports", "rivers")]
    others = [write("One").pk, write("Two").pk]
    story = write(tags=tags[::-1], also_read=others[::-1])
    held = Revision.objects.get(article=story).snapshot
    assert (held["tags"], held["also_read"]) == (tags[::-1], others[::-1])


def test_a_story_does_not_point_to_itself(write):
    story = write()
    before = everything()
    with pytest.raises(ValidationError, match="cannot point to itself"):
        save(story, 1, also_read=[story.pk])
    assert everything() == before


# --- Slugs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headline", "made"),
    [
        ("Harbour Opens", "harbour-opens"),
        ("Halvern’s  “Water Bill” — 40 % off!", "halverns-water-bill-40-off"),
        ("Öl für Łódź", "ol-fur-lodz"),
        ("Порт открыт", "port-otkryt"),
        ("港が開く", "ganggakaiku"),
        ("!!! ???", "story"),
        ("word " * 30, "-".join(["word"] * 16)),
        ("w" * 100, "w" * 80),
    ],
)
def test_a_slug_is_made_from_the_headline_in_any_script(write, headline, made):
    assert write(headline).slug == made


def test_a_slug_that_is_taken_gets_a_number(write):
    assert [write("Harbour Opens").slug for _ in range(3)] == [
        "harbour-opens", "harbour-opens-2", "harbour-opens-3"
    ]  # fmt: skip


def test_a_numbered_slug_is_no_longer_than_any_other(write):
    write("w" * 100)
    assert write("w" * 100).slug == "w" * 78 + "-2"


def test_a_slug_stays_when_the_headline_changes(write):
    story = write("Harbour Opens")
    save(story, 1, headline="Harbour Closes")
    assert slug(story) == "harbour-opens"


def test_a_slug_of_another_story_is_refused_by_its_name_and_a_free_one_taken(write):
    write("First", slug="quay")
    story = write("Second")
    with pytest.raises(ValidationError, match="“quay” belongs to another story, “First”"):
        save(story, 1, slug="quay")
    assert save(story, 1, slug="quay-2").slug == "quay-2"


def test_the_slug_a_story_was_published_under_stays_its_own_for_ever(write):
    first = write("First", slug="quay")
    do("publish", first, revision=1)
    rewrite(first, slug="harbour")
    with pytest.raises(ValidationError, match="“quay” belongs to another story, “First”"):
        write("Second", slug="quay")
    assert write("Quay").slug == "quay-2"
    rewrite(first, slug="quay")
    assert slug(first) == "quay"


def test_the_slug_of_a_draft_is_free_again_when_it_was_changed(write):
    first = write("First", slug="quay")
    rewrite(first, slug="harbour")
    assert write("Second", slug="quay").slug == "quay"


@pytest.mark.parametrize("typed", ["a b", "a/b", "é", "a.b", "x" * 81])
def test_a_slug_is_made_of_letters_digits_and_hyphens(write, typed):
    with pytest.raises(ValidationError):
        write(slug=typed)


# --- The gate of every text -------------------------------------------------------------------

FIELDS = ["headline", "standfirst", "body"]
NOT_SHOWN = "\x00\x08\x1b\x7f\x80\ud800\ufdd0\uffff\U0010ffff"


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("character", NOT_SHOWN, ids=lambda one: f"U+{ord(one):04X}")
def test_no_field_takes_a_character_that_cannot_be_shown(write, field, character):
    with pytest.raises(ValidationError) as refusal:
        write(**{field: f"<p>Words{character}</p>"})
    assert f"U+{ord(character):04X}" in str(refusal.value)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_kept_in_one_form_of_unicode(write, field):
    story = write(**{field: "Cafe\u0301"})
    assert getattr(story, field) == "Caf\u00e9"


@pytest.mark.parametrize(
    ("field", "longest"), [("headline", 250), ("standfirst", 1000)]
)  # fmt: skip
def test_a_field_is_as_long_as_it_may_be_and_no_longer(write, field, longest):
    write(**{field: "x" * longest}, slug="quay")
    with pytest.raises(ValidationError, match=str(longest) if longest < 1000 else "1,000"):
        write(**{field: "x" * (longest + 1)}, slug="harbour")


def test_a_headline_is_one_line_and_a_standfirst_may_be_several(write):
    story = write(" Harbour \n\t Opens ", standfirst=" One.\r\nTwo. ")
    assert (story.headline, story.standfirst) == ("Harbour Opens", "One.\nTwo.")


@pytest.mark.parametrize("headline", ["", "  ", "\n"])
def test_a_story_has_a_headline(write, headline):
    with pytest.raises(ValidationError):
        write(headline)


def test_a_body_holds_only_what_may_stand_in_a_story(write):
    story = write(body='<p onclick="x()">Words<script>alert(1)</script></p>')
    assert story.body == "<p>Words</p>"
    assert Revision.objects.get(article=story).snapshot["body"] == "<p>Words</p>"


def test_a_story_in_no_section_is_refused(write):
    with pytest.raises(ValidationError):
        write(section=999)


def test_times_are_the_savers_clock(write):
    story = write(now=NOW - HOUR)
    save(story, 1, headline="Second")
    saved = Article.objects.get(pk=story.pk)
    assert (saved.created_at, saved.edited_at) == (NOW - HOUR, NOW)
