"""The lists of names, by letter: who and what has a page, in which order, and what trends."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles.desk import taxonomy
from articles.models import Author, ListKind, ListRow, Tag
from articles.pages import a_to_z
from articles.states import EndsAs
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
KINDS = {"/authors/": ("authors", Author), "/topics/": ("tags", Tag)}


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return html.fromstring(answer.content)


def listed(client, path):
    """The names under each letter, in the page's order."""
    return {
        section.find("h2").text_content().strip(): [
            link.text_content() for link in section.cssselect("h3 a")
        ]
        for section in page(client, path).cssselect("section.day")
    }


def hrefs(page, css):
    return [link.get("href") for link in page.cssselect(css)]


@pytest.fixture
def named(published, clock):
    """Publish a story that bears names, made where they are not there yet."""

    def named(*names, path="/authors/", **values):
        field, model = KINDS[path]
        rows = [
            model.objects.get_or_create(name=n, defaults={"slug": f"n-{model.objects.count()}"})[0]
            for n in names
        ]
        headline = values.pop("headline", f"About {names[0]} {ListRow.objects.count()}")
        return published(headline, **{field: [row.pk for row in rows]}, **values)

    return named


NAMES = (
    "Zoë Quill", "Émile Zola", "eve Ng", "Eva Ng", "Ángel Ruiz", "Øystein Berg", "Юрий Орлов",
    "юлия Ким", "王小明", "김하나", "アキラ", "Ωμέγα", "Łukasz Nowak", "ßara",
    "3rd Desk", "“Max” Ray",
)  # fmt: skip


@pytest.mark.parametrize("path", KINDS)
def test_names_stand_under_their_letter_without_accents_other_scripts_under_their_own(
    client, named, path
):
    named(*NAMES, path=path)
    assert listed(client, path) == {
        "A": ["Ángel Ruiz"], "E": ["Émile Zola", "Eva Ng", "eve Ng"], "L": ["Łukasz Nowak"],
        "O": ["Øystein Berg"], "S": ["ßara"], "Z": ["Zoë Quill"], "Ω": ["Ωμέγα"],
        "Ю": ["юлия Ким", "Юрий Орлов"], "ᄀ": ["김하나"], "ア": ["アキラ"], "王": ["王小明"],
        "0-9": ["“Max” Ray", "3rd Desk"],
    }  # fmt: skip


@pytest.mark.parametrize("path", KINDS)
def test_a_letter_has_an_address_which_is_small_and_without_accents(client, named, path):
    named(*NAMES, path=path)
    assert listed(client, f"{path}e/") == {"E": ["Émile Zola", "Eva Ng", "eve Ng"]}
    assert listed(client, f"{path}0-9/") == {"0-9": ["“Max” Ray", "3rd Desk"]}
    assert listed(client, f"{path}ю/") == {"Ю": ["юлия Ким", "Юрий Орлов"]}
    for typed, canonical in (("E", "e"), ("É", "e"), ("Ю", "%D1%8E"), ("김", "%E1%84%80")):
        answer = client.get(f"{path}{typed}/")
        assert (answer.status_code, answer["Location"]) == (301, f"{path}{canonical}/")
    (link,) = page(client, f"{path}ю/").cssselect("link[rel=canonical]")
    assert link.get("href") == f"{settings.SITE_URL}{path}%D1%8E/"


ODD = (
    "q",
    "ee",
    "0",
    "-",
    "'",
    "%00",
    "%0A",
    "e%0A",
    "٣",
    "😀",
    "%F0%9F%91%A9",
    "a" * 5000,
    "..",
    "%25",
)


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("letter", ODD)
def test_an_odd_letter_or_one_without_names_is_not_found(client, named, path, letter):
    named("Eva Ng", path=path)
    assert client.get(f"{path}{letter}/").status_code == 404


# --- Who is listed ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", KINDS)
def test_a_name_is_listed_while_a_story_bears_it_and_it_is_not_retired(client, named, write, path):
    field, model = KINDS[path]
    story = named("Ann", "Bob", path=path)
    row = model.objects.create(name="Draft", slug="draft")
    write("Only A Draft", **{field: [row.pk]})
    assert listed(client, path) == {"A": ["Ann"], "B": ["Bob"]}
    bob = model.objects.get(name="Bob")
    bob.retired = True
    taxonomy.save(bob, by=PROGRAM, now=NOW)
    assert listed(client, path) == {"A": ["Ann"]}
    assert client.get(f"{path}b/").status_code == 404
    do("take_down", story, how=EndsAs.GONE, reason="A libel")
    assert listed(client, path) == {}
    assert client.get(f"{path}a/").status_code == 404


