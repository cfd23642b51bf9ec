"""A story's picture: on its page and its cards, in words for who cannot see it, and gone in its
second when its licence ends, with the page whole."""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from lxml import html

from articles import edition, intervals
from articles.desk import pictures
from articles.models import Image, ListKind, ListRow
from articles.pages.feeds import FORMATS
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, MICROSECOND, do, in_list, rewrite

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def picture(add_picture, clock):
    return add_picture("A lock at high water", make=True, caption="The lock.", credit="Lena Voss")


@pytest.fixture
def story(picture, published):
    return published("Tides Rise", slug="tides-rise", picture=picture.pk)


def page(client, path="/world/tides-rise/"):
    return html.document_fromstring(client.get(path).content.decode())


def addresses(tree):
    """Every address of a picture file that a page names."""
    return set(re.findall(r"/pictures/[0-9a-f]{32}\.\w+", html.tostring(tree).decode()))


def test_a_storys_page_shows_its_picture_in_sizes_to_choose_from(client, story):
    [figure] = page(client).cssselect("article figure.hero")
    [img] = figure.cssselect("img")
    assert img.get("alt") == "A lock at high water"
    assert img.get("fetchpriority") == "high"
    assert img.get("loading") is None
    assert (int(img.get("width")), int(img.get("height"))) == (960, 640)
    types = [source.get("type") for source in figure.cssselect("source")]
    assert types == ["image/avif", "image/webp"]
    for each in (img, *figure.cssselect("source")):
        assert [part.split()[1] for part in each.get("srcset").split(", ")] == [
            "320w", "640w", "960w",
        ]  # fmt: skip
        assert each.get("sizes")
    assert (
        " ".join(figure.cssselect("figcaption")[0].text_content().split()) == "The lock. Lena Voss"
    )


def test_every_file_that_a_page_names_is_handed_out(client, story):
    for path in ("/", "/world/", "/world/tides-rise/"):
        named = addresses(page(client, path))
        assert named, path
        for address in named:
            assert client.get(address).status_code == 200, (path, address)


@pytest.mark.parametrize("path", ["/", "/world/"])
def test_a_card_shows_the_picture_and_says_nothing_itself(client, story, published, national, path):
    newer = 9 if path == "/" else 3  # the lead and the latest show none
    for number in range(newer):
        published(f"Newer {number}", at=NOW - HOUR, section=national.pk)
    thumbs = page(client, path).cssselect("picture.thumb img")
    assert [thumb.get("alt") for thumb in thumbs] == [""]
    assert thumbs[0].get("loading") == "lazy"


def test_what_is_said_of_it_in_the_story_comes_before_what_the_library_says(
    client, published, picture
):
    published(
        "One", picture=picture.pk, picture_alt="Gates & water", picture_caption="On <Monday>."
    )
    figure = page(client, "/world/one/").cssselect("figure.hero")[0]
    assert figure.cssselect("img")[0].get("alt") == "Gates & water"
    assert "On <Monday>." in figure.text_content()
    assert "The lock" not in figure.text_content()


def test_new_words_of_the_library_show_at_once(client, story, picture):
    picture.alt = "A lock, seen from the bridge"
    before = edition.read().number
    pictures.save(picture, by=PROGRAM, now=NOW)
    assert edition.read().number == before + 1
    assert page(client).cssselect("figure.hero img")[0].get("alt") == "A lock, seen from the bridge"


def test_a_licence_ends_to_the_second_on_page_card_and_file_and_the_page_stays_whole(
    client, story, picture, clock
):
    picture.ends_at = NOW + HOUR
    pictures.save(picture, by=PROGRAM, now=NOW)
    assert intervals.next_change(NOW) == NOW + HOUR
    files = (
        addresses(page(client)) | addresses(page(client, "/")) | addresses(page(client, "/world/"))
    )
    clock.move_to(NOW + HOUR - MICROSECOND)
    assert addresses(page(client))
    assert addresses(page(client, "/world/"))
    assert all(client.get(path).status_code == 200 for path in files)
    clock.move_to(NOW + HOUR)
    for path in ("/world/tides-rise/", "/", "/world/"):
        assert addresses(page(client, path)) == set(), path
        assert "Tides Rise" in page(client, path).text_content()
    assert page(client).cssselect("figure") == []
    assert all(client.get(path).status_code == 404 for path in files)


