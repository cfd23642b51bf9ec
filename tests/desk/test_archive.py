"""The invented archive: every story in it is as the press would have left it."""

import json
from datetime import timedelta
from io import StringIO
from itertools import islice, pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from articles import body, edition
from articles.desk import archive, listing, press, revisions
from articles.desk.archive import Story, Version
from articles.desk.revisions import Values
from articles.management.commands import make_archive
from articles.models import (
    Article,
    ArticleTag,
    Author,
    Byline,
    ListKind,
    ListRow,
    Move,
    Publication,
    PublicationText,
    Revision,
    Section,
    SlugClaim,
    Tag,
)
from articles.states import EndsAs
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import working_copy

WHY = "Made for an archive."
MINUTE = timedelta(minutes=1)
STORIES, VERSIONS = 200, 30
LISTED = {ListKind.SECTION: Section, ListKind.AUTHOR: Author, ListKind.TAG: Tag}


@pytest.fixture
def archive_made(db, clock):
    out = StringIO()
    call_command("make_archive", STORIES, versions=VERSIONS, stdout=out)
    return out.getvalue()


def lines():
    """Each story's Publications, in time order."""
    found = {}
    for row in Publication.objects.order_by("article_id", "starts_at", "pk"):
        found.setdefault(row.article_id, []).append(row)
    return list(found.values())


def sampled_moments():
    return [NOW, *(NOW - timedelta(days=n) for n in (1, 30, 3000)), NOW + timedelta(days=40)]


# --- As the press would have left it ------------------------------------------------------------


@pytest.fixture
def told(world, national, author, topic):
    """A story's texts: published, moved to another section, updated; its moments."""
    first = Values(
        "Ferry Back", world.pk, "", "<p>The ferry is back.</p>", "ferry-back", [author.pk], []
    )
    moved = revisions.Values(**{**vars(first), "section": national.pk})
    updated = revisions.Values(**{**vars(moved), "body": "<p>It left.</p>", "tags": [topic.pk]})
    return list(zip([NOW - n * MINUTE for n in (30, 20, 10)], (first, moved, updated), strict=True))


def rows_of(article):
    """Every row of a story, without the ids that the database gave."""
    keys = {
        Byline: "article",
        ArticleTag: "content_object",
        Revision: "article",
        Publication: "article",
        PublicationText: "publication__article",
        SlugClaim: "article",
        ListRow: "story",
    }
    kept = {
        model.__name__: sorted(columns(row) for row in model.objects.filter(**{key: article}))
        for model, key in keys.items()
    }
    last_move = Move.objects.filter(article=article.pk).order_by("-pk").first()
    return {**kept, "article": columns(article), "last move": columns(last_move)}


def columns(row):
    given = ("id", "article", "content_object", "publication", "story", "created_at")
    # What a revision changed is for the history's words, which an archive does without.
    given += ("changed", "is_text")
    names = [f.name for f in row._meta.concrete_fields if f.name not in given]
    values = {name: row.serializable_value(name) for name in names}
    return json.dumps(values, sort_keys=True, default=str)


def pressed(told, *, ended=None):
    at, values = told[0]
    article = revisions.create(values, by=PROGRAM, now=at)
    press.publish(article.pk, revision=1, by=PROGRAM, seen=0, now=at)
    for n, (at, values) in enumerate(told[1:], start=1):
        revisions.save(article.pk, values, by=PROGRAM, seen=n, now=at)
        press.publish(article.pk, revision=n + 1, by=PROGRAM, seen=n, now=at, change="update")
    seen = len(told)
    if ended == EndsAs.HIDDEN:
        press.unpublish(article.pk, reason=WHY, by=PROGRAM, seen=seen, now=NOW - MINUTE)
    elif ended:
        press.take_down(
            article.pk, how=ended, reason=WHY, authority=WHY, by=PROGRAM, seen=seen,
            now=NOW - MINUTE,
        )  # fmt: skip
    Article.objects.filter(pk=article.pk).update(status="ready")
    return Article.objects.get(slug="ferry-back")


def archived(told, *, ended=None):
    versions = [Version(at, values) for at, values in told]
    story = Story(versions, NOW - MINUTE, ended) if ended else Story(versions)
    archive.write([story], by=PROGRAM, now=NOW)
    return Article.objects.get(slug="ferry-back")


@pytest.mark.parametrize("ended", [None, EndsAs.HIDDEN, EndsAs.GONE, EndsAs.VANISHED])
def test_every_row_of_a_story_is_what_the_press_would_have_written(told, ended):
    by_the_press = rows_of(pressed(told, ended=ended))
    for model in (ListRow, PublicationText, Publication, SlugClaim, Move, Article):
        model.objects.all().delete()
    assert rows_of(archived(told, ended=ended)) == by_the_press


def test_the_press_goes_on_with_an_archived_story(told):
    article = archived(told)
    press.unpublish(
        article.pk, reason="It was too early", by=PROGRAM, seen=article.pressed, now=NOW
    )
    assert not Publication.objects.at(NOW).exists()
    assert not ListRow.objects.at(NOW).exists()


# --- The archive's own ------------------------------------------------------------------------


def test_as_many_stories_are_made_as_were_asked_for_and_the_last_line_says_so(archive_made):
    assert Article.objects.count() == STORIES + make_archive.MANY_VERSIONED
    assert f"{STORIES} of {STORIES} stories" in archive_made


