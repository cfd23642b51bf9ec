"""WebSub: the hub is told of each feed that changed, once, and of no other."""

from datetime import timedelta

import pytest

from articles.desk import pictures, taxonomy, topics
from articles.models import Author, FeedTopic, HubLook, Section, Tag
from articles.pages.feeds import FORMATS
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do, rewrite
from tests.pages.websub.hub import ALL, WHOLE, of

pytestmark = pytest.mark.django_db

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def test_the_hub_is_told_once_of_every_feed_that_a_story_appeared_in(
    hears, published, author, topic
):
    published("Harbour Opens", authors=[author.pk], tags=[topic.pk], at=NOW - MINUTE)
    told = hears()
    assert len(told) == len(ALL)
    assert set(told) == ALL
    assert hears() == []


def test_a_change_of_the_text_alone_is_told_of_feeds_of_whole_stories(hears, story):
    fixed = rewrite(story, body="<p>The harbour opened on Tuesday, at noon.</p>")
    do("publish", story, revision=fixed, change="typo", sure=True)
    assert set(hears()) == {path for path in ALL if path.rpartition("/")[2] in WHOLE}
    assert hears() == []


def test_what_is_published_again_as_it_was_is_told_to_nobody(hears, story):
    do("publish", story, revision=1, change="typo")
    assert hears() == []


def test_a_move_to_another_section_is_told_of_both(hears, story, national):
    do("publish", story, revision=rewrite(story, section=national.pk))
    assert set(hears()) == ALL | of("/national/")


@pytest.mark.parametrize("how", ["gone", "vanished"])
def test_a_takedown_is_told_of_lists_that_have_no_page_any_more(hears, story, how):
    do("take_down", story, how=how, reason="A name")
    assert set(hears()) == ALL
    assert hears() == []


def test_an_unpublish_and_a_publish_after_it_are_told(hears, story, clock):
    do("unpublish", story, reason="Too early")
    assert set(hears()) == ALL
    clock.move_to(NOW + MINUTE)
    do("publish", story, revision=1, now=NOW + MINUTE)
    assert set(hears()) == ALL


def test_an_erasure_is_told_though_it_empties_the_story_of_its_authors_and_tags(hears, story):
    FeedTopic.objects.all().delete()
    HubLook.objects.update(looked_at=NOW + HOUR)  # what changed before is no news
    do("erase", story, reason="By law", authority="The court of Halvern")
    assert set(hears()) == ALL


def test_a_scheduled_story_is_told_when_it_appears_and_when_it_ends_and_not_before(
    hears, write, clock
):
    coming = write("Tomorrow")
    do("embargo", coming, until=NOW + HOUR, reason="Agreed")
    do("schedule", coming, revision=1, at=NOW + HOUR, until=NOW + 2 * HOUR)
    assert hears() == []
    clock.move_to(NOW + HOUR - MINUTE)
    assert hears() == []
    for moment in (HOUR, 2 * HOUR):
        clock.move_to(NOW + moment + SECOND)
        assert set(hears()) == of("/", "/world/")
        clock.move_to(NOW + moment + HOUR / 2)  # long after, nothing is news
        assert hears() == []


def test_a_picture_that_is_described_anew_or_ends_is_told_of_every_feed_that_shows_it(
    hears, published, author, national, add_picture, clock
):
    image = add_picture("A lock", make=True)
    published("Shown", at=NOW - MINUTE, authors=[author.pk], picture=image.pk)
    published("Elsewhere", at=NOW - MINUTE, section=national.pk)
    hears()
    clock.shift(30 * MINUTE)  # no look goes back to the publish
    assert hears() == []
    image.credit, image.ends_at = "Lena Voss", NOW + HOUR
    pictures.save(image, by=PROGRAM, now=NOW + 30 * MINUTE)
    shown = of("/", "/world/", "/author/ilse-hartmann/")
    assert set(hears()) == {path for path in shown if not path.endswith(".json")} | of(
        "/", "/world/", "/author/ilse-hartmann/", formats=["feed.json"]
    )
    assert topics.next_look(NOW + 31 * MINUTE) == NOW + HOUR
    clock.move_to(NOW + HOUR)
    assert set(hears()) == shown
    assert hears() == []


@pytest.mark.parametrize("verb", [pictures.withdraw, pictures.restore])
def test_a_picture_that_is_withdrawn_or_brought_back_is_told(
    hears, published, add_picture, clock, verb
):
    image = add_picture("A lock", make=True)
    published("Shown", at=NOW - MINUTE, picture=image.pk)
    said = {"reason": "The agency asked", "by": PROGRAM, "now": NOW}
    if verb is pictures.restore:
        pictures.withdraw(image.pk, **said)
    hears()
    clock.shift(30 * MINUTE)  # no look goes back to the publish
    assert hears() == []
    verb(image.pk, **{**said, "now": NOW + 30 * MINUTE})
    assert set(hears()) == of("/", "/world/")


def test_what_only_the_desk_sees_is_told_to_nobody(hears, story, write, clock):
    secret = taxonomy.save(Author(name="Nobody Yet"), by=PROGRAM, now=NOW)
    secret.name = "Nobody At All"
    taxonomy.save(secret, by=PROGRAM, now=NOW)
    rewrite(story, headline="Nobody Knows")
    write("A Draft")
    do("hold", story, reason="A question")
    do("lift_hold", story, reason="Answered")
    assert hears() == []


def test_a_rename_is_told_of_every_list_that_bears_the_name(hears, story, published, author):
    published("Another", at=NOW - MINUTE)
    hears()
    author.name = "Ilse Weber"
    taxonomy.save(author, by=PROGRAM, now=NOW)
    assert set(hears()) == ALL
    section = Section.objects.get(slug="national")
    section.description = "Of the nation."
    taxonomy.save(section, by=PROGRAM, now=NOW)
    assert hears() == []


def test_an_author_who_moves_is_told_at_both_addresses(hears, story, author):
    author.slug = "ilse-weber"
    taxonomy.save(author, by=PROGRAM, now=NOW)
    with_addresses = [file for file in FORMATS if not file.startswith("rss")]
    elsewhere = of("/", "/world/", "/tag/ports/", formats=with_addresses)
    assert set(hears()) == of("/author/ilse-hartmann/", "/author/ilse-weber/") | elsewhere
    assert hears() == []


def test_a_merged_tag_is_told_at_its_own_address_and_at_its_heirs(hears, story, topic):
    heir = taxonomy.save(Tag(name="Harbours"), by=PROGRAM, now=NOW)
    taxonomy.merge_tag(topic.pk, heir.pk, reason="One topic", by=PROGRAM, now=NOW)
    assert set(hears()) == ALL | of("/tag/harbours/")
    assert hears() == []


def test_a_verb_that_was_committed_after_a_later_look_is_told_all_the_same(hears, story):
    do("publish", story, revision=rewrite(story, headline="Late"), now=NOW)
    HubLook.objects.update(looked_at=NOW + 5 * SECOND)
    assert set(hears()) == ALL


def test_a_story_that_an_import_opens_in_the_past_is_told(hears, write, story):
    old = write("Long Ago", now=NOW)
    since = NOW - timedelta(days=900)
    do("open_in_the_past", old, revision=1, since=since)
    assert set(hears()) == of("/", "/world/")
