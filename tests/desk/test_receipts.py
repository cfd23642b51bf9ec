"""The receipt of a takedown: which places are looked at, which are red, what its page says."""

from datetime import timedelta

import pytest
from django.urls import get_resolver, resolve

from articles import tasks
from articles.admin import receipts as door
from articles.desk import receipts
from articles.desk.receipts import NO_ANSWER, TIMEOUT, TOO_LONG, Answer
from articles.models import Article, Move, Notice, Publication, Reason, Receipt, Section, Tag
from articles.pages import feeds, surfaces
from tests.conftest import NOW, person
from tests.desk.pressing import HOUR, do, rewrite

pytestmark = pytest.mark.django_db

PATH = "/world/harbour-opens/"
CLEAN = Answer(200, "<p>Other news</p>")
ROOM = "/admin/articles/article"
WORDS = {"reason": "A name that must not be known", "authority": "The court of Halvern, 3 K 12/26"}


@pytest.fixture
def story(clock, published, author, topic):
    """A live story that had another address, and a headline with signs that markup escapes."""
    story = published("Harbour Opens", authors=[author.pk], tags=[topic.pk])
    national = Section.objects.get(slug="national")
    rewrite(story, section=national.pk, headline="“Harbour & Sons” Opens")
    do("publish", story, revision=2, now=NOW - HOUR)
    return story


def showing(story):
    return surfaces.showing(Publication.objects.filter(article=story.pk), NOW)


def asked(story, verb="take_down", by=None, **how):
    """A receipt of a story that was just withdrawn, not looked at yet."""
    shown = door.surfaces_before(story, verb, NOW)
    how = how or {"how": "gone"}
    do(verb, story, **WORDS, **(how if verb == "take_down" else {}), **({"by": by} if by else {}))
    return receipts.ask(
        Article.objects.get(pk=story.pk), receipts.last_withdrawal(story.pk).pk, shown, now=NOW
    )


def answers(receipt, own=410, **others):
    """Clean answers of every surface, but for pages named by the first word of their path."""
    pages = [row["path"] for row in receipt.surfaces if "." not in row["path"]]
    first = {path: path.strip("/").split("/")[0] or "home" for path in pages}
    return {
        row["path"]: Answer(own) if row["own"] else others.get(first.get(row["path"]), CLEAN)
        for row in receipt.surfaces
    }


def red(receipt):
    return [(line.name, line.said) for line in receipts.lines(receipt) if line.is_red]


def recorded(receipt, **kwargs):
    return receipts.record(receipt.pk, answers(receipt, **kwargs), now=NOW)


# --- Which surfaces there are ----------------------------------------------------------------


def public_routes():
    """The names of every route that is not the admin's."""
    found, waiting = set(), list(get_resolver().url_patterns)
    while waiting:
        pattern = waiting.pop()
        if str(pattern.pattern).startswith("admin/"):
            continue
        if hasattr(pattern, "url_patterns"):
            waiting += pattern.url_patterns
        else:
            found.add(pattern.name)
    return found


def test_every_public_route_is_a_surface_or_cannot_show_a_story(story):
    shown = {resolve(surface.path.partition("?")[0]).url_name for surface in showing(story)}
    # A share link leads one person to a revision, and lives and dies by itself.
    name_no_story = {
        "sitemap", "sitemap_pages", "robots", "authors", "authors_under", "topics", "topics_under",
        "feeds", "manifest", "picture", "api_takedowns",
    }  # fmt: skip
    assert shown == public_routes() - {"share"} - name_no_story


def test_the_surfaces_are_every_address_and_list_of_all_versions(story):
    shown = {surface.path: surface.name for surface in showing(story)}
    assert list(shown)[:2] == ["/national/harbour-opens/", PATH]
    assert shown["/"] == "Home"
    assert {"/world/", "/national/", "/author/ilse-hartmann/", "/tag/ports/"} < set(shown)
    assert shown["/tag/ports/"] == "Tag: Ports"
    assert shown["/tag/ports/rss.xml"] == "Tag: Ports, as a feed: rss.xml"
    assert {f"/{file}" for file in feeds.FORMATS} < set(shown)


