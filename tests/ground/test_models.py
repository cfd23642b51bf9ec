"""What must never be false is a constraint: writing past every form and verb is refused too."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.urls import get_resolver

from accounts.models import User
from articles import reads
from articles.desk import fronts
from articles.desk.fronts import Put
from articles.models import (
    RESERVED_SLUGS,
    AlsoRead,
    Article,
    ArticleTag,
    Author,
    Banner,
    Byline,
    Edition,
    FeedTopic,
    HubLook,
    Image,
    LastRanking,
    ListRow,
    NoticeChoice,
    OpenForm,
    Pin,
    Publication,
    ReadsADay,
    ReadsAnHour,
    Redirect,
    Rendition,
    Revision,
    SavedFilter,
    Section,
    SectionMember,
    SlugClaim,
    Tag,
)
from articles.models.front import HOME
from articles.states import EndsAs
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do

SECOND = timedelta(seconds=1)
OWN = [model for model in apps.get_models() if model._meta.app_label in ("accounts", "articles")]


def change(model, **values):
    """An update of every row, past all forms."""
    return lambda: model.objects.update(**values)


def copy(model, **values):
    """A second row like the first, past all forms."""

    def copy():
        row = model.objects.order_by("pk").first()
        row.pk = None
        for name, value in values.items():
            setattr(row, name, value)
        model.objects.bulk_create([row])

    return copy


# Each constraint, and what it has to refuse, done to the rows of `full` below.
REFUSED = {
    "desk_status_is_one_of_the_table": [change(Article, status=""), change(Article, status="live")],
    "priority_is_one_of_three": [change(Article, priority=0), change(Article, priority=4)],
    "one_filter_a_name": [copy(SavedFilter)],
    "story_has_headline_and_slug": [change(Article, headline=""), change(Article, slug="")],
    "a_tag_once_a_story": [copy(ArticleTag)],
    "an_author_signs_once": [copy(Byline, position=7)],
    "a_story_pointed_to_once": [copy(AlsoRead, position=7)],
    "no_story_points_to_itself": [change(AlsoRead, story=models.F("article"))],
    "one_revision_a_number": [copy(Revision)],
    "revision_kind_is_known": [change(Revision, kind="other")],
    "one_open_form_a_story_and_person": [copy(OpenForm)],
    "one_open_form_of_a_new_story": [
        lambda: OpenForm.objects.bulk_create(
            [OpenForm(article=None, person=User.objects.get(), at=NOW)]
        )
    ],
    "one_choice_a_person_and_reason": [copy(NoticeChoice)],
    "a_correction_bears_its_note": [
        change(Publication, change="correction"), change(Publication, change="clarification"),
    ],
    "story_kind_is_known": [change(Article, kind=""), change(Article, kind="essay")],
    "pin_ends_after_it_starts": [change(Pin, ends_at=NOW - 99 * HOUR)],
    "one_story_a_slot": [copy(Pin, starts_at=NOW)],
    "banner_ends_after_it_starts": [change(Banner, ends_at=NOW - 99 * HOUR)],
    "a_banner_ends": [change(Banner, ends_at=None)],
    "one_banner_at_a_time": [copy(Banner)],
    "list_row_ends_after_it_starts": [change(ListRow, ends_at=NOW - 99 * HOUR)],
    "one_hub_look": [
        lambda: HubLook.objects.create(pk=2, looked_at=NOW), change(HubLook, id=2),
    ],
    "one_topic_a_list": [copy(FeedTopic)],
    "one_last_ranking": [
        lambda: LastRanking.objects.create(pk=2, minute=NOW), change(LastRanking, id=2),
    ],
    "one_count_a_story_and_hour": [copy(ReadsAnHour)],
    "one_count_a_story_and_day": [copy(ReadsADay)],
    "image_ends_after_it_starts": [change(Image, ends_at=NOW - 99 * HOUR)],
    "image_has_a_file_and_a_size": [
        change(Image, file=""), change(Image, width=0), change(Image, height=0),
    ],
    "image_focal_point_is_within": [change(Image, focal_x=101), change(Image, focal_y=101)],
    "one_rendition_a_size": [copy(Rendition, name="other.jpg", file="other.jpg")],
    "rendition_has_a_size": [
        change(Rendition, width=0), change(Rendition, height=0), change(Rendition, bytes=0),
    ],
    "one_edition": [lambda: Edition.objects.create(pk=2), change(Edition, id=2)],
    "publication_ends_after_it_starts": [
        change(Publication, ends_at=NOW - 99 * HOUR, ends_as=EndsAs.HIDDEN),
    ],
    "publication_moments_in_order": [
        change(Publication, first_published_at=models.F("updated_at") + SECOND),
        change(Publication, updated_at=models.F("starts_at") + SECOND),
    ],
    "an_end_says_what_follows": [
        change(Publication, ends_at=NOW + HOUR),
        change(Publication, ends_as=EndsAs.GONE),
        change(Publication, ends_at=NOW + HOUR, ends_as="other"),
    ],
    "one_open_publication_a_story": [copy(Publication, starts_at=NOW + HOUR)],
    "no_two_publications_overlap": [
        copy(Publication, ends_at=NOW + HOUR, ends_as=EndsAs.HIDDEN),
    ],
    "section_slug_is_no_word_of_the_sites_own": [
        lambda: Section.objects.filter(slug="world").update(slug="admin"),
        lambda: Section.objects.bulk_create([Section(name="Search", slug="search")]),
    ],
    "section_has_name_and_slug": [
        lambda: Section.objects.filter(slug="world").update(name=""),
        lambda: Section.objects.filter(slug="world").update(slug=""),
    ],
    "author_has_name_and_slug": [change(Author, name=""), change(Author, slug="")],
    "one_tag_a_name_whatever_its_capitals": [copy(Tag, name="PORTS", slug="other")],
    "tag_has_name_and_slug": [change(Tag, name=""), change(Tag, slug="")],
    "one_row_a_person_and_section": [copy(SectionMember)],
    "redirect_is_of_an_address": [change(Redirect, source="")],
    "redirect_leads_somewhere": [
        change(Redirect, what=None), change(Redirect, kind="gone"), change(Redirect, kind="other"),
        change(Redirect, kind="url", what=None), change(Redirect, kind="path", address="/x/"),
    ],
    "email_in_lower_case": [change(User, email="Reporter@newsroom.example")],
}  # fmt: skip
# What `unique=True` says, and where a row is needed by others.
UNIQUE = {
    "a story's slug": lambda: Article.objects.filter(slug="other").update(slug="harbour-opens"),
    "a section's name": lambda: Section.objects.filter(slug="world").update(name="National"),
    "a section's slug": lambda: Section.objects.filter(slug="world").update(slug="national"),
    "an author's slug": copy(Author, user=None),
    "a tag's slug": copy(Tag, name="Other"),
    "a person's address": copy(User),
    "an image's file": copy(Image),
    "a rendition's name": copy(Rendition, width=7, file="other.jpg"),
    "a rendition's file": copy(Rendition, width=7, name="other.jpg"),
    "an old address": copy(Redirect),
    "a claim's slug": lambda: SlugClaim.objects.bulk_create(
        [SlugClaim(slug="harbour-opens", article=Article.objects.get(slug="other"))]
    ),
}


UNNAMED = "UNIQUE constraint failed"  # SQLite does not name which
# Two that are open overlap as well, and SQLite's trigger comes first.
ALSO_SAID = {"one_open_publication_a_story": ["no_two_publications_overlap"]}


def checked(break_it):
    with transaction.atomic():
        break_it()
        connection.check_constraints()


@pytest.fixture
def full(published, write, author, topic, reporter, world, add_picture):
    """A row in every table."""
    other = write("Other", slug="other")
    OpenForm.objects.create(article=other, person=reporter, at=NOW)
    OpenForm.objects.create(article=None, person=reporter, at=NOW)
    SavedFilter.objects.create(person=reporter, name="Late", query="due=late")
    NoticeChoice.objects.create(person=reporter, reason="approved")
    story = published(authors=[author.pk], tags=[topic.pk], also_read=[other.pk])
    SectionMember.objects.create(user=reporter, section=world)
    fronts.publish(HOME, [Put(story.pk)], by=PROGRAM, seen=0, now=NOW - HOUR)
    fronts.show_banner("It breaks", None, until=NOW + HOUR, by=PROGRAM, now=NOW - HOUR)
    HubLook.objects.get_or_create(pk=1, defaults={"looked_at": NOW})
    FeedTopic.objects.create(kind="all", what=0)
    reads.count(other.pk, NOW)
    reads.rank_if_due(NOW)
    ReadsADay.objects.create(story=other.pk, day=NOW.date(), count=1)
    Redirect.objects.create(source="/2019/05/harbour", kind="story", what=story.pk)
    add_picture()


@pytest.mark.parametrize(
    ("name", "break_it"),
    [(name, break_it) for name, ways in REFUSED.items() for break_it in ways],
    ids=[f"{name}-{n}" for name, ways in REFUSED.items() for n in range(len(ways))],
)
def test_what_must_never_be_false_is_refused_by_the_database(full, name, break_it):
    with pytest.raises(IntegrityError) as refusal:
        checked(break_it)
    assert any(said in str(refusal.value) for said in (name, *ALSO_SAID.get(name, [UNNAMED])))


@pytest.mark.parametrize("break_it", UNIQUE.values(), ids=UNIQUE)
def test_what_there_may_be_one_of_is_refused_twice(full, break_it):
    with pytest.raises(IntegrityError):
        checked(break_it)


def test_every_constraint_of_every_table_is_tried_here():
    declared = {rule.name for model in OWN for rule in model._meta.constraints}
    assert declared == set(REFUSED)


@pytest.mark.parametrize("needed", [Section, Author, Tag, Article])
def test_what_a_public_story_names_is_not_deleted(full, needed):
    rows = needed.objects.exclude(slug__in=["national", "other"])
    with pytest.raises(models.ProtectedError):
        rows.delete()


def test_a_person_who_leaves_takes_nothing_with_them(write, published, reporter):
    story = write(by=reporter)
    do("publish", story, revision=1)
    reporter.delete()
    revision = Revision.objects.get(article=story)
    assert (revision.by, revision.by_name) == (None, "Reporter")


def test_a_story_has_a_row_in_the_four_kinds_of_list(full, world, author, topic):
    rows = {(row.kind, row.what) for row in ListRow.objects.all()}
    assert rows == {("all", 0), ("section", world.pk), ("author", author.pk), ("tag", topic.pk)}


# --- Words of the site's own ------------------------------------------------------------------


def first_segments(patterns, before=""):
    """The first path segment of every address of a resolver, where it is a word."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns") and not route.strip("^/"):
            yield from first_segments(pattern.url_patterns, route)
        elif (first := route.lstrip("^/").split("/")[0]) and "<" not in first:
            yield first.rstrip("$").split(".")[0]


def test_no_section_can_be_called_by_a_word_of_the_sites_own():
    words = set(first_segments(get_resolver().url_patterns))
    words.add(settings.STATIC_URL.strip("/").split("/")[0])
    assert {"admin", "author", "tag", "static"} <= words
    assert words <= set(RESERVED_SLUGS)


def test_the_words_of_the_sites_own_are_slugs_and_stand_once_in_order():
    assert list(RESERVED_SLUGS) == sorted(set(RESERVED_SLUGS))
    assert all(word == word.lower().strip("-") for word in RESERVED_SLUGS)


@pytest.mark.parametrize("word", RESERVED_SLUGS)
def test_a_form_says_that_a_word_is_the_sites_own(db, word):
    section = Section(name="X", slug=word)
    with pytest.raises(Exception, match="address of the site’s own"):
        section.full_clean()
