"""Whom and what a search names, by the words of today's names."""

from io import StringIO

import pytest
from django.core.management import call_command

from articles.desk import taxonomy
from articles.models import Author, NameWord, Tag
from tests.conftest import NOW, PROGRAM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_words_also_find_the_stories_of_a_writer_by_todays_name(found, searched, published, author):
    published("Signed", authors=[author.pk], body="<p>Of eels.</p>")
    published("About Ilse Hartmann", body="<p>Of tar.</p>")
    assert set(found("hartmann")) == {"About Ilse Hartmann", "Signed"}
    assert found("hartmann eels") == ["Signed"]
    assert found("eels hartm") == ["Signed"]
    assert found("ilse eels tar") == []
    author.name, author.slug = "Ilse Weiß", "ilse-weiss"
    taxonomy.save(author, by=PROGRAM, now=NOW)
    assert found("weiss") == ["Signed"]
    assert found("hartmann") == ["About Ilse Hartmann"]
    assert '<a href="/author/ilse-weiss/"><bdi>Ilse Weiß</bdi></a>' in searched("weiss")


def test_words_also_find_the_stories_of_a_topic_and_of_what_took_it_over(found, published, topic):
    heir = Tag.objects.create(name="Quays", slug="quays")
    published("Tagged", tags=[topic.pk], body="<p>Of eels.</p>")
    published("Also", tags=[topic.pk, heir.pk])
    assert found("ports eels") == ["Tagged"]
    assert set(found("port")) == {"Tagged", "Also"}


def test_the_command_indexes_all_names_anew(found, published, author, topic):
    published("Signed", authors=[author.pk])
    published("Tagged", tags=[topic.pk])
    NameWord.objects.all().delete()
    assert found("hartmann") == found("ports") == []
    call_command("rebuild_search", stdout=StringIO())
    assert (found("hartmann"), found("ports")) == (["Signed"], ["Tagged"])


def test_names_that_were_inserted_in_bulk_are_found(client):
    call_command("make_archive", 100, versions=1, stdout=StringIO())
    for model in (Author, Tag):
        busiest = model.objects.first()
        page = client.get("/search/", {"q": busiest.name}).content.decode()
        assert f'<a href="{busiest.get_absolute_url()}">' in page


def test_a_writer_or_topic_without_public_stories_is_not_named(searched, published, write, author):
    write("Draft", authors=[author.pk])
    published("Public")
    assert "Pages of that name" not in searched("hartmann")
    assert "Hartmann" not in searched("public")
