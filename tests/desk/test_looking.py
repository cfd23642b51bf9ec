"""The checks and cuts beside the writing: who may ask, what odd input gets, that nothing is
written, and that a cut is the one that readers get."""

import html
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from articles.admin import looking
from articles.body import LARGEST
from articles.desk import cuts
from articles.models import Article, SectionMember
from articles.text import CARD_CHARACTERS, DESCRIPTION_CHARACTERS, TITLE_CHARACTERS
from tests.conftest import NOW, person
from tests.desk.pressing import everything

pytestmark = pytest.mark.django_db

NEW = "/admin/articles/article/look/"
LONG = (
    "The vote on the harbour barrier will not be held before spring, the port authority said on "
    "Tuesday, and minutes show that the first warning came months ago, from its own engineers."
)


def look_of(story):
    return f"/admin/articles/article/{story.pk}/look/"


@pytest.fixture
def typed(world):
    """What the form's script posts; a test changes what it is about."""

    def typed(**values):
        return {
            "headline": "Harbour opens on Tuesday", "standfirst": "It is open.", "slug": "",
            "body": "<p>The harbour opened on Tuesday.</p>", "section": world.pk, **values,
        }  # fmt: skip

    return typed


@pytest.fixture
def story(write, reporter):
    return write(by=reporter)


def says(answer):
    """What a browser shows of the checks."""
    assert answer.status_code == 200
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.json()["checks"]))


# --- What is said -----------------------------------------------------------------------------


def test_the_checks_and_the_length_of_what_is_typed_are_said(desk_of, reporter, story, typed):
    desk = desk_of(reporter)
    fine = desk.post(look_of(story), typed()).json()
    assert (fine["must"], fine["should"]) == (0, 0)
    assert (fine["words"], fine["minutes"]) == (5, 1)
    assert fine["words_said"] == "5 words, 1 min to read"
    assert "16 checks pass" in fine["checks"]
    words = " ".join(["harbour"] * 221)
    longer = typed(body=f"<p>{words}</p><p><a href='/no/page/'>here</a></p>", standfirst="")
    told = desk.post(look_of(story), longer).json()
    assert (told["must"], told["words"], told["minutes"]) == (1, 222, 2)
    assert told["must_said"] == "1 must-fix before it can go out"
    assert '<li class="must">' in told["checks"]
    assert 'href="#id_body"' in told["checks"]
    assert 'href="#id_standfirst"' in told["checks"]
    assert told["said"] == "1 must, 3 should"


def test_it_is_what_is_typed_that_is_looked_at_and_not_what_was_saved(
    desk_of, reporter, story, typed
):
    page = says(desk_of(reporter).post(look_of(story), typed(headline="Flood.", body="")))
    assert "“Flood.” has no text yet" in page
    assert "ends with a full stop" in page


def test_the_storys_own_standing_is_said_too(desk_of, reporter, story, typed):
    Article.objects.filter(pk=story.pk).update(held=True, length=100)
    page = says(desk_of(reporter).post(look_of(story), typed()))
    assert "This story is held" in page
    assert "only 5 words; 100 were asked for" in page


def test_a_story_may_link_to_the_address_that_is_being_typed(desk_of, reporter, story, typed):
    linked = '<p>See <a href="/world/new-address/#end">the end of it</a>.</p>'
    desk = desk_of(reporter)
    assert desk.post(look_of(story), typed(body=linked, slug="new-address")).json()["must"] == 0
    assert desk.post(look_of(story), typed(body=linked)).json()["must"] == 1


# --- Who may ------------------------------------------------------------------------------------


def test_only_who_may_open_the_story_may_have_it_looked_at(
    desk_of, reporter, story, national, typed
):
    other = person("Editor", email="other@newsroom.example")
    SectionMember.objects.create(user=other, section=national)
    assert desk_of(other).post(look_of(story), typed()).status_code == 404
    assert desk_of(reporter).post(look_of(story), typed()).status_code == 200
    out = Client().post(look_of(story), typed())
    assert (out.status_code, out.json()["signed_out"]) == (403, True)


