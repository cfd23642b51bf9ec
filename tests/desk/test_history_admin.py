"""A story's history in the admin: to be read, compared, and restored from, by who may."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.desk import compare, revisions
from articles.models import Article, Move, Revision, SectionMember, Tag
from articles.states import Change
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do
from tests.desk.test_history import MINUTE, MORNING, fill, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HUGE = "9" * 30


def of(story, rest=""):
    return f"/admin/articles/article/{story.pk}/{rest}"


def text_of(answer):
    """What a person reads, or hears, of a page's content."""
    content = answer.content.decode().partition('id="content"')[2]
    return " ".join(re.sub(r"<[^>]*>", " ", content).split())


def compared(answer):
    """The two numbers that the page of a comparison shows."""
    return re.findall(r'name="[ab]"\s+min="1"\s+value="(\d+)"', answer.content.decode())


@pytest.fixture
def story(write, reporter):
    return write(by=reporter, now=MORNING, body="<p>One.</p><p>Two.</p><p>Three.</p>")


@pytest.fixture
def rewritten(story, reporter):
    save(story, MORNING + MINUTE, reporter, headline="Harbour Opens Late", note="as agreed")
    return story


def test_the_story_form_leads_to_the_history(desk_of, editor, story):
    assert reverse("admin:articles_article_history", args=[story.pk]) == of(story, "history/")
    page = desk_of(editor).get(of(story, "change/")).content.decode()
    assert f'href="{of(story, "history/")}"' in page


def test_the_history_tells_who_did_what_and_offers_two_revisions(desk_of, editor, rewritten):
    answer = desk_of(editor).get(of(rewritten, "history/"))
    assert "Reporter: headline changed as agreed revision 2" in text_of(answer)
    page = answer.content.decode()
    chosen = re.findall(r'name="(a|b)"\s+value="(\d+)"\s+checked', page)
    assert sorted(chosen) == [("a", "1"), ("b", "2")]
    assert f'href="{of(rewritten, "history/2/")}"' in page


def test_what_readers_have_is_offered_to_compare_with(desk_of, editor, published):
    story = published(at=MORNING)
    for n in (1, 2):
        save(story, MORNING + n * HOUR, standfirst=f"Take {n}.")
    page = desk_of(editor).get(of(story, "history/")).content.decode()
    chosen = re.findall(r'name="(a|b)"\s+value="(\d+)"\s+checked', page)
    assert sorted(chosen) == [("a", "1"), ("b", "3")]


def test_a_text_set_beside_can_be_joined_from_there(desk_of, editor, story):
    held = revisions.snapshot(story.pk, 1) | {"headline": "Another"}
    revisions.set_beside(story.pk, held, by=editor, based_on=1, seen=1, now=NOW, note="")
    page = desk_of(editor).get(of(story, "history/")).content.decode()
    assert f'href="{of(story, "beside/2/")}"' in page


def test_what_people_typed_is_text_on_the_page_and_no_markup(desk_of, editor, story):
    save(story, NOW, editor, headline="<b>Bold</b>", note="<script>alert(1)</script>")
    desk = desk_of(editor)
    for rest in ("history/", "history/2/", "compare/?a=1&b=2"):
        page = desk.get(of(story, rest)).content.decode()
        assert "<script>alert" not in page
        assert "<b>Bold" not in page


def test_older_lines_are_on_pages_of_their_own(desk_of, editor, story):
    fill(story, 700, 10)
    desk, seen = desk_of(editor), set()
    address = of(story, "history/")
    for _page in range(4):
        page = desk.get(address).content.decode()
        seen |= set(re.findall(r"history/(\d+)/", page))
        following = re.search(r'href="(\S+\?before=[\d-]+)"', page)
        if not following:
            break
        address = following[1]
    assert not following
    assert len(seen) == 701


@pytest.mark.parametrize("before", ["", "x", "-", "5", HUGE, f"{HUGE}-1", "1-2-3", "\x00"])
def test_a_place_that_is_none_is_not_found(desk_of, editor, story, before):
    assert desk_of(editor).get(of(story, "history/"), {"before": before}).status_code == 404