def test_a_withdrawn_picture_is_gone_from_every_page_at_once(client, story, picture):
    files = addresses(page(client))
    pictures.withdraw(picture.pk, reason="The agency asked", by=PROGRAM, now=NOW)
    assert addresses(page(client)) == addresses(page(client, "/")) == set()
    assert all(client.get(path).status_code == 404 for path in files)


def test_a_file_is_public_while_a_version_that_shows_it_is(client, story, picture, add_picture):
    other = add_picture("Another", make=True)
    swapped = rewrite(story, picture=other.pk)
    do("schedule", story, revision=swapped, at=NOW + HOUR)
    for shown, moments in ((picture, (NOW, NOW + HOUR - MICROSECOND)), (other, (NOW + HOUR,))):
        for t in moments:
            assert in_list(ListKind.PICTURE, shown.pk, t) == [story.pk]
    assert in_list(ListKind.PICTURE, picture.pk, NOW + HOUR) == []
    assert in_list(ListKind.PICTURE, other.pk) == []
    do("unpublish", story)
    name = picture.renditions.first().get_absolute_url()
    assert client.get(name).status_code == 404


def test_a_draft_makes_nothing_public(client, write, picture):
    write("A Draft", picture=picture.pk)
    assert not ListRow.objects.filter(kind=ListKind.PICTURE).exists()
    assert client.get(picture.renditions.first().get_absolute_url()).status_code == 404


def test_before_the_worker_came_the_smallest_size_stands_in(client, published, add_picture, clock):
    published("One", picture=add_picture().pk)
    [img] = page(client, "/world/one/").cssselect("figure.hero img")
    assert img.get("width") == "320"
    assert len(addresses(page(client, "/world/one/"))) == 1


def test_machines_are_told_of_it_in_the_shapes_that_they_ask_for(client, story, settings):
    tree = page(client)
    data = json.loads(tree.cssselect('script[type="application/ld+json"]')[0].text)
    told = next(node for node in data["@graph"] if "NewsArticle" in node["@type"])
    shapes = [round(image["width"] / image["height"], 2) for image in told["image"]]
    assert shapes == [1.78, 1.33, 1.0]
    assert told["image"][0]["creditText"] == "Lena Voss"
    assert all(image["url"].startswith(settings.SITE_URL) for image in told["image"])
    metas = {meta.get("property"): meta.get("content") for meta in tree.cssselect("meta[property]")}
    assert metas["og:image"] == told["image"][0]["url"]
    assert metas["og:image:alt"] == "A lock at high water"
    assert tree.cssselect('meta[name="twitter:card"]')[0].get("content") == "summary_large_image"


def test_a_preview_and_a_share_show_what_is_not_public_by_addresses_of_their_own(
    client, desk_of, editor, write, picture
):
    story = write("A Draft", picture=picture.pk)
    desk = desk_of(editor)
    proof = desk.get(f"/admin/articles/article/{story.pk}/proof/1/").content.decode()
    signed = html.document_fromstring(proof).cssselect("figure.hero img")[0].get("src")
    assert "?proof=" in signed
    assert client.get(signed).status_code == 200
    assert client.get(signed.partition("?")[0]).status_code == 404


def test_pictures_cost_a_page_one_query(
    client, published, picture, add_picture, django_assert_num_queries
):
    published("Main", slug="main")
    for number in range(4):
        published(f"Other {number}")
    costs = {}
    for path in ("/", "/world/", "/world/main/"):
        with django_assert_num_queries(100, exact=False) as captured:
            client.get(path)
        costs[path] = len(captured)
    for number, image in enumerate((picture, add_picture(make=True))):
        published(f"Shown {number}", picture=image.pk)
    main = Image.objects.get(pk=picture.pk)
    published("Main Too", slug="main-too", picture=main.pk)
    for path in ("/", "/world/"):
        with django_assert_num_queries(costs[path] + 1):
            client.get(path)
    with django_assert_num_queries(costs["/world/main/"] + 1):
        client.get("/world/main-too/")


def test_a_page_of_the_site_shows_its_picture_too(client, published, picture):
    published("About us", slug="about", kind="page", picture=picture.pk)
    named = addresses(page(client, "/about/"))
    assert named
    assert all(client.get(path).status_code == 200 for path in named)