def test_only_who_may_add_stories_may_have_a_new_one_looked_at(desk_of, reporter, typed):
    assert desk_of(reporter).post(NEW, typed()).status_code == 200
    reporter.groups.clear()
    assert desk_of(reporter).post(NEW, typed()).status_code == 403
    assert Client().post(NEW, typed()).status_code == 403


def test_a_form_of_another_site_and_a_get_are_refused(reporter, story, typed):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reporter)
    assert strict.post(look_of(story), typed()).status_code == 403
    assert strict.get(look_of(story)).status_code == 405


def test_a_story_that_is_gone_is_said_to_be(desk_of, reporter, typed):
    answer = desk_of(reporter).post("/admin/articles/article/99999/look/", typed())
    assert (answer.status_code, "error" in answer.json()) == (404, True)


# --- Odd input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("headline", "Flood\x00tide", "U+0000"),
        ("headline", "x" * 251, "251 characters long"),
        ("standfirst", "One\x01two", "U+0001"),
        ("standfirst", "x" * 1001, "1,001 characters long"),
        ("body", "<p>One&#1;two</p>", "U+0001"),
        ("body", "<ul><li>" * 30 + "deep", "more than 20 deep"),
        ("body", "<p>" + "x " * (LARGEST // 2) + "</p>", "over 1 MB"),
        ("slug", "no slug at all!", "slug"),
        ("slug", "x" * 200, "80"),
    ],
)
def test_what_no_save_would_take_is_a_finding_in_its_field(
    desk_of, reporter, story, typed, field, value, sentence
):
    for address in (look_of(story), NEW):
        answer = desk_of(reporter).post(address, typed(**{field: value}))
        assert sentence in says(answer)
        assert f'href="#id_{field}"' in answer.json()["checks"]
        assert answer.json()["must"] >= 1


def test_what_is_typed_is_never_markup_of_the_page(desk_of, reporter, story, typed):
    script = "<script>alert(1)</script>"
    odd = typed(
        headline=f"Flood {script} 418",
        standfirst=script,
        body=f'<p>{script}<a href="/no/{script}/">x</a> <b onclick="x">b</b></p><h2>&lt;i&gt;</h2>',
    )
    told = desk_of(reporter).post(look_of(story), odd).json()
    assert told["must"] == 1
    for part in ("checks", "cuts"):
        assert "<script" not in told[part]
        assert "onclick" not in told[part]
        assert "<i>" not in told[part]


@pytest.mark.parametrize("posted", [{}, {"headline": "x"}, {"body": "<p>x"}, {"seen": "x" * 9}])
def test_a_form_without_its_fields_is_looked_at_as_an_empty_one(desk_of, reporter, story, posted):
    for address in (look_of(story), NEW):
        assert desk_of(reporter).post(address, posted).json()["must"] >= 1


def test_a_story_as_long_as_one_may_be_is_answered(desk_of, reporter, story, typed):
    paragraphs = "<p>It’s “a” 5 million <a href='/world/x/'>Tarnmouth</a></p>" * 10_000
    answer = desk_of(reporter).post(look_of(story), typed(body=paragraphs, headline="A 7 in Oslo"))
    assert answer.status_code == 200
    assert len(answer.content) < 200_000


def test_nothing_is_written(desk_of, reporter, story, typed):
    desk = desk_of(reporter)
    before = everything()
    for values in (typed(headline="Another headline"), typed(body=""), typed(slug="another")):
        for address in (look_of(story), NEW):
            assert desk.post(address, values).status_code == 200
    assert everything() == before


# --- What it costs --------------------------------------------------------------------------------


