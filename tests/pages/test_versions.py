"""What changed in a story, for its readers: its version history, at their moment."""

import re
from datetime import timedelta

import pytest

from articles import intervals
from articles.models import Publication
from tests.conftest import NOW
from tests.desk.pressing import do, rewrite
from tests.pages.timelines import Timeline

pytestmark = pytest.mark.django_db

HERE = "/world/harbour-opens/"
HISTORY = f"{HERE}versions/"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def story(published, clock):
    return published(at=NOW - 5 * HOUR, body="<p>Ten boats came on Tuesday.</p><p>It rained.</p>")


def change(story, kind, *, now=NOW, note="", **values):
    """Publish the story with some of its values changed."""
    revision = rewrite(story, now=now, **values)
    said = {"change": kind, "note": note, "sure": True, "reason": "Of course"}
    do("publish", story, revision=revision, now=now, **said)


def unmarked(html):
    """A text without what is said around its marks, which only who hears it gets."""
    return re.sub(r'<span class="visually-hidden">.*?</span>', "", html)


def lines(client, path=HISTORY):
    """The page's lines: each as the words that a reader sees, marks left in."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    found = re.findall(r'<li id="v\d+">(.*?)</li>', answer.content.decode(), re.DOTALL)
    seen = [re.sub(r"<(?!/?(?:ins|del)>)[^>]+>", " ", unmarked(line)) for line in found]
    return [" ".join(line.split()) for line in seen]


def marked(line, tag):
    return re.findall(rf"<{tag}>(.*?)</{tag}>", line)


# --- What the history tells ---------------------------------------------------------------------


def test_a_history_tells_each_change_newest_first_with_its_moment_zone_kind_note_and_difference(
    client, story
):
    change(story, "update", now=NOW - 3 * HOUR, headline="Harbour Opens Again")
    change(
        story, "correction", note="It was nine boats.", body="<p>Nine boats came on Tuesday.</p>"
    )
    correction, update, first = lines(client)
    assert correction.startswith("19 June 2026, 12:00 IST Correction It was nine boats.")
    assert marked(correction, "del")[0] == "Ten"
    assert marked(correction, "ins") == ["Nine"]
    assert "removed It rained." in correction
    assert update.startswith(
        "19 June 2026, 09:00 IST Update Headline Harbour Opens <ins>Again</ins>"
    )
    assert "2 paragraphs unchanged" in update
    assert first == "19 June 2026, 07:00 IST First published"


def test_a_paragraph_that_moved_is_told_as_moved_and_not_as_new(client, story):
    two = "<p>It rained on the harbour all through that long and windy afternoon.</p>"
    change(
        story, "update", now=NOW - HOUR, body=f"<p>Ten boats came on Tuesday.</p>{two}<p>End.</p>"
    )
    change(story, "update", body=f"{two}<p>Ten boats came on Tuesday.</p><p>End.</p>")
    assert "moved" in lines(client)[0]
    assert not marked(lines(client)[0], "ins")


def test_a_story_with_one_version_has_no_history_and_no_link_to_one(client, story):
    assert client.get(HISTORY).status_code == 404
    assert "Version history" not in client.get(HERE).content.decode()
    change(story, "update", body="<p>More.</p>")
    assert f'<a href="{HISTORY}">Version history</a>' in client.get(HERE).content.decode()


@pytest.mark.parametrize("kind", ["update", "correction", "clarification", "legal"])
def test_every_kind_of_change_but_a_typo_makes_a_history(client, story, kind):
    change(story, "typo", now=NOW - HOUR, body="<p>Ten boats came on Tuesday.</p><p>It rains.</p>")
    assert client.get(HISTORY).status_code == 404
    change(story, kind, note="So it is.", body="<p>Ten boats came.</p>")
    assert len(lines(client)) == 2
    assert "Version history" in client.get(HERE).content.decode()


def test_typing_errors_belong_to_the_version_they_were_made_in(client, story):
    change(story, "update", now=NOW - 3 * HOUR, body="<p>Ten boats came on Tuesday, wet.</p>")
    change(story, "typo", now=NOW - 2 * HOUR, body="<p>Ten boats came on Tuesday, wett.</p>")
    change(story, "typo", now=NOW - HOUR, body="<p>Ten boats came on Tuesday, dry.</p>")
    update, first = lines(client)
    assert "Typing errors in it were corrected since." in update
    assert "dry." in "".join(marked(update, "ins"))
    assert "wet" not in update
    assert first.endswith("First published")


def test_what_was_published_again_as_it_was_and_what_nobody_saw_is_no_version(client, story):
    change(story, "update", now=NOW - 3 * HOUR, body="<p>More.</p>")
    do("unpublish", story, now=NOW - 2 * HOUR)
    revision = rewrite(story, now=NOW - HOUR, body="<p>More.</p>")
    do("publish", story, revision=revision, now=NOW - HOUR, change="")
    assert len(lines(client)) == 2
    # Two in one moment: the first of them has no length.
    change(story, "update", body="<p>Seen by nobody.</p>")
    change(story, "update", body="<p>Seen.</p>")
    assert len(lines(client)) == 3
    assert "nobody" not in client.get(HISTORY).content.decode()


def test_a_scheduled_change_is_told_from_its_moment_on(client, story, clock):
    change(story, "update", now=NOW - HOUR, body="<p>More.</p>")
    revision = rewrite(story, body="<p>Secret until then.</p>", headline="Secret")
    do("schedule", story, revision=revision, at=NOW + HOUR)
    assert len(lines(client)) == 2
    assert "Secret" not in client.get(HISTORY).content.decode()
    clock.move_to(NOW + HOUR)
    assert len(lines(client)) == 3
    assert "Secret until then." in client.get(HISTORY).content.decode()


def test_a_difference_in_names_alone_says_that_the_text_is_the_same(client, story, topic):
    change(story, "update", tags=[topic.pk])
    assert "Headline, standfirst and text read as they did." in lines(client)[0]


# --- What it does not show ----------------------------------------------------------------------


def test_what_was_changed_on_advice_is_told_and_neither_it_nor_what_came_before_is_shown(
    client, story
):
    libel = "<p>Ten boats came on Tuesday. He stole one.</p>"
    change(story, "update", now=NOW - 4 * HOUR, body=libel)
    change(story, "update", now=NOW - 3 * HOUR, body=f"{libel}<p>Or so they say.</p>")
    change(story, "legal", now=NOW - 2 * HOUR, note="Shortened.", body="<p>Ten boats came.</p>")
    change(story, "update", now=NOW - HOUR, body="<p>Ten boats came. Again.</p>")
    told = lines(client)
    assert [line.partition("IST ")[2] for line in told[1:]] == [
        "Changed on advice Shortened. What stood here before is not shown.",
        "Update What stood here before is not shown.",
        "Update What stood here before is not shown.",
        "First published",
    ]
    assert "".join(marked(told[0], "ins")).strip() == "Again."
    said = client.get(HISTORY).content.decode()
    assert "stole" not in said
    assert "so they say" not in said
    for number in re.findall(r'<li id="v(\d+)">', said)[1:]:
        assert client.get(f"{HISTORY}{number}/").status_code == 404


@pytest.mark.parametrize("since", ["live", "expired"])
def test_what_was_taken_down_and_restored_is_not_shown_as_it_was_before(
    client, story, clock, since
):
    change(story, "update", now=NOW - 4 * HOUR, body="<p>He stole one.</p>")
    if since == "expired":
        do("set_end", story, at=NOW - 3 * HOUR, now=NOW - 4 * HOUR)
    why = {"reason": "A libel", "how": "gone"}
    do("take_down", story, now=NOW - 2 * HOUR, **why)
    said = {"change": "correction", "note": "He did not.", "reason": "It is right now"}
    revision = rewrite(story, now=NOW - HOUR, body="<p>He did not steal.</p>")
    do("restore", story, revision=revision, now=NOW - HOUR, **said)
    change(story, "update", body="<p>He did not steal. Ever.</p>")
    told = lines(client)
    assert len(told) == 4
    assert [bool(marked(line, "ins")) for line in told] == [True, False, False, False]
    assert "He stole" not in client.get(HISTORY).content.decode()


def test_a_history_is_found_by_no_search_engine(client, story):
    change(story, "update", body="<p>More.</p>")
    assert client.get(HISTORY)["X-Robots-Tag"] == "noindex"


# --- Where it stands ----------------------------------------------------------------------------


def test_a_history_answers_as_its_story_does(client, story, clock):
    change(story, "update", now=NOW - 2 * HOUR, slug="harbour-closes", body="<p>More.</p>")
    new = "/world/harbour-closes/versions/"
    (number,) = re.findall(r"v(\d+)", client.get(new).content.decode())[:1]
    for below in ("", f"{number}/"):
        moved = client.get(HISTORY + below)
        assert (moved.status_code, moved["Location"]) == (301, new + below)
    assert client.get("/world/nowhere/versions/").status_code == 404
    assert client.post(new).status_code == 405
    do("take_down", story, reason="A libel", how="gone")
    for path in (HISTORY, new, f"{new}{number}/"):
        assert client.get(path).status_code == 410
        assert "More" not in client.get(path).content.decode()


def test_an_unpublished_storys_history_is_not_found(client, story):
    change(story, "update", now=NOW - HOUR, body="<p>More.</p>")
    do("unpublish", story)
    assert client.get(HISTORY).status_code == 404


ODD = ("", "0", "01", "-1", "1.0", "٣", "x", "9" * 18, "9" * 19, "9" * 40, "\x00", "1 or 1=1")


@pytest.mark.parametrize("before", ODD)
def test_an_odd_place_in_a_history_is_no_page(client, story, before):
    change(story, "update", body="<p>More.</p>")
    assert client.get(HISTORY, {"before": before}).status_code == 404


@pytest.mark.parametrize("number", ["0", "00", "99999999", "9" * 40])
def test_a_number_that_is_no_version_is_no_page(client, story, number):
    change(story, "update", body="<p>More.</p>")
    assert client.get(f"{HISTORY}{number}/").status_code == 404


def test_a_version_of_another_story_is_none_of_this_one(client, story, published):
    other = published("Tides Rise")
    for each in (story, other):
        change(each, "update", body=f"<p>More of {each.pk}.</p>")
    (theirs,) = re.findall(
        r'id="v(\d+)"', client.get("/world/tides-rise/versions/").content.decode()
    )[:1]
    assert client.get(f"{HISTORY}{theirs}/").status_code == 404
    assert client.get(f"{HISTORY}?before={theirs}").status_code == 404


def test_a_long_history_is_read_in_pages_and_every_version_once(client, story):
    for hour in range(45):
        change(
            story, "update", now=NOW - 4 * HOUR + hour * MINUTE, body=f"<p>Boat {hour} came.</p>"
        )
    path, told = HISTORY, []
    while path:
        told += lines(client, path)
        page = client.get(path).content.decode()
        assert 'rel="canonical" href="http' in page
        older = re.search(r'rel="next" href="(\?before=\d+)"', page)
        path = older and HISTORY + older[1]
    assert len(told) == 46
    assert [found for line in told for found in re.findall(r"<ins>(\d+)</ins>", line)] == [
        str(hour) for hour in range(44, 0, -1)
    ]
    assert told[-1].endswith("First published")


# --- How much is compared -----------------------------------------------------------------------


def words(count, of="boat"):
    return "".join(f"<p>{' '.join([of] * 50)} {n}.</p>" for n in range(count // 50))


def test_a_long_difference_has_a_page_of_its_own_and_one_too_long_is_not_made(client, story):
    change(story, "update", now=NOW - 3 * HOUR, body=words(6_000))
    change(story, "update", now=NOW - 2 * HOUR, body=words(6_000) + "<p>At last.</p>")
    change(story, "update", now=NOW - HOUR, body=words(30_000))
    too_long, apart, _here, _first = lines(client)
    assert "too long to be set side by side" in too_long
    assert apart.endswith("See what changed")
    (number,) = re.findall(rf'href="{HISTORY}(\d+)/"', client.get(HISTORY).content.decode())[:1]
    alone = client.get(f"{HISTORY}{number}/").content.decode()
    assert "At last." in alone
    assert alone.count("boat boat") > 100  # the whole text, with its marks
    (first,) = re.findall(r'id="v(\d+)"', client.get(HISTORY).content.decode())[:1]
    assert client.get(f"{HISTORY}{first}/").status_code == 404


# --- As it was ----------------------------------------------------------------------------------

BLOCK = re.compile(r'<div class="prose" dir="auto">(.*?)</div>', re.DOTALL)


def read(page, without):
    """A difference's whole text as it reads without what was added, or without what went."""
    cut = {"ins": "added|moved_here", "del": "removed|moved_away"}[without]
    block = re.compile(rf'<div class="change (?:{cut})">.*?</div>\s*</div>', re.DOTALL)
    text = " ".join(BLOCK.findall(block.sub("", unmarked(page))))
    return " ".join(re.sub(rf"<{without}>.*?</{without}>|<[^>]+>", "", text).split())