def test_versions_follow_one_another_without_a_gap_or_overlap(archive_made):
    connection.check_constraints()
    for line in lines():
        for one, next_one in pairwise(line):
            assert (one.ends_at, one.ends_as) == (next_one.starts_at, EndsAs.NEXT)
            assert one.starts_at < next_one.starts_at
        assert line[-1].ends_as != EndsAs.NEXT
        assert {row.first_published_at for row in line} == {line[0].starts_at}


def test_list_rows_are_the_runs_of_each_storys_versions(archive_made):
    for line in lines():
        rows = ListRow.objects.filter(story=line[0].article_id)
        assert sorted((r.kind, r.what, r.starts_at, r.ends_at or NOW) for r in rows) == sorted(
            (run.place.kind, run.place.what, run.starts_at, run.ends_at or NOW)
            for run in listing.runs(line)
        )


@pytest.mark.parametrize("t", sampled_moments(), ids=str)
def test_every_list_shows_what_is_public_at_any_moment_and_nothing_else(archive_made, t):
    public = list(Publication.objects.at(t))
    wanted = {("all", 0): {row.article_id for row in public}}
    for row in public:
        filed = [("author", a) for a in row.authors] + [("tag", tag) for tag in row.tags]
        for place in [("section", row.section_id), *filed]:
            wanted.setdefault(place, set()).add(row.article_id)
    shown = {}
    for row in ListRow.objects.at(t):
        shown.setdefault((row.kind, row.what), []).append(row.story_id)
    assert {place: sorted(stories) for place, stories in shown.items()} == {
        place: sorted(stories) for place, stories in wanted.items() if stories
    }


def test_the_working_copy_is_the_newest_revision_and_clean(archive_made):
    for article in Article.objects.order_by("-pk")[:60]:
        newest = article.revisions.order_by("-number").first()
        assert newest.number == article.version
        assert newest.snapshot == working_copy(article)
        assert body.clean(article.body) == article.body
        article.full_clean(exclude=["tags"])


def test_it_holds_every_public_state_and_stories_still_to_come(archive_made):
    ends = set(Publication.objects.values_list("ends_as", flat=True))
    assert ends >= {"", EndsAs.NEXT, EndsAs.EXPIRED, EndsAs.HIDDEN, EndsAs.GONE}
    assert Publication.objects.filter(starts_at__gt=NOW, first_published_at__gt=NOW).exists()
    assert Publication.objects.filter(starts_at__gt=NOW, first_published_at__lt=NOW).exists()
    assert Publication.objects.at(NOW).filter(ends_at__gt=NOW).exists()


def test_on_top_stand_stories_of_the_last_day_with_many_versions(archive_made):
    many = [line for line in lines() if len(line) == VERSIONS]
    assert len(many) == make_archive.MANY_VERSIONED
    assert all(line[0].starts_at > NOW - timedelta(days=1) for line in many)
    assert all(line[-1].starts_at < NOW for line in many)


def test_one_tag_holds_a_fifth_of_the_stories(archive_made):
    newest = {line[0].article_id: line[-1] for line in lines()}
    (first, *_) = Tag.objects.order_by("pk")
    share = sum(first.pk in row.tags for row in newest.values()) / len(newest)
    assert 0.1 < share < 0.3


def test_its_pages_answer(archive_made, client):
    live = Publication.objects.at(NOW).filter(ends_at=None).exclude(authors=[]).exclude(tags=[])
    row = live.select_related("section").first()
    author, tag = Author.objects.get(pk=row.authors[0]), Tag.objects.get(pk=row.tags[0])
    for place in ("/", row.path, row.section, author, tag):
        path = place if isinstance(place, str) else place.get_absolute_url()
        assert client.get(path).status_code == 200, path
    answers = {EndsAs.HIDDEN: 404, EndsAs.GONE: 410, EndsAs.EXPIRED: 410}
    for ends_as, status in answers.items():
        ended = Publication.objects.filter(ends_as=ends_as, ends_at__lt=NOW).first()
        assert client.get(ended.path).status_code == status, ends_as


def test_a_story_that_went_to_another_section_is_found_at_its_old_address(archive_made, client):
    moved = next(line for line in lines() if line[0].path != line[-1].path and not line[-1].ends_as)
    answer = client.get(moved[0].path)
    assert (answer.status_code, answer["Location"]) == (301, moved[-1].path)


def test_the_edition_moves_on_once(db, clock):
    before = edition.read()
    call_command("make_archive", 5, versions=2, stdout=StringIO())
    assert edition.read().number == before.number + 1


def test_a_database_that_holds_stories_is_refused_unless_they_are_added_to(write):
    write()
    with pytest.raises(CommandError, match="holds stories already"):
        call_command("make_archive", 5, versions=0, stdout=StringIO())
    call_command("make_archive", 5, versions=0, add=True, stdout=StringIO())
    call_command("make_archive", 5, versions=0, add=True, stdout=StringIO())
    assert Article.objects.count() == 11


def test_the_same_seed_makes_the_same_stories_and_another_makes_others(db):
    def first_stories(seed):
        desk = make_archive.prepare_desk(STORIES)
        return list(islice(make_archive.Inventor(desk, seed, NOW, 1).stories(STORIES), 20))

    assert first_stories(1) == first_stories(1) != first_stories(2)


def test_a_whole_batch_is_written_or_nothing_of_it(told):
    twice = Story([Version(at, values) for at, values in told])
    with pytest.raises(IntegrityError), transaction.atomic():
        archive.write([twice, twice], by=PROGRAM, now=NOW)
    assert not Article.objects.exists()
