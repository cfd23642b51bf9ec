"""Public notes: on the page of their story, and every correction on a page of its own."""

import re
from datetime import timedelta

import pytest

from articles.models import Publication
from articles.pages import notes
from articles.states import Change, EndsAs
from tests.conftest import NOW
from tests.desk.pressing import do, rewrite
from tests.pages.test_story_page import read, text_of

pytestmark = pytest.mark.django_db

HERE = "/world/harbour-opens/"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def story(published, clock):
    return published(at=NOW - 10 * HOUR)


def change(story, note, kind="correction", *, now=NOW, verb="publish", **values):
    """Publish a changed text of a story, with a note for its readers."""
    body = f"<p>The harbour opened. {now.isoformat()} {note}</p>"
    revision = rewrite(story, body=body, **values)
    said = {"note": note, "change": kind, "reason": "Advised", "sure": True}
    if verb == "schedule":
        return do("schedule", story, revision=revision, at=now, **said)
    return do("publish", story, revision=revision, now=now, **said)


def notes_of(page):
    """The notes of a story's page as (kind, time, words), in their order."""
    boxes = re.findall(r'<section class="fix.*?</section>', page, re.DOTALL)
    return [
        tuple(
            text_of(re.search(part, box, re.DOTALL)[0])
            for part in ("<h2.*?</h2>", "<time.*?</time>", '<div class="note".*?</div>')
        )
        for box in boxes
    ]


# --- On the story's page ------------------------------------------------------------------------


def test_a_storys_page_shows_every_note_with_its_kind_and_time_the_newest_first(client, story):
    change(story, "It opened on Tuesday, not on Monday.", now=NOW - 2 * HOUR)
    change(story, "", "update", now=NOW - HOUR)
    change(story, "“Opened” means to ferries.", "clarification", now=NOW)
    assert notes_of(read(client)) == [
        ("Clarification", "19 June 2026, 12:00", "“Opened” means to ferries."),
        ("Correction", "19 June 2026, 10:00", "It opened on Tuesday, not on Monday."),
    ]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("typo", "Typing error"),
        ("update", "Update"),
        ("correction", "Correction"),
        ("clarification", "Clarification"),
        ("legal", "Editor’s note"),
    ],
)
def test_each_kind_of_change_that_bears_a_note_is_named_in_words(client, story, kind, words):
    assert {str(k) for k in Change} >= {kind}
    change(story, "Said so.", kind)
    assert [note[0] for note in notes_of(read(client))] == [words]


def test_a_story_without_a_note_shows_none(client, story):
    change(story, "", "update")
    assert notes_of(read(client)) == []


def test_the_note_of_a_scheduled_correction_appears_at_its_second(client, story, clock):
    change(story, "To come.", now=NOW + HOUR, verb="schedule")
    clock.move_to(NOW + HOUR - timedelta(seconds=1))
    assert "To come." not in read(client)
    assert "To come." not in read(client, "/corrections/")
    clock.shift(timedelta(seconds=1))
    assert "To come." in read(client)
    assert "To come." in read(client, "/corrections/")


def test_the_note_of_a_withheld_version_is_shown_nowhere(client, story):
    change(story, "Withheld.", now=NOW - HOUR)
    change(story, "Shown.", now=NOW)
    Publication.objects.filter(note="Withheld.").update(withheld=True)
    assert [note[2] for note in notes_of(read(client))] == ["Shown."]
    assert "Withheld." not in read(client, "/corrections/")


def test_a_note_is_printed_as_typed_in_its_paragraphs(client, story):
    change(story, "<b>Not</b> bold & “quoted”.\n\nAnd a second paragraph.")
    for path in (HERE, "/corrections/"):
        page = read(client, path)
        assert "<p>&lt;b&gt;Not&lt;/b&gt; bold &amp; “quoted”.</p>" in page
        assert "<p>And a second paragraph.</p>" in page


def test_the_updated_time_moves_with_a_correction_and_not_with_a_clarification(client, story):
    change(story, "Could be misread.", "clarification", now=NOW - HOUR)
    assert "Updated" not in text_of(read(client))
    change(story, "Was wrong.", now=NOW)
    assert "Updated 19 June 2026, 12:00" in text_of(read(client))


# --- All corrections ----------------------------------------------------------------------------


def listed(page):
    """The corrections page as (time, kind, headline, address, words), in its order."""
    items = re.findall(r"<li>\s*<p class=\"when\">.*?</li>", page, re.DOTALL)
    parts = (
        "<time.*?</time>",
        '<p class="label.*?</p>',
        "<h2.*?</h2>",
        '<div class="note".*?</div>',
    )
    return [
        (
            *(text_of(re.search(part, item, re.DOTALL)[0]) for part in parts[:3]),
            re.search(r"<h2.*?href=\"(.*?)\"", item, re.DOTALL)[1],
            text_of(re.search(parts[3], item, re.DOTALL)[0]),
        )
        for item in items
    ]