def test_a_story_that_was_never_public_has_no_surfaces(write, clock):
    assert showing(write()) == []


def test_the_page_of_a_list_that_would_begin_with_the_story_is_a_surface(story, published, topic):
    newer = published("Tides Rise", at=NOW - timedelta(minutes=5), tags=[topic.pk])
    assert f"/tag/ports/?before={newer.pk}" in {surface.path for surface in showing(story)}


def test_the_tag_that_took_over_a_merged_one_is_a_surface(story, topic):
    topic.merged_into = Tag.objects.create(name="Harbours", slug="harbours")
    topic.save()
    assert "/tag/harbours/" in {surface.path for surface in showing(story)}


def test_the_pages_of_stories_that_point_to_it_are_surfaces(story, published):
    other = published("Tides Rise", also_read=[story.pk])
    shown = {surface.path for surface in door.surfaces_before(story, "take_down", NOW)}
    assert {"/world/tides-rise/", f"/api/stories/{other.pk}/"} < shown


def test_what_programs_read_is_a_surface_wherever_a_page_is(story, published, author, topic):
    known = {"authors": [author.pk], "tags": [topic.pk]}
    above = published("Tides Rise", at=NOW - timedelta(minutes=5), **known)
    shown = {surface.path: surface for surface in showing(story)}
    assert shown[f"/api/stories/{story.pk}/"].is_own
    for path, query in (
        ("", ""), ("/world/", "section=world"), ("/national/", "section=national"),
        ("/author/ilse-hartmann/", "author=ilse-hartmann"), ("/tag/ports/", "tag=ports"),
    ):  # fmt: skip
        told = f"/api/stories/?{query}".rstrip("?")
        assert told in shown
        if path != "/national/":  # where nothing stands above it
            assert f"{told}{'&' if query else '?'}before={above.pk}" in shown
        if path:
            assert shown[told].tells == shown[path].tells


# --- What is red -----------------------------------------------------------------------------


def test_a_receipt_is_green_when_its_own_addresses_are_gone_and_nothing_else_shows_it(story):
    receipt = recorded(asked(story))
    assert receipt.finished_at == NOW
    assert red(receipt) == []


@pytest.mark.parametrize(
    ("verb", "how", "right"),
    [
        ("take_down", "gone", 410),
        ("take_down", "vanished", 404),
        ("unpublish", "", 404),
        ("erase", "", 404),
    ],
)
@pytest.mark.parametrize("status", [200, 301, 404, 410, 503])
def test_the_storys_own_addresses_answer_as_the_verb_said(story, verb, how, right, status):
    if verb == "unpublish":
        shown = door.surfaces_before(story, verb, NOW)
        do(verb, story, reason="It was too early")
        move = receipts.last_withdrawal(story.pk).pk
        receipt = receipts.ask(Article.objects.get(pk=story.pk), move, shown, now=NOW)
    else:
        receipt = asked(story, verb, how=how)
    names = [name for name, _said in red(recorded(receipt, own=status))]
    own = [
        "The story’s page", "The story’s page, an earlier address", "The story’s version history",
        "What one version changed", "For programs: the story",
    ]  # fmt: skip
    assert names == ([] if status == right else own)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f'<a href="{PATH}">More</a>', "200, still holds the story’s address"),
        (f'<a href="https://news.example{PATH}">More</a>', "200, still holds the story’s address"),
        ('<a href="/world/harbour-opens">More</a>', "200, still holds the story’s address"),
        ("<h2>“Harbour &amp; Sons”\n  Opens</h2>", "200, still holds the story’s headline"),
        ("<h2>Harbour Opens</h2>", "200, still holds the story’s headline"),
        ('<a href="/world/harbour-opens-again/">Again</a>', None),
        ("<h2>Harbour Openship</h2>", None),
    ],
)
def test_a_surface_that_holds_its_address_or_headline_is_red_by_name(story, body, said):
    receipt = recorded(asked(story), author=Answer(200, body))
    assert red(receipt) == ([("Author: Ilse Hartmann", said)] if said else [])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(fault=TIMEOUT), "did not answer in time"),
        (Answer(fault=NO_ANSWER), "did not answer"),
        (Answer(200, fault=TOO_LONG), "answered too much to be read"),
        (Answer(503), "503, it failed"),
        (Answer(403), "403, could not be read"),
        (Answer(302, target="/elsewhere/"), "302, leads to /elsewhere/"),
        (Answer(301, target="https://news.example/tag/ports/"), None),
        (Answer(301, target="/national/harbour-opens/"), "301, leads to /national/harbour-opens/"),
        (Answer(404), None),
    ],
)
def test_a_surface_that_was_not_read_is_never_silently_fine(story, answer, said):
    receipt = recorded(asked(story), author=answer)
    assert red(receipt) == ([("Author: Ilse Hartmann", said)] if said else [])


