"""Erased by law: no copy that the site holds keeps a word, a name or a link of the story."""

import pytest
from django.apps import apps

from articles.desk import revisions
from articles.desk.revisions import Values
from articles.models import Article, Move, Note, OpenForm, Publication, Revision
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, rewrite

pytestmark = pytest.mark.django_db

TOKEN = "xyzzycanary"
BY_LAW = {"reason": "Article 17", "authority": "The court of Halvern, 3 K 12/26"}


@pytest.fixture
def story(published, author, topic, reporter):
    """A story with the token in every text, and copies of it everywhere."""
    story = published(
        f"{TOKEN} headline",
        slug="harbour-opens",
        standfirst=f"{TOKEN} standfirst",
        body=f"<p>{TOKEN} body</p>",
        authors=[author.pk],
        tags=[topic.pk],
        by=PROGRAM,
    )
    text = rewrite(story, body=f"<p>{TOKEN} body, changed</p>")
    note = f"{TOKEN} was spelt wrong."
    do("publish", story, revision=text, change="correction", note=note)
    held = Values.of(revisions.snapshot(story.pk, text))
    revisions.save(story.pk, held, by=PROGRAM, seen=text, now=NOW, note=f"{TOKEN} note")
    OpenForm.objects.create(
        article=story, person=reporter, at=NOW, typed=f'{{"headline": "{TOKEN}"}}', typed_at=NOW
    )
    Note.objects.create(article=story, text=f"Is {TOKEN} right?", by_name="Bo", at=NOW)
    return story


def where(token):
    """Every row of every table of the app that holds the token in any column."""
    return {
        (model.__name__, field.name)
        for model in apps.get_app_config("articles").get_models()
        for field in model._meta.concrete_fields
        for value in model.objects.values_list(field.attname, flat=True)
        if token in str(value)
    }


def test_no_table_holds_a_word_of_an_erased_story(story):
    assert {"Publication", "PublicationText", "Revision", "OpenForm", "Note", "Move"} <= {
        model for model, _field in where(TOKEN)
    }
    do("erase", story, **BY_LAW)
    assert where(TOKEN) == set()


def test_what_was_and_when_stays_and_the_move_says_what_was_emptied_and_by_whose_word(story):
    before = Publication.objects.filter(article=story.pk).values_list("pk", "path", "starts_at")
    before, revisions_before = list(before), Revision.objects.filter(article=story.pk).count()
    do("erase", story, **BY_LAW)
    after = Publication.objects.filter(article=story.pk).values_list("pk", "path", "starts_at")
    assert set(before) <= set(after)
    assert Revision.objects.filter(article=story.pk).count() == revisions_before
    move = Move.objects.get(verb="erase")
    assert (move.reason, move.details["authority"]) == tuple(BY_LAW.values())
    assert move.details["erased"]["revisions"] == revisions_before


def test_readers_and_as_of_get_nothing_of_it_at_any_moment(story, client, clock):
    do("erase", story, **BY_LAW)
    assert client.get("/world/harbour-opens/").status_code == 404
    for row in Publication.objects.filter(article=story.pk):
        assert not Publication.objects.at(row.starts_at).filter(article=story.pk).exists()
        assert row.withheld


def test_an_erased_story_is_not_written_again(story, desk_of, editor, world, clock):
    do("erase", story, **BY_LAW)
    seen = Article.objects.get(pk=story.pk).version
    typed = {
        "headline": "Again", "body": "<p>Again.</p>", "section": world.pk, "slug": "", "tags": "",
        "note": "", "standfirst": "", "seen": seen,
    }  # fmt: skip
    answer = desk_of(editor).post(f"/admin/articles/article/{story.pk}/change/", typed)
    assert answer.status_code in (200, 403)
    assert Article.objects.get(pk=story.pk).headline == "Erased"


def test_links_of_other_stories_to_it_are_gone(story, write):
    other = write("Other", also_read=[story.pk])
    do("erase", story, **BY_LAW)
    assert list(other.also_read_links.all()) == []