def test_a_picture_that_nobody_described_or_that_is_withdrawn_is_not_chosen(write, add_picture):
    blank, withdrawn = add_picture(), add_picture()
    Image.objects.filter(pk=blank.pk).update(alt="")
    Image.objects.filter(pk=withdrawn.pk).update(withheld=True)
    for picture in (blank.pk, withdrawn.pk, 404):
        with pytest.raises(ValidationError) as refused:
            write(picture=picture)
        assert list(refused.value.message_dict) == ["picture"]


def within(image, alt="", caption=""):
    return (
        f'<figure class="picture" data-image="{image}"><img alt="{alt}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def test_a_picture_in_the_text_is_drawn_from_the_library_whole_and_later(
    client, published, picture
):
    second = within(picture.pk, "Gates", "On <em>Monday</em>.")
    text = f"<p>One.</p>{within(picture.pk)}<p>Two.</p>{second}"
    published("One", slug="one", body=text)
    first, second = page(client, "/world/one/").cssselect(".prose figure.fig")
    [img] = first.cssselect("img")
    assert img.get("loading") == "lazy"
    assert (img.get("width"), img.get("height")) == ("960", "640")
    assert img.get("alt") == "A lock at high water"
    assert " ".join(first.text_content().split()) == "The lock. Lena Voss"
    assert second.cssselect("img")[0].get("alt") == "Gates"
    assert second.cssselect("figcaption em")[0].text == "Monday"
    named = addresses(page(client, "/world/one/"))
    assert named
    assert all(client.get(path).status_code == 200 for path in named)


def test_a_picture_in_the_text_leaves_without_a_trace_and_nothing_else_does(
    client, published, picture, clock
):
    published("One", slug="one", body=f"<p>One.</p>{within(picture.pk, '', 'Words')}<p>Two.</p>")
    picture.ends_at = NOW + HOUR
    pictures.save(picture, by=PROGRAM, now=NOW)
    named = addresses(page(client, "/world/one/"))
    clock.move_to(NOW + HOUR)
    prose = page(client, "/world/one/").cssselect(".prose")[0]
    assert html.tostring(prose, encoding="unicode").count("<p>") == 2
    assert "Words" not in prose.text_content()
    assert prose.cssselect("figure") == []
    assert all(client.get(path).status_code == 404 for path in named)


def test_a_picture_that_never_was_is_no_fault_of_the_page(client, published, clock):
    published("One", slug="one", body=f"<p>One.</p>{within(999_999_999_999_999_999)}")
    assert "One." in page(client, "/world/one/").text_content()


def test_a_picture_named_in_any_save_is_not_deleted(write, picture, editor, desk_of):
    story = write(body=f"<p>One.</p>{within(picture.pk)}")
    rewrite(story, body="<p>One.</p>")
    answer = desk_of(editor).post(f"/admin/articles/image/{picture.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 403
    assert Image.objects.filter(pk=picture.pk).exists()


def test_what_is_said_of_a_picture_in_a_text_is_read_nowhere_else(
    client, published, picture, settings
):
    """It goes with its picture: a withdrawal must not leave the caption behind."""
    story = published("One", slug="one", body=f"<p>One.</p>{within(picture.pk, 'Gates', 'Xyzzy')}")
    text = rewrite(story, body=f"<p>Two.</p>{within(picture.pk, 'Gates', 'Xyzzy')}")
    do("publish", story, revision=text)
    pictures.withdraw(picture.pk, reason="The agency asked", by=PROGRAM, now=NOW)
    feeds = tuple(f"/{file}" for file in FORMATS)
    for path in ("/world/one/", "/world/one/versions/", f"/api/stories/{story.pk}/", *feeds):
        answer = client.get(path)
        assert answer.status_code == 200, path
        said = answer.content.decode()
        assert "Xyzzy" not in said, path
        assert "<img alt=" not in said, path
    # What nothing was found for shows the latest stories, as for any other word.
    found, nothing = (
        client.get(f"/search/?q={word}").content.decode() for word in ("xyzzy", "qqq")
    )
    assert found.replace("xyzzy", "qqq") == nothing
    assert "Xyzzy" not in client.get("/search/?q=two").content.decode()
