"""Documents for programs bear the pictures of their page, as ninjs 3.2 has them, while they may be
shown."""

import re

import pytest

from articles.desk import pictures
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, MICROSECOND
from tests.pages.reading_api import LIST, address, get, listed, whole
from tests.pages.test_story_pictures import within

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


@pytest.fixture
def picture(add_picture, clock):
    return add_picture("A lock & its gates", make=True, caption="The lock.", credit="Lena Voss")


@pytest.fixture
def chart(add_picture, clock):
    return add_picture("A chart", make=True)


@pytest.fixture
def story(published, picture, chart):
    said = within(chart.pk, "Tides", 'Since <em>May</em>, <a href="../y/">all</a>.')
    text = f"<p>One.</p>{said}<p>Two.</p>{within(chart.pk)}"
    return published("Tides Rise", picture=picture.pk, body=text)


def told_of(document):
    return [each for each in document.get("associations", ()) if each["type"] == "picture"]


def files(document):
    return set(re.findall(r"[^\s\"'\\,]*/pictures/[0-9a-f]{32}\.\w+", repr(document)))


def test_a_document_holds_the_storys_picture_and_each_of_its_text_once(
    client, story, picture, chart
):
    main, of_text = told_of(whole(client, story))
    assert (main["rel"], of_text["rel"]) == ("mainPicture", "picture")
    assert main["uri"] == f"tag:testserver,2026:picture/{picture.pk}"
    assert (main["name"], main["by"]) == ("A lock & its gates", "Lena Voss")
    assert [(said["role"], said["value"]) for said in main["descriptions"]] == [
        ("caption", "The lock."), ("altText", "A lock & its gates"),
    ]  # fmt: skip
    assert [(file["name"], file["width"], file["height"]) for file in main["renditions"]] == [
        ("320w", 320, 213), ("640w", 640, 427), ("960w", 960, 640),
    ]  # fmt: skip
    assert of_text["name"] == "Tides"
    assert of_text["descriptions"][0]["value"] == "Since May, all."
    assert "by" not in of_text


def test_the_marked_up_body_holds_the_figures_and_the_plain_one_no_word_of_them(client, story):
    html, plain = whole(client, story)["bodies"]
    assert re.sub(r"<img[^>]*>", "<img>", html["value"]) == (
        "<p>One.</p><figure><img><figcaption>Since <em>May</em>, "
        f'<a href="{SITE}/world/y/">all</a>.</figcaption></figure>'
        "<p>Two.</p><figure><img></figure>"
    )
    assert plain["value"] == "One.\nTwo."
    assert html["wordCount"] == 2


def test_every_file_that_a_document_names_is_handed_out_as_it_says(client, story):
    for document in (whole(client, story), get(client, LIST)["items"][0]):
        assert files(document)
        for href in files(document):
            assert href.startswith(SITE)
            assert client.get(href.removeprefix(SITE)).status_code == 200
        for each in told_of(document):
            for file in each["renditions"]:
                served = client.get(file["href"].removeprefix(SITE))
                assert len(b"".join(served.streaming_content)) == file["sizeInBytes"]
                assert served["Content-Type"] == file["contentType"]


def test_a_list_holds_the_storys_own_picture_and_no_other(client, story, picture):
    assert listed(client) == [story.pk]
    [only] = told_of(get(client, LIST)["items"][0])
    assert only["uri"].endswith(f"/{picture.pk}")


def test_what_the_story_says_of_its_picture_comes_before_what_the_library_says(
    client, published, picture
):
    story = published(picture=picture.pk, picture_alt="Gates", picture_caption="On Monday.")
    [main] = told_of(whole(client, story))
    assert [said["value"] for said in main["descriptions"]] == ["On Monday.", "Gates"]


def test_a_licence_that_ends_takes_the_picture_out_in_its_second_and_gives_no_304(
    client, story, picture, chart, clock
):
    for image in (picture, chart):
        image.ends_at = NOW + HOUR
        pictures.save(image, by=PROGRAM, now=NOW)
    clock.move_to(NOW + HOUR - MICROSECOND)
    held = {path: client.get(path) for path in (LIST, address(story))}
    assert all(files(answer.content.decode()) for answer in held.values())
    clock.move_to(NOW + HOUR)
    for path, answer in held.items():
        again = client.get(path, headers={"if-none-match": answer["ETag"]})
        assert again.status_code == 200
        said = again.content.decode()
        assert not files(said)
        assert not {"associations", "figure", "Since", "Voss"} & set(re.findall(r"\w+", said))
    whole(client, story)