def test_a_home_that_is_not_there_is_red(story):
    assert red(recorded(asked(story), home=Answer(404))) == [("Home", "404, not there")]


def test_a_surface_without_an_answer_did_not_answer(story):
    receipt = asked(story)
    known = answers(receipt)
    del known["/tag/ports/"]
    finished = receipts.record(receipt.pk, known, now=NOW)
    assert red(finished) == [("Tag: Ports", "did not answer")]


def test_a_finished_receipt_stays_as_it_is(story):
    receipt = recorded(asked(story))
    later = receipts.record(receipt.pk, {}, now=NOW + HOUR)
    assert (later.finished_at, red(later)) == (NOW, [])
    assert receipts.paths(receipt.pk) == []


def test_an_erased_storys_receipt_keeps_no_name_and_no_place_that_is_clean(story):
    receipt = asked(story, "erase")
    assert "/author/ilse-hartmann/" in receipts.paths(receipt.pk)
    finished = recorded(receipt, own=404, tag=Answer(200, f'<a href="{PATH}">'))
    assert "Ilse" not in str(finished.surfaces)
    assert "ilse" not in str(finished.surfaces)
    assert red(finished) == [("A page that listed it", "200, still holds the story’s address")]


def test_a_red_receipt_is_told_to_who_took_the_story_down(story, managing_editor):
    receipt = asked(story, by=managing_editor)
    recorded(receipt, home=Answer(503), tag=Answer(503))
    notice = Notice.objects.get(reason=Reason.RECEIPT)
    assert notice.person == managing_editor
    assert notice.details["wrong"] == 2
    assert notice.details["receipt"] == receipt.pk


def test_a_green_receipt_is_told_to_nobody(story, managing_editor):
    recorded(asked(story, by=managing_editor))
    assert not Notice.objects.filter(reason=Reason.RECEIPT).exists()


# --- Its page --------------------------------------------------------------------------------


@pytest.fixture
def desk(desk_of, managing_editor):
    return desk_of(managing_editor)


def post(desk, story, verb, **values):
    seen = Article.objects.get(pk=story.pk).pressed
    return desk.post(f"{ROOM}/{story.pk}/verb/{verb}/", {"seen": seen, **WORDS, **values})


