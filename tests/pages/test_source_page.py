"""The page this product grew out of, to the letter: imported, published, and read as HTML."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from lxml import html

pytestmark = pytest.mark.django_db

EVENING = datetime(2025, 11, 8, 18, tzinfo=ZoneInfo("Asia/Kolkata"))
LABELS = ["2 hours ago", "4 hours ago", *["5 hours ago"] * 4]
OURS = Path(__file__).resolve().parents[1] / "wire" / "stories"
SEED = Path(__file__).resolve().parents[3] / "shared" / "seed"


@pytest.fixture
def read(client, clock):
    """Import a folder, publish it, and read a story's page: read(folder, path)."""

    def read(folder, path):
        clock.move_to(EVENING)
        call_command("import_stories", str(folder), "--publish", verbosity=0)
        answer = client.get(path)
        assert answer.status_code == 200
        return html.fromstring(answer.content.decode())

    return read


def said(element):
    return " ".join(element.text_content().split())


def all_said(page, query):
    return [said(element) for element in page.cssselect(query)]


def links(page, query):
    return [(said(link), link.get("href")) for link in page.cssselect(query)]


def recent_posts(page):
    """Recent Posts as they stand: headline, excerpt, label."""
    parts = ("h3", "p", "time")
    return [
        tuple(said(post.cssselect(part)[0]) for part in parts)
        for post in page.cssselect("section.recent li")
    ]


@pytest.mark.skipif(not SEED.exists(), reason="the source page is not beside this checkout")
def test_the_source_page_stands_as_its_source_says(read):
    page = read(
        SEED / "stories",
        "/world/putin-lands-in-pyongyang-to-boost-defence-ties-with-north-korea/",
    )
    lines = [
        line for line in (SEED / "source.txt").read_text(encoding="utf-8").splitlines() if line
    ]
    end = lines.index("Recent Posts")
    section, headline, *paragraphs, also_read, author = lines[:end]

    assert links(page, "article.story .label a") == [(section, "/world/")]
    assert all_said(page, "h1") == [headline]
    assert all_said(page, ".prose > p") == paragraphs
    assert said(page.cssselect(".also")[0]) == also_read
    target = "/national/markets-set-new-record-highs-in-early-trade/"
    assert links(page, ".also a") == [(also_read.removeprefix("Also read: "), target)]
    assert links(page, "a[rel=author]") == [(author, "/author/spriha-rai/")]
    posts = lines[end + 1 :]
    assert recent_posts(page) == list(zip(posts[::3], posts[1::3], posts[2::3], strict=True))


def test_the_same_page_in_words_of_our_own(read):
    page = read(OURS, "/world/envoy-lands-in-port-sorrel-to-mend-ties-with-the-islands/")
    file = (OURS / "envoy-lands-in-port-sorrel.md").read_text(encoding="utf-8")
    assert links(page, "article.story .label a") == [("World", "/world/")]
    assert all_said(page, ".prose > p") == file.split("\n---\n", 1)[1].strip().split("\n\n")
    assert said(page.cssselect(".also")[0]).startswith("Also read: ")
    assert [href for _, href in links(page, ".also a")] == ["/national/grain-market-closes-high/"]
    assert [name for name, _ in links(page, "a[rel=author]")] == ["Marguerite Okonjo-Thal"]
    posts = recent_posts(page)
    assert [label for _, _, label in posts] == LABELS
    assert posts[0][1].endswith(" before she lowered the barrier, and then…")
    assert len(posts[0][1].removesuffix("…").split()) == 15
    assert posts[2][1] == (
        "Twenty-six skaters travel to the Lindow meeting, four more than the club has ever sent."
    )