# --- One revision ---------------------------------------------------------------------------


def test_a_revision_is_read_with_names_for_ids(desk_of, editor, story, author, topic, write):
    other = write("Ferry Returns")
    save(story, NOW, editor, authors=[author.pk], tags=[topic.pk], also_read=[other.pk])
    read = text_of(desk_of(editor).get(of(story, "history/2/")))
    for words in (
        "World",
        "Ilse Hartmann",
        "Ports",
        "Ferry Returns",
        "One.",
        "This is the working",
    ):
        assert words in read


def test_a_story_that_a_person_cannot_open_is_not_named(desk_of, editor, story, national, write):
    secret = write("Secret Merger", section=national.pk)
    save(story, NOW, editor, also_read=[secret.pk])
    SectionMember.objects.create(user=editor, section=story.section)
    desk = desk_of(editor)
    for rest in ("history/2/", "compare/?a=1&b=2"):
        page = desk.get(of(story, rest)).content.decode()
        assert "Secret Merger" not in page
        assert "a story that you cannot open" in page


def test_a_tag_that_was_deleted_is_said_to_be_no_more(desk_of, editor, story, topic):
    save(story, NOW, editor, tags=[topic.pk])
    save(story, NOW, editor, tags=[])
    Tag.objects.filter(pk=topic.pk).delete()
    assert "a tag that is no more" in text_of(desk_of(editor).get(of(story, "history/2/")))


def test_a_revision_is_held_against_the_one_before_and_what_readers_have(
    desk_of, editor, published
):
    story = published(at=MORNING)
    for n in (1, 2):
        save(story, MORNING + n * HOUR, standfirst=f"Take {n}.")
    page = desk_of(editor).get(of(story, "history/3/")).content.decode()
    assert f'href="{of(story, "compare/")}?a=2&amp;b=3"' in page
    assert f'href="{of(story, "compare/")}?a=1&amp;b=3"' in page


@pytest.mark.parametrize("number", ["0", "3", HUGE])
def test_a_revision_that_is_not_there_is_not_found(desk_of, editor, rewritten, number):
    desk = desk_of(editor)
    assert desk.get(of(rewritten, f"history/{number}/")).status_code == 404
    answer = desk.post(of(rewritten, f"history/{number}/restore/"), {"seen": 2})
    assert answer.status_code == 404


# --- Restoring ------------------------------------------------------------------------------


def restore(desk, story, number, seen):
    return desk.post(of(story, f"history/{number}/restore/"), {"seen": seen})


def test_an_old_revision_becomes_the_working_copy_again_as_a_new_one(desk_of, editor, rewritten):
    answer = restore(desk_of(editor), rewritten, 1, seen=2)
    assert answer.url == of(rewritten, "change/")
    rewritten.refresh_from_db()
    assert (rewritten.headline, rewritten.version) == ("Harbour Opens", 3)
    newest = Revision.objects.get(article=rewritten, number=3)
    assert (newest.note, newest.by) == ("revision 1 restored", editor)
    said = text_of(desk_of(editor).get(of(rewritten, "history/")))
    assert "revision 1 restored" in said


def test_what_reads_as_the_working_copy_does_changes_nothing(desk_of, editor, rewritten):
    save(rewritten, NOW, headline="Harbour Opens")
    answer = desk_of(editor).post(of(rewritten, "history/1/restore/"), {"seen": 3}, follow=True)
    assert "reads so already" in answer.content.decode()
    assert Revision.objects.filter(article=rewritten).count() == 3


def test_a_colleagues_save_meanwhile_is_a_conflict_and_the_page_knows_it_then(
    desk_of, editor, rewritten
):
    save(rewritten, NOW, standfirst="A colleague’s.")
    answer = restore(desk_of(editor), rewritten, 1, seen=2)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "saved again while you had this open" in page
    assert '<input type="hidden" name="seen" value="3">' in page
    assert Article.objects.get(pk=rewritten.pk).version == 3