def newest(story):
    return Receipt.objects.filter(article=story.pk).order_by("-pk").first()


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        ("unpublish", {}),
        ("take_down", {"how": "gone"}),
        ("take_down", {"how": "vanished"}),
        ("erase", {"confirmed": "on"}),
    ],
)
def test_each_withdrawal_asks_for_a_receipt_and_leads_to_it(
    desk, story, verb, values, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        answer = post(desk, story, verb, **values)
    receipt = newest(story)
    assert answer["Location"] == f"{ROOM}/{story.pk}/receipts/{receipt.pk}/"
    assert Move.objects.get(pk=receipt.move).verb == verb
    assert {"/world/", "/tag/ports/"} < {row["path"] for row in receipt.surfaces}
    enqueued = [each for each in callbacks if getattr(each, "args", None) == (receipt.pk,)]
    assert [each.func for each in enqueued] == [tasks.fetch_receipt.enqueue]


def test_another_verb_gives_no_receipt(desk, story):
    assert post(desk, story, "hold")["Location"] == f"{ROOM}/{story.pk}/change/"
    assert newest(story) is None


def test_what_was_never_public_is_erased_without_a_receipt(desk, write, clock):
    story = write()
    answer = post(desk, story, "erase", confirmed="on")
    assert answer["Location"] == f"{ROOM}/{story.pk}/change/"
    assert newest(story) is None


def test_a_receipt_says_who_when_why_and_on_whose_authority_and_that_it_waits(desk, story, clock):
    address = post(desk, story, "take_down", how="gone")["Location"]
    clock.shift(timedelta(minutes=2))
    page = desk.get(address).content.decode()
    for words in (*WORDS.values(), "Managing editor", "19 Jun 2026, 12:00", "Section: World"):
        assert words in page
    assert "waits for the worker (asked 2 minutes ago)" in page.replace("\xa0", " ")


def test_a_finished_receipt_shows_red_places_first_by_name(desk, story):
    address = post(desk, story, "take_down", how="gone")["Location"]
    recorded(newest(story), tag=Answer(200, f'<a href="{PATH}">'))
    answer = desk.get(address)
    page = answer.content.decode()
    assert "1 place is not as it should be" in page
    assert answer.context["lines"][0].name == "Tag: Ports"
    assert page.index("Tag: Ports") < page.index("The story’s page")


def test_check_again_asks_for_a_new_receipt_of_the_same_takedown(desk, story):
    post(desk, story, "take_down", how="gone")
    first = newest(story)
    recorded(first)
    answer = desk.post(f"{ROOM}/{story.pk}/receipts/")
    second = newest(story)
    assert answer["Location"] == f"{ROOM}/{story.pk}/receipts/{second.pk}/"
    assert second.pk != first.pk
    assert second.move == first.move
    assert second.finished_at is None
    assert {row["path"] for row in second.surfaces} == {row["path"] for row in first.surfaces}
    page = desk.get(f"{ROOM}/{story.pk}/receipts/{first.pk}/").content.decode()
    assert f"{ROOM}/{story.pk}/receipts/{second.pk}/" in page


def test_an_erased_story_is_checked_again_where_it_was_looked_for_before(desk, story):
    post(desk, story, "erase", confirmed="on")
    recorded(newest(story), own=404, tag=Answer(503))
    desk.post(f"{ROOM}/{story.pk}/receipts/")
    again = {row["path"] for row in newest(story).surfaces}
    assert "/tag/ports/" in again  # it was red
    assert "/author/ilse-hartmann/" not in again


def test_a_story_that_was_put_back_is_not_checked_again(desk, story):
    post(desk, story, "take_down", how="gone")
    first = newest(story)
    do("restore", story, revision=2, reason="The court changed its mind")
    answer = desk.post(f"{ROOM}/{story.pk}/receipts/")
    assert answer["Location"] == f"{ROOM}/{story.pk}/change/"
    assert newest(story) == first
    assert (
        "was put back since" in desk.get(f"{ROOM}/{story.pk}/receipts/{first.pk}/").content.decode()
    )


def test_a_storys_receipts_lead_to_the_newest_and_are_only_its_own(desk, story, published):
    post(desk, story, "take_down", how="gone")
    receipt = newest(story)
    answer = desk.get(f"{ROOM}/{story.pk}/receipts/")
    assert answer["Location"] == f"{ROOM}/{story.pk}/receipts/{receipt.pk}/"
    other = published("Tides Rise")
    assert desk.get(f"{ROOM}/{other.pk}/receipts/").status_code == 404
    assert desk.get(f"{ROOM}/{other.pk}/receipts/{receipt.pk}/").status_code == 404


def test_a_person_of_another_section_sees_no_receipt_and_asks_for_none(desk, desk_of, story):
    post(desk, story, "take_down", how="gone")
    receipt, stranger = newest(story), person("Editor")
    stranger.sections_worked_for.create(section=Section.objects.create(name="Arts", slug="arts"))
    theirs = desk_of(stranger)
    assert theirs.get(f"{ROOM}/{story.pk}/receipts/{receipt.pk}/").status_code == 404
    assert theirs.post(f"{ROOM}/{story.pk}/receipts/").status_code == 404
    assert newest(story) == receipt


def test_a_receipt_costs_the_same_however_many_places_it_names(
    desk, story, django_assert_max_num_queries
):
    address = post(desk, story, "take_down", how="gone")["Location"]
    recorded(newest(story))
    with django_assert_max_num_queries(20):
        desk.get(address)
