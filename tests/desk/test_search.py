"""The desk's search: which stories hold which words, whatever is typed and whoever asks."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from articles.desk import archive, planning, revisions, search, workflow
from articles.desk.archive import Story, Version
from articles.desk.revisions import Values
from articles.models import Article, Author
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LIST = "/admin/articles/article/"
PICK = "/admin/autocomplete/"


@pytest.fixture
def found(desk_of, editor):
    """The headlines that a search finds, in their order."""
    desk = desk_of(editor)

    def found(words, **more):
        answer = desk.get(LIST, {"q": words, **more})
        assert answer.status_code == 200
        return [line.article.headline for line in answer.context["lines"]]

    return found


def test_a_story_is_found_by_any_part_of_its_working_copy(found, write):
    body = "<p>Rope and <em>tar</em>.</p>"
    story = write("Ferry Returns", standfirst="After a winter.", body=body)
    planning.plan(story.pk, {"slugline": "KESTREL BAY"}, by=PROGRAM, now=NOW)
    write("Something Else")
    for words in ("ferry", "winter", "rope tar", "kestrel", "ferry kestrel rope", "FERRY", "retu"):
        assert found(words) == ["Ferry Returns"], words
    for words in ("erry", "ferry nothing", "em", "p"):
        assert found(words) == [], words


def test_what_was_saved_over_is_found_no_more(found, write):
    story = write("Harbour Opens", body="<p>On Tuesday.</p>")
    rewrite(story, body="<p>On Wednesday.</p>")
    assert found("wednesday") == ["Harbour Opens"]
    assert found("tuesday") == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Übergänge", "ubergange"), ("Ubergange", "übergänge"), ("Čáslav", "caslav"),
        ("Straße", "STRASSE"), ("Smørrebrød", "smorrebrod"), ("Łódź", "lodz"),
        ("Œuvre", "oeuvre"),
        ("İstanbul", "istanbul"), ("Ελλάδα", "ελλαδα"), ("Москва", "москва"), ("עִבְרִית", "עברית"),
        ("العربية", "العربية"), ("हिन्दी", "हिन्दी"), ("港口今天开放", "今天"),
        ("港口今天开放", "放"),
        ("サッカー大会", "大会"), ("ข่าววันนี้", "วันนี้"), ("한국어", "한국"), ("Zone 51", "51"),
    ],
)  # fmt: skip
def test_capitals_accents_and_scripts_do_not_matter(found, write, written, typed):
    write(written, slug="a-story")
    write("Something Else")
    assert found(typed) == [written]


def test_the_newest_save_stands_first(found, write):
    first, second = write("Harbour One"), write("Harbour Two")
    assert found("harbour") == ["Harbour Two", "Harbour One"]
    rewrite(first, standfirst="Again.")
    assert found("harbour") == ["Harbour One", "Harbour Two"]
    assert second.pk


def test_words_also_find_the_stories_of_an_author_by_todays_name(found, write, author):
    write("Signed", authors=[author.pk], body="<p>Of eels.</p>")
    write("About Ilse Hartmann")
    assert sorted(found("hartmann")) == ["About Ilse Hartmann", "Signed"]
    assert found("hartmann eels") == ["Signed"]
    assert found("ilse eels tuesday") == []
    Author.objects.filter(pk=author.pk).update(name="Ilse Weiß", slug="ilse-weiss")
    assert found("weiss") == ["Signed"]
    assert found("hartmann") == ["About Ilse Hartmann"]


def test_words_narrow_a_view_and_a_filter(found, write, published):
    write("Harbour Draft")
    published("Harbour Live")
    assert found("harbour", readers="live") == ["Harbour Live"]
    workflow.take("submit", Article.objects.get(headline="Harbour Draft").pk, by=PROGRAM, now=NOW)
    assert found("harbour", view="queue") == ["Harbour Draft"]
    assert found("ferry", view="queue") == []


ODD = [
    '"', '""', "'", '" OR "', "harbour AND", "NOT harbour", "NEAR(a b)", "col:harbour", "^harbour",
    "harbour*", "* - + ( )", "-harbour", "\0", "har\0bour", "?!…—", "\\", "%_%", "a" * 10_000,
    "harbour " * 2_000, "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "\u202e",
    "<script>", "'; DROP TABLE articles_article; --", "&|!:*", "<->", "́́́", "\u0301", "１２３",
]  # fmt: skip


@pytest.mark.parametrize("typed", ODD, ids=range(len(ODD)))
def test_whatever_is_typed_gives_a_page(found, write, typed):
    write()
    found(typed)
    found("", byline=typed)


@given(st.text(max_size=60))
def test_no_text_is_a_fault_to_the_database(typed):
    search.find(typed).among([1])
    search.signed_by(typed).among([1])
    search.write_many([(1, (typed, typed, "", "", f"<p>{typed}</p>"))])


@given(st.text(min_size=1, max_size=30))
def test_a_text_is_found_by_its_own_words(typed):
    search.write_many([(1, (typed, "", "", "", ""))])
    found = search.find(typed)
    if found.words:
        assert found.ids == {1}


def test_a_query_without_a_word_finds_nothing_and_says_so(desk_of, editor, write):
    write()
    answer = desk_of(editor).get(LIST, {"q": "?!"})
    assert answer.context["lines"] == []
    assert "holds no word to look for" in answer.content.decode()


# --- Kept in step ----------------------------------------------------------------------------


def indexed(word):
    with connection.cursor() as cursor:
        cursor.execute('SELECT count(*) FROM "articles_search"')
        return search.find(word).ids, cursor.fetchone()[0]


def test_a_refused_save_changes_nothing_of_the_index(found, write, world):
    story = write("Harbour Opens")
    with pytest.raises(revisions.Stale):
        revisions.save(story.pk, Values("Ferry", world.pk), by=PROGRAM, seen=9, now=NOW)
    assert found("harbour") == ["Harbour Opens"]


def test_a_discarded_story_leaves_no_word_behind(write, editor):
    story = write("Harbour Opens", by=editor)
    revisions.discard(story.pk, by=editor, now=NOW)
    assert indexed("harbour") == (set(), 0)


def test_an_erased_story_leaves_no_word_in_the_database(published):
    story = published("Quixotry Opens", body="<p>Of zeppelins.</p>")
    do("erase", story, reason="By law.", authority="The court, 12/26")
    assert indexed("quixotry") == (set(), 0)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT block FROM articles_search_data")
            held = b"".join(bytes(row[0]) for row in cursor.fetchall())
        assert b"zeppelin" not in held


def test_stories_written_in_bulk_are_found(found, world):
    version = Version(NOW, Values("Bulk Harbour", world.pk, body="<p>Of eels.</p>", slug="bulk"))
    archive.write([Story([version])], by=PROGRAM, now=NOW)
    assert found("eels") == ["Bulk Harbour"]


def test_the_command_indexes_every_story_anew(found, write, capsys):
    write("Harbour Opens")
    write("Ferry Returns", body="")
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM "articles_search"')
    assert found("harbour") == []
    call_command("rebuild_search")
    assert "2 stories" in capsys.readouterr().out
    assert found("harbour") == ["Harbour Opens"]


# --- Words of very many stories --------------------------------------------------------------


@pytest.fixture
def few(monkeypatch):
    """So few are few that a word of five stories is one of very many."""
    monkeypatch.setattr(search, "FEW", 3)


def test_a_word_of_very_many_stories_finds_the_same_in_the_same_order(found, write, author, few):
    for n in range(5):
        write(f"Harbour {n}", body="<p>Of eels.</p>" if n % 2 else "<p>Of tar.</p>")
    write("Ferry", authors=[author.pk], body="")
    assert search.find("harbour").ids is None
    assert found("harbour") == [f"Harbour {n}" for n in (4, 3, 2, 1, 0)]
    assert found("harb eels") == ["Harbour 3", "Harbour 1"]
    assert found("ferry") == ["Ferry"]
    for n in range(5):
        write(f"Signed {n}", authors=[author.pk], body="")
    assert search.find("hartmann").ids is None
    assert len(found("hartmann")) == 6
    assert found("hartmann ferry") == ["Ferry"]
    assert found("", byline="hartmann")[0] == "Signed 4"


def test_an_autocomplete_finds_stories_by_their_words(desk_of, editor, write, few):
    write("Harbour Opens", body="<p>Of eels.</p>")
    asked = {"app_label": "articles", "model_name": "article", "field_name": "also_read"}
    desk = desk_of(editor)

    def offered(term):
        answer = desk.get(PICK, {**asked, "term": term})
        return [row["text"] for row in answer.json()["results"]]

    assert offered("eels harb") == ["Harbour Opens (not public)"]
    assert offered("ferry") == []
    for n in range(5):
        write(f"Ferry {n}")
    assert len(offered("ferry")) == 5


def test_an_author_whose_name_is_no_word_of_the_query_costs_no_query(write, author):
    write("Harbour Opens", authors=[author.pk])
    with CaptureQueriesContext(connection) as captured:
        assert len(search.find("harbour").ids or ()) == 1
    assert not any('"articles_byline"' in q["sql"] for q in captured)


def test_an_autocomplete_shows_first_what_begins_with_what_was_typed(desk_of, editor, write):
    write("Tides Rise", body="<p>The harbour was closed.</p>")
    write("Old Harbour Sold")
    write("Harbour Opens")
    write("Rain", body="<p>It rained on the harbour.</p>")
    asked = {"app_label": "articles", "model_name": "article", "field_name": "also_read"}
    answer = desk_of(editor).get(PICK, {**asked, "term": "harb"})
    found = [row["text"].removesuffix(" (not public)") for row in answer.json()["results"]]
    assert found == ["Harbour Opens", "Old Harbour Sold", "Rain", "Tides Rise"]


def test_what_readers_do_not_see_is_marked_where_it_is_offered(
    desk_of, editor, write, published, clock
):
    write("Harbour Draft")
    down = published("Harbour Down")
    do("take_down", down, how="gone", reason="Wrong", authority="The editor")
    published("Harbour Opens")
    asked = {"app_label": "articles", "model_name": "article", "field_name": "also_read"}
    answer = desk_of(editor).get(PICK, {**asked, "term": "harbour"})
    assert {row["text"] for row in answer.json()["results"]} == {
        "Harbour Draft (not public)", "Harbour Down (not public)", "Harbour Opens",
    }  # fmt: skip


@pytest.mark.parametrize("field", ["also_read", "authors"])
def test_a_nul_in_what_is_picked_by_is_not_looked_for(desk_of, editor, write, author, field):
    write("Hartmann Sails", authors=[author.pk])
    asked = {"app_label": "articles", "model_name": "article", "field_name": field}
    answer = desk_of(editor).get(PICK, {**asked, "term": "hart\0mann"})
    assert len(answer.json()["results"]) == 1