def test_the_page_lists_corrections_and_clarifications_newest_first_and_no_other_notes(
    client, story, published
):
    other = published("Tides Rise", at=NOW - 9 * HOUR)
    change(story, "It was Tuesday.", now=NOW - 3 * HOUR)
    change(other, "By 3 m, not 3 ft.", "clarification", now=NOW - 2 * HOUR)
    for minutes, kind in enumerate(("update", "typo", "legal")):
        change(story, f"A note on an {kind}.", kind, now=NOW - HOUR + minutes * MINUTE)
    assert listed(read(client, "/corrections/")) == [
        ("19 June 2026, 10:00", "Clarification", "Tides Rise", "/world/tides-rise/",
         "By 3 m, not 3 ft."),
        ("19 June 2026, 09:00", "Correction", "Harbour Opens", HERE, "It was Tuesday."),
    ]  # fmt: skip


def test_a_correction_names_its_story_as_it_is_called_and_addressed_now(client, story, national):
    change(story, "It was Tuesday.", now=NOW - HOUR)
    change(
        story, "", "update", headline="Harbour Closes", slug="harbour-closes", section=national.pk
    )
    ((_time, _kind, headline, address, _words),) = listed(read(client, "/corrections/"))
    assert (headline, address) == ("Harbour Closes", "/national/harbour-closes/")


@pytest.mark.parametrize("end", ["unpublish", "gone", "vanished", "expired", "erase"])
def test_a_story_that_is_public_no_more_has_no_correction_there(client, story, clock, end):
    change(story, "It was Tuesday.", now=NOW - HOUR)
    change(story, "", "update", now=NOW - HOUR + MINUTE)
    assert "It was Tuesday." in read(client, "/corrections/")
    if end == "unpublish":
        do("unpublish", story)
    elif end == "expired":
        do("set_end", story, at=NOW + MINUTE)
        clock.shift(MINUTE)
    elif end == "erase":
        do("erase", story, reason="By law", authority="A court")
    else:
        do("take_down", story, how=EndsAs(end), reason="By law")
    page = client.get("/corrections/")
    assert page.status_code == 200
    assert "It was Tuesday." not in page.content.decode()
    assert "Harbour" not in page.content.decode()


def test_what_comes_back_brings_its_corrections_back(client, story):
    change(story, "It was Tuesday.", now=NOW - HOUR)
    do("take_down", story, how=EndsAs.GONE, reason="A mistake")
    assert "It was Tuesday." not in read(client, "/corrections/")
    do("restore", story, revision=2, reason="It was right")
    assert "It was Tuesday." in read(client, "/corrections/")
    assert [note[2] for note in notes_of(read(client))] == ["It was Tuesday."]


def test_without_any_correction_the_page_says_so(client, clock, db):
    answer = client.get("/corrections/")
    assert answer.status_code == 200
    assert "Nothing has been corrected yet." in answer.content.decode()
    assert client.get("/corrections/?before=1").status_code == 404


def test_every_page_leads_to_the_corrections(client, story):
    for path in ("/", "/world/", HERE, "/nowhere/"):
        assert 'href="/corrections/"' in read(client, path)


# --- Page by page -------------------------------------------------------------------------------


@pytest.fixture
def several(published, clock, monkeypatch):
    """Three pages of corrections of five stories, two at a moment, and updates between them."""
    monkeypatch.setattr(notes, "CORRECTIONS_A_PAGE", 7)
    stories = [published(f"Story {n}", at=NOW - 100 * HOUR) for n in range(5)]
    for number in range(17):
        at = NOW - 60 * HOUR + number // 2 * HOUR
        change(stories[number % 5], f"Note {number:02}.", now=at)
        if number % 7 == 0:
            change(stories[number % 5], "Note no correction.", "update", now=at + MINUTE)
    return stories


def notes_in(page):
    return re.findall(r"Note \d\d", page)


def test_the_page_is_read_to_its_end_each_correction_once_newest_first(client, several):
    seen, address, pages = [], "/corrections/", 0
    while address:
        page = read(client, address)
        seen, pages = seen + notes_in(page), pages + 1
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/corrections/{older[1]}" if older else None
    rows = Publication.objects.filter(change="correction").order_by("-starts_at", "-pk")
    assert seen == [row.note.removesuffix(".") for row in rows]
    assert (len(seen), pages) == (17, 3)


ODD_CURSORS = (
    "0", "-1", str(10**30), "abc", "", "1.5", "٣", "%00", "1%20", str(2**63), "01", "1_0",
    "9" * 19, "9" * 20, "9" * 5000,
)  # fmt: skip


def test_a_cursor_that_is_no_correction_of_a_public_story_is_404(client, several):
    update = Publication.objects.filter(change="update").first()
    first = Publication.objects.filter(change="").first()
    oldest = Publication.objects.filter(change="correction").earliest("starts_at", "pk")
    for before in (*ODD_CURSORS, update.pk, first.pk, oldest.pk):
        assert client.get(f"/corrections/?before={before}").status_code == 404, before
    hidden = Publication.objects.filter(change="correction", article=several[0]).last()
    assert client.get(f"/corrections/?before={hidden.pk}").status_code == 200
    do("unpublish", several[0])
    assert client.get(f"/corrections/?before={hidden.pk}").status_code == 404


def test_a_deep_page_is_at_its_own_address_and_leads_back(client, several):
    before = re.search(r'rel="next" href="\?before=(\d+)"', read(client, "/corrections/"))[1]
    page = read(client, f"/corrections/?before={before}")
    assert f'rel="canonical" href="http://testserver/corrections/?before={before}"' in page
    assert 'rel="first" href="/corrections/"' in page