@pytest.mark.parametrize("path", KINDS)
def test_every_name_leads_to_its_page(client, named, path):
    named(*NAMES, path=path)
    links = hrefs(page(client, path), "section.day h3 a")
    assert len(links) == len(NAMES)
    for link in links:
        assert client.get(link).status_code == 200


def test_a_name_comes_and_goes_with_its_stories_moment(client, write, author, clock):
    story = write("To Come", authors=[author.pk])
    do("schedule", story, revision=1, at=NOW + HOUR, until=NOW + 2 * HOUR)
    for moment, names in ((NOW, {}), (NOW + HOUR, {"I": ["Ilse Hartmann"]}), (NOW + 2 * HOUR, {})):
        clock.move_to(moment)
        assert listed(client, "/authors/") == names


def test_authors_are_introduced_by_the_beginning_of_their_bio(client, named):
    named("Ann")
    Author.objects.update(bio="Writes of ports, and of what lies behind them. " * 9)
    (about,) = page(client, "/authors/").cssselect("section.day p.dek")
    assert about.text_content().startswith("Writes of ports,")
    assert about.text_content().endswith("…")


def test_a_merged_topic_is_listed_as_the_one_that_took_it_over(client, named):
    named("Ports", path="/topics/")
    named("Harbours", path="/topics/")
    old, new = Tag.objects.get(name="Harbours"), Tag.objects.get(name="Ports")
    taxonomy.merge_tag(old.pk, new.pk, reason="One topic", by=PROGRAM, now=NOW)
    assert listed(client, "/topics/") == {"P": ["Ports"]}


# --- Many names ---------------------------------------------------------------------------------


@pytest.fixture
def many(published, clock):
    """5,000 authors, each with a list row, as many stories would leave behind."""
    story = published("Signed By All")
    made = Author.objects.bulk_create(
        Author(name=f"{chr(65 + n % 20)}uthor {n:04}", slug=f"author-{n}") for n in range(5000)
    )
    ListRow.objects.bulk_create(
        ListRow(
            kind=ListKind.AUTHOR, what=row.pk, story=story, starts_at=NOW - HOUR,
            first_published_at=NOW - HOUR,
        )
        for row in made
    )  # fmt: skip


def test_of_many_names_each_letter_has_a_page_and_the_first_one_opens(client, many):
    found = page(client, "/authors/")
    letters = hrefs(found, "nav[aria-label=Letters] a")
    assert letters == [f"/authors/{chr(97 + n)}/" for n in range(20)]
    assert listed(client, "/authors/")["A"] == [f"Author {n:04}" for n in range(0, 5000, 20)]
    names = [name for letter in letters for name in listed(client, letter)[letter[9].upper()]]
    assert len(names) == 5000
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/authors/t/")
    assert len(asked) == 3


# --- What trends --------------------------------------------------------------------------------


def trending(client):
    return [
        link.text_content()
        for link in page(client, "/topics/").cssselect("ul[aria-labelledby=trending] a")
    ]


def test_the_topics_of_most_stories_of_seven_days_trend(client, named):
    for count, name in ((3, "Rivers"), (2, "Ports"), (2, "Bridges"), (1, "Ice")):
        for _ in range(count):
            named(name, path="/topics/", at=NOW - 2 * DAY)
    for _ in range(9):
        named("Old News", path="/topics/", at=NOW - 7 * DAY)
    assert trending(client) == ["Rivers", "Bridges", "Ports"]


def test_a_topic_that_is_taken_over_retired_or_taken_down_trends_no_more(client, named):
    stories = [named(name, path="/topics/") for name in ("Ports", "Harbours", "Ice", "Ice")]
    assert trending(client) == ["Ice"]
    old, new = Tag.objects.get(name="Harbours"), Tag.objects.get(name="Ports")
    taxonomy.merge_tag(old.pk, new.pk, reason="One topic", by=PROGRAM, now=NOW)
    assert trending(client) == ["Ice", "Ports"]
    do("take_down", stories[-1], how=EndsAs.GONE, reason="A libel")
    assert trending(client) == ["Ports"]
    new.refresh_from_db()
    new.retired = True
    taxonomy.save(new, by=PROGRAM, now=NOW)
    assert trending(client) == []


def test_at_most_twelve_topics_trend(client, named):
    for _ in range(2):
        named(*(f"Topic {n:02}" for n in range(20)), path="/topics/")
    assert trending(client) == [f"Topic {n:02}" for n in range(a_to_z.TRENDING)]