def test_the_panel_costs_a_query_only_where_the_story_links_to_the_site(write, reporter, rf):
    request = rf.get("/")
    request.user, request.moment = reporter, NOW
    outside = write("A story of no links", by=reporter)
    inside = write("A story of links", body='<p><a href="/world/">The world</a></p>', by=reporter)
    for article, most in ((None, 0), (outside, 0), (inside, 1)):
        if article:  # with its section, as the form has it
            article = Article.objects.select_related("section").get(pk=article.pk)
        with CaptureQueriesContext(connection) as queries:
            panel = looking.panel(request, article)
        assert len(queries) == most
        assert {"checks", "cuts", "must", "should", "words", "minutes"} <= panel.keys()


@pytest.fixture
def rf(clock):
    return RequestFactory()


# --- The cuts are the ones that readers get -------------------------------------------------------


def printed(place, part):
    return getattr(place, part).words


@pytest.mark.parametrize(
    ("standfirst", "body"),
    [
        ("It is open.", "<p>The harbour opened.</p>"),
        (LONG, "<p>The harbour opened.</p>"),
        ("", f"<p>{LONG}</p><p>{LONG}</p>"),
        ("", f'<figure class="pull"><blockquote><p>Said</p></blockquote></figure><p>{LONG}</p>'),
        ("x" * 300, "<p>The harbour opened.</p>"),
        ("“Quoted” & <b>, 5 > 4", "<p>The harbour opened.</p>"),
    ],
    ids=["short", "long", "from-the-body", "pull-quote-first", "one-word", "signs"],
)
def test_the_preview_cuts_where_the_pages_do(published, client, clock, standfirst, body):
    story = published("Harbour opens on Tuesday", standfirst=standfirst, body=body)
    published("Another story beside it")
    recent, search, share = cuts.places(story.headline, story.standfirst, str(story.body))
    page = html.unescape(client.get(f"/world/{story.slug}/").content.decode())
    beside = html.unescape(client.get("/world/another-story-beside-it/").content.decode())
    assert f'<meta name="description" content="{printed(search, "words")}">' in page
    assert printed(search, "words") == printed(share, "words")
    assert f'<p class="dek" dir="auto">{printed(recent, "words")}</p>' in beside


def test_what_is_shown_and_what_is_lost_are_the_whole_text(settings):
    settings.SITE_NAME = "The Meridian"
    headline = "Harbour barrier vote delayed until spring after its cost has more than doubled"
    recent, search, share = cuts.places(headline, LONG, "<p>x</p>")
    for place in (recent, search, share):
        for cut, most in ((place.title, 80), (place.words, 200)):
            assert len(cut.words) <= most
            assert not cut.shown.endswith(" ")
    assert f"{recent.words.shown} {recent.words.lost}" == LONG
    assert f"{share.title.shown} {share.title.lost}" == headline
    assert f"{search.title.shown} {search.title.lost}" == f"{headline} | The Meridian"
    assert recent.title.words == headline
    assert len(search.title.words) <= TITLE_CHARACTERS
    assert len(share.title.words) <= CARD_CHARACTERS
    assert len(search.words.words) <= DESCRIPTION_CHARACTERS
    assert share.verdict == "title: 2 words lost, text: 5 words lost"
    assert not share.is_whole


def test_a_short_story_loses_nothing():
    name = settings.SITE_NAME
    recent, search, share = cuts.places("Harbour opens", "It is open.", "<p>x</p>")
    assert [place.verdict for place in (recent, search, share)] == ["nothing lost"] * 3
    assert search.title.words == f"Harbour opens | {name}"
    assert all(place.is_whole for place in (recent, search, share))


def test_the_preview_marks_the_lost_words(desk_of, reporter, story, typed):
    told = desk_of(reporter).post(look_of(story), typed(standfirst=LONG)).json()["cuts"]
    assert told.count('class="cutbox"') == 3
    assert '<span class="off"><span class="visually-hidden">(cut from here:)</span>' in told