@pytest.mark.parametrize("seen", ["", "x", "0", "-1", HUGE])
def test_a_restore_without_what_was_seen_is_refused(desk_of, editor, rewritten, seen):
    assert restore(desk_of(editor), rewritten, 1, seen=seen).status_code == 422
    assert Article.objects.get(pk=rewritten.pk).version == 2


def test_who_may_not_edit_is_offered_no_restore_and_gets_none(desk_of, editor, reporter, write):
    story = write(by=editor, now=MORNING)
    save(story, NOW, standfirst="News.")
    for may, person in ((False, reporter), (True, editor)):
        desk = desk_of(person)
        page = desk.get(of(story, "history/1/")).content.decode()
        assert ("restore/" in page) is may
        assert restore(desk, story, 1, seen=2).status_code == (302 if may else 403)


def test_the_working_copy_itself_is_not_offered_for_restoring(desk_of, editor, rewritten):
    page = desk_of(editor).get(of(rewritten, "history/2/")).content.decode()
    assert "restore/" not in page


def test_restoring_is_a_post(desk_of, editor, rewritten):
    assert desk_of(editor).get(of(rewritten, "history/1/restore/")).status_code == 405


def test_nothing_of_an_erased_story_can_be_read_or_restored(desk_of, managing_editor, published):
    story = published(at=MORNING, body="<p>Her name is Edda.</p>")
    save(story, MORNING + HOUR, headline="Edda Speaks", note="Edda agreed")
    do("erase", story, reason="She asked.", authority="The law", now=NOW)
    desk = desk_of(managing_editor)
    for rest in ("history/", "history/1/", "history/2/", "compare/?a=1&b=2"):
        answer = desk.get(of(story, rest))
        assert answer.status_code == 200
        assert "Edda" not in answer.content.decode()
    assert "erased by law" in text_of(desk.get(of(story, "history/1/")))
    assert "restore/" not in desk.get(of(story, "history/1/")).content.decode()
    assert restore(desk, story, 1, seen=2).status_code == 403
    assert Article.objects.get(pk=story.pk).version == 2


# --- Comparing ------------------------------------------------------------------------------


def test_two_revisions_are_compared_the_older_one_first(desk_of, editor, rewritten):
    desk = desk_of(editor)
    for a, b in ((1, 2), (2, 1)):
        answer = desk.get(of(rewritten, "compare/"), {"a": a, "b": b})
        assert compared(answer) == ["1", "2"]
        assert re.search(r"Opens.*<ins>.*Late.*</ins>", answer.content.decode())


def test_without_numbers_what_readers_have_is_compared_with_the_newest(desk_of, editor, published):
    story = published(at=MORNING)
    for n in (1, 2):
        save(story, MORNING + n * HOUR, standfirst=f"Take {n}.")
    assert compared(desk_of(editor).get(of(story, "compare/"))) == ["1", "3"]


def test_who_hears_the_page_is_told_what_was_added_and_removed(desk_of, editor, story):
    body = "<p>The pier reaches two hundred metres into the bay.</p>"
    save(story, NOW, editor, body=body)
    body = body.replace("two hundred", "two hundred and ten")
    save(story, NOW, editor, headline="Harbour Closes", body=body)
    heard = text_of(desk_of(editor).get(of(story, "compare/"), {"a": 2, "b": 3}))
    assert "before: Harbour removed: Opens end of what was removed" in heard
    assert "added: Closes end of what was added" in heard
    assert "two hundred added: and ten end of what was added metres" in heard


def test_a_moved_paragraph_is_marked_at_both_ends_in_words(desk_of, editor, story):
    one = "<p>The harbour opened on Tuesday after eleven months of waiting.</p>"
    two = "<p>Insurers had already begun to price the risk in.</p>"
    three = "<p>The council will meet again in the first week of spring.</p>"
    save(story, NOW, editor, body=one + two + three)
    save(story, NOW, editor, body=two + three + one)
    answer = desk_of(editor).get(of(story, "compare/"), {"a": 2, "b": 3})
    heard = text_of(answer)
    assert "moved from here move 1 The harbour opened" in heard
    assert "moved to here move 1 The harbour opened" in heard
    page = answer.content.decode()
    assert 'id="move-1-from"' in page
    assert 'href="#move-1-from"' in page


