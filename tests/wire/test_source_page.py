"""The stories of the source page, imported: what its story page and its Recent Posts must show.

Our own folder holds the same case in invented words; the original stands beside a checkout.
"""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from articles import body
from articles.models import Author, ListKind, Publication
from articles.pages import cards
from articles.pages.relative_time import relative_time
from tests.wire.terminal import import_stories

KOLKATA = ZoneInfo("Asia/Kolkata")
EVENING = datetime(2025, 11, 8, 18, tzinfo=KOLKATA)
LABELS = ["2 hours ago", "4 hours ago", *["5 hours ago"] * 4]
OURS = Path(__file__).parent / "stories"
SEED = Path(__file__).resolve().parents[3] / "shared" / "seed"

the_source_page = pytest.mark.skipif(
    not SEED.exists(), reason=f"the source page's stories are not beside this checkout ({SEED})"
)


@pytest.fixture
def evening(clock: Any) -> datetime:
    clock.move_to(EVENING)
    return EVENING


def recent_posts(story: Publication) -> list[Publication]:
    return cards.newest(ListKind.ALL, 0, EVENING, most=6, but=story.article_id)


def labels(posts: list[Publication]) -> list[str]:
    return [relative_time(post.first_published_at, EVENING, KOLKATA).words for post in posts]


@pytest.mark.django_db
def test_our_stories_open_where_their_files_say_and_read_as_they_do(evening: datetime) -> None:
    import_stories(OURS, "--publish")

    story = Publication.objects.at(EVENING).get(headline__startswith="Envoy Lands")
    assert story.path == "/world/envoy-lands-in-port-sorrel-to-mend-ties-with-the-islands/"
    assert body.plain_text(story.text.body).split("\n") == paragraphs(
        OURS / "envoy-lands-in-port-sorrel.md"
    )
    assert [Author.objects.get(pk=pk).name for pk in story.authors] == ["Marguerite Okonjo-Thal"]
    (also_read,) = cards.public(story.also_read, EVENING)
    assert also_read.path == "/national/grain-market-closes-high/"


@pytest.mark.django_db
def test_our_recent_posts_stand_in_order_with_their_excerpts_and_labels(evening: datetime) -> None:
    import_stories(OURS, "--publish")

    story = Publication.objects.at(EVENING).get(headline__startswith="Envoy Lands")
    posts = recent_posts(story)
    assert [post.headline.split()[0] for post in posts] == [
        "Ferries", "Young", "Skaters", "The", "Court", "Legal",
    ]  # fmt: skip
    assert labels(posts) == LABELS
    assert posts[0].excerpt.endswith(" before she lowered the barrier, and then…")  # 15 words
    assert posts[2].excerpt == (
        "Twenty-six skaters travel to the Lindow meeting, four more than the club has ever sent."
    )
    assert posts[5].excerpt == (
        "Two lawyers, one bicycle and a folding table will serve eleven villages that have had…"
    )


@the_source_page
@pytest.mark.django_db
def test_the_source_pages_story_reads_as_the_source_does(evening: datetime) -> None:
    import_stories(SEED / "stories", "--publish")

    story = Publication.objects.at(EVENING).get(headline__startswith="Putin Lands")
    source = (SEED / "source.txt").read_text(encoding="utf-8")
    told = body.plain_text(story.text.body).split("\n")
    assert told == paragraphs(SEED / "stories" / "putin-lands-in-pyongyang.md")
    assert [source.index(paragraph) for paragraph in told] == sorted(map(source.index, told))
    assert story.section.name == "World"
    assert [Author.objects.get(pk=pk).name for pk in story.authors] == ["Spriha Rai"]
    (also_read,) = cards.public(story.also_read, EVENING)
    assert also_read.headline == "Markets Set New Record Highs In Early Trade"


@the_source_page
@pytest.mark.django_db
def test_the_source_pages_recent_posts_stand_as_in_the_source(evening: datetime) -> None:
    import_stories(SEED / "stories", "--publish")

    story = Publication.objects.at(EVENING).get(headline__startswith="Putin Lands")
    posts = recent_posts(story)
    source = (SEED / "source.txt").read_text(encoding="utf-8")
    assert labels(posts) == LABELS
    places = [source.index(part) for post in posts for part in (post.headline, post.excerpt)]
    assert places == sorted(places)


def paragraphs(path: Path) -> list[str]:
    """A file's paragraphs, as it has them."""
    return path.read_text(encoding="utf-8").split("\n---\n", 1)[1].strip().split("\n\n")