def served(client, path):
    """The text of a story's page."""
    page = client.get(path).content.decode()
    prose = re.search(r'<div class="prose[^"]*" dir="auto">(.*?)</div>', page)
    return " ".join(re.sub(r"<[^>]+>", "", prose[1]).split())


def serve_every_change(client, line, seen, since):
    """Note what is served from a moment until the line's own, at each start and end."""
    t, until = since, line.t
    while t and t <= until:
        line.clock.move_to(t)
        for row in Publication.objects.at(t):
            seen[row.article_id].add(served(client, row.path))
        t = intervals.next_change(t)
    line.clock.move_to(until)


@pytest.mark.parametrize("seed", [0, 2, 3])  # in which some story is live in the end
def test_the_texts_of_a_history_are_those_that_were_served(client, write, clock, seed):
    line = Timeline(seed, write, clock)
    seen = {story.pk: set() for story in line.stories}
    for _ in range(40):
        line.happens()
        since = line.t
        line.forward()
        serve_every_change(client, line, seen, since)
    compared = 0
    for row in Publication.objects.at(line.t):
        page = client.get(f"{row.path}versions/").content.decode()
        for number in re.findall(r'<li id="v(\d+)">', page):
            answer = client.get(f"{row.path}versions/{number}/")
            if answer.status_code == 200:
                whole, compared = answer.content.decode(), compared + 1
                assert {read(whole, "ins"), read(whole, "del")} <= seen[row.article_id]
    assert compared