def test_an_address_that_holds_a_mark_is_left_as_it_is():
    marked = '<p><a href="https://x.example/?q=<ins>">all</a> <ins>of it</ins></p>'
    heard = compare.spoken(SafeString(marked))
    assert heard.startswith('<p><a href="https://x.example/?q=<ins>">all</a> <ins><span ')


def test_two_that_read_the_same_say_so(desk_of, editor, rewritten):
    said = text_of(desk_of(editor).get(of(rewritten, "compare/"), {"a": 2, "b": 2}))
    assert "Both read the same." in said


@pytest.mark.parametrize(
    ("a", "b"), [(1, 9), (0, 1), (-1, 2), ("", 2), ("x", 1), (HUGE, 1), (1, "1.5"), ("\x00", 1)]
)
def test_numbers_of_no_revision_are_answered_with_a_sentence(desk_of, editor, rewritten, a, b):
    answer = desk_of(editor).get(of(rewritten, "compare/"), {"a": a, "b": b})
    assert answer.status_code == 404
    assert 'role="alert"' in answer.content.decode()


# --- Who may, and how much it costs ----------------------------------------------------------

PAGES = ("history/", "history/1/", "compare/", "compare/?a=1&b=2")


def test_who_cannot_open_a_story_reads_nothing_of_its_past(desk_of, editor, national, rewritten):
    SectionMember.objects.create(user=editor, section=national)
    desk = desk_of(editor)
    for rest in PAGES:
        assert desk.get(of(rewritten, rest)).status_code == 404
    assert restore(desk, rewritten, 1, seen=2).status_code == 404
    assert Article.objects.get(pk=rewritten.pk).version == 2


def test_who_is_not_signed_in_is_asked_to(client, rewritten):
    for rest in PAGES:
        assert "/login/" in client.get(of(rewritten, rest)).url


def asked_by(desk, story, rest):
    """The queries of a page about a story's revisions, steps and versions; and of all, how many."""
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(of(story, rest)).status_code == 200
    tables = re.compile(r'FROM "articles_(revision|move|publication)"')
    return [query["sql"] for query in queries if tables.search(query["sql"])], len(queries)


def test_ten_thousand_revisions_ask_as_much_as_ten(desk_of, editor, published):
    story = published(at=MORNING)
    desk = desk_of(editor)
    fill(story, 10, 3)
    few = {rest: asked_by(desk, story, rest) for rest in PAGES}
    assert {rest: len(queries) for rest, (queries, _all) in few.items()} == {
        "history/": 4, "history/1/": 4, "compare/": 3, "compare/?a=1&b=2": 3,
    }  # fmt: skip
    Revision.objects.filter(article=story, number__gt=1).delete()
    Move.objects.filter(article=story.pk, verb="hold").delete()
    fill(story, 10_000, 2000)
    for rest, (_queries, most) in few.items():
        assert asked_by(desk, story, rest)[1] == most
    for query in asked_by(desk, story, "history/")[0]:
        assert '"body"' not in query
        assert "LIMIT" in query or "publication" in query
        assert "COUNT(" not in query


def test_thirty_versions_ask_as_much_as_one(desk_of, editor, published):
    story = published(at=MORNING - timedelta(days=3))
    desk = desk_of(editor)
    few = asked_by(desk, story, "history/")[1]
    number = save(story, MORNING - timedelta(days=2), standfirst="News.")
    for n in range(30):
        do(
            "publish", story, revision=number - n % 2, now=MORNING + n * MINUTE,
            change=Change.UPDATE,
        )  # fmt: skip
    assert asked_by(desk, story, "history/")[1] == few
