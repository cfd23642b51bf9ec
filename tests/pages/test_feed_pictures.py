"""Feeds bear the pictures of their stories, as long as they may be shown and no second longer."""

import json
import re

import pytest
from lxml import html

from articles.desk import pictures
from articles.pages.feeds import EXCERPTS, FORMATS, FULL
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, MICROSECOND
from tests.pages.reading_feeds import JSON, XML, parsed, read
from tests.pages.test_story_pictures import within

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
WHOLE = [form.file for form in FULL]
SUMMARIES = [form.file for form in EXCERPTS]
CAPTION = 'At <a href="/world/tides/">noon</a>, “high”.'


@pytest.fixture
def picture(add_picture, clock):
    return add_picture("A lock & its gates", make=True, credit="Lena <Voss>")


@pytest.fixture
def chart(add_picture, clock):
    return add_picture("A chart", make=True, caption="Since May.")


@pytest.fixture
def story(published, picture, chart):
    text = f"<p>One.</p>{within(chart.pk)}<p>Two.</p>{within(picture.pk, 'Gates', CAPTION)}"
    published("Tides Rise", standfirst="It rises.", picture=picture.pk, body=text)


def of_story(image):
    """The largest file that the story's page shows at its top."""
    return image.renditions.filter(crop="3x2", format="jpeg").order_by("width").last()


def files(content):
    """Every address of a picture file that a feed names, as it does."""
    text = content.decode().replace("\\/", "/")
    return set(re.findall(r"[^\s\"'\\,;<>]*/pictures/[0-9a-f]{32}\.\w+", text))


@pytest.mark.parametrize("file", WHOLE)
def test_a_whole_story_stands_with_its_pictures_in_the_order_of_its_page(client, story, file):
    [entry] = read(client.get(f"/{file}").content, file)
    content = html.fragment_fromstring(entry.content, create_parent="div")
    assert [child.tag for child in content] == ["p", "figure", "p", "figure", "p", "figure"]
    assert [img.get("alt") for img in content.iter("img")] == [
        "A lock & its gates", "A chart", "Gates",
    ]  # fmt: skip
    assert [" ".join(c.text_content().split()) for c in content.iter("figcaption")] == [
        "Lena <Voss>", "Since May.", "At noon, “high”. Lena <Voss>",
    ]  # fmt: skip
    assert next(content.iter("a")).get("href") == f"{SITE}/world/tides/"
    for img in content.iter("img"):
        assert (img.get("width"), img.get("height")) == ("960", "640")
        sizes = [part.split() for part in img.get("srcset").split(", ")]
        assert [size for _address, size in sizes] == ["320w", "640w", "960w"]
        assert img.get("src") == sizes[-1][0]


@pytest.mark.parametrize("file", FORMATS)
def test_every_picture_of_a_feed_is_named_by_its_whole_address_and_handed_out(client, story, file):
    named = files(client.get(f"/{file}").content)
    assert named
    for address in named:
        assert address.startswith(SITE)
        assert client.get(address.removeprefix(SITE)).status_code == 200


@pytest.mark.parametrize("file", XML)
def test_the_storys_own_picture_is_enclosed_with_its_length_and_type(client, story, picture, file):
    expected = of_story(picture)
    [entry] = parsed(client.get(f"/{file}").content, file).entries
    [enclosed] = entry.enclosures
    address = f"{SITE}{expected.get_absolute_url()}"
    assert (enclosed.href, enclosed.length, enclosed.type) == (
        address, str(expected.bytes), "image/jpeg",
    )  # fmt: skip
    served = client.get(expected.get_absolute_url())
    assert len(b"".join(served.streaming_content)) == int(enclosed.length)
    assert served["Content-Type"] == enclosed.type
    [media] = entry.media_content
    assert media == {
        "url": address, "type": "image/jpeg", "medium": "image",
        "filesize": str(expected.bytes), "width": "960", "height": "640",
    }  # fmt: skip
    assert entry.media_credit[0]["content"] == "Lena <Voss>"
    [thumbnail] = entry.media_thumbnail
    assert (thumbnail["width"], thumbnail["height"]) == ("320", "213")


@pytest.mark.parametrize("file", ["rss.xml", "rss-excerpts.xml"])
def test_an_enclosure_of_rss_says_its_address_length_and_type_and_nothing_else(client, story, file):
    [enclosure] = re.findall(r"<enclosure ([^>]*)/>", client.get(f"/{file}").content.decode())
    assert sorted(re.findall(r'(\w+)="', enclosure)) == ["length", "type", "url"]


@pytest.mark.parametrize("file", JSON)
def test_a_json_feed_names_the_storys_picture(client, story, picture, file):
    [item] = json.loads(client.get(f"/{file}").content)["items"]
    assert item["image"] == f"{SITE}{of_story(picture).get_absolute_url()}"


@pytest.mark.parametrize("file", SUMMARIES)
def test_a_feed_of_summaries_bears_the_storys_own_picture_and_no_word_more(
    client, story, chart, file
):
    answer = client.get(f"/{file}").content
    [entry] = read(answer, file)
    assert (entry.summary, entry.content) == ("It rises.", "")
    own = {f"{SITE}{row.get_absolute_url()}" for row in chart.renditions.all()}
    assert files(answer)
    assert not files(answer) & own
    assert "Since May" not in answer.decode()
    if file in XML:  # nor anything that a program takes for the story's content
        assert "content" not in parsed(answer, file).entries[0]


@pytest.mark.parametrize("file", FORMATS)
def test_a_story_without_a_picture_names_none(client, published, clock, file):
    published("Plain")
    content = client.get(f"/{file}").content
    read(content, file)
    assert not re.search(rb'<enclosure|rel="enclosure"|<media:|"image"|<figure', content)


@pytest.mark.parametrize("file", FORMATS)
def test_a_licence_that_ends_takes_the_picture_out_in_its_second_and_gives_no_304(
    client, story, picture, clock, file
):
    picture.ends_at = NOW + HOUR
    pictures.save(picture, by=PROGRAM, now=NOW)
    clock.move_to(NOW + HOUR - MICROSECOND)
    held = client.get(f"/{file}")
    own = {f"{SITE}{row.get_absolute_url()}" for row in picture.renditions.all()}
    assert files(held.content) & own
    clock.move_to(NOW + HOUR)
    answer = client.get(f"/{file}", headers={"If-None-Match": held["ETag"]})
    assert answer.status_code == 200
    assert not files(answer.content) & own
    [entry] = read(answer.content, file)
    assert "Lena" not in answer.content.decode()
    assert "Gates" not in answer.content.decode()
    if file in WHOLE:  # the other one stays
        assert "Since May." in entry.content
        assert len(re.findall(r"<figure>", entry.content)) == 1


@pytest.mark.parametrize("file", FORMATS)
def test_before_the_worker_came_the_smallest_size_stands_in_a_feed(
    client, published, add_picture, clock, file
):
    image = add_picture()
    published("One", picture=image.pk, body=f"<p>One.</p>{within(image.pk)}")
    content = client.get(f"/{file}").content
    read(content, file)
    [only] = image.renditions.all()
    assert files(content) == {f"{SITE}{only.get_absolute_url()}"}
