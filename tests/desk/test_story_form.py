"""The story form's own buttons: what is typed is saved first, then the verb is done to that."""

import pytest

from articles.desk import also_read
from articles.models import Article, Author, Move, Publication, Section, SectionMember, Tag
from tests.conftest import NOW, person
from tests.desk.pressing import do, rewrite

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
BODY = "<p>The harbour opened on Tuesday.</p><p>It rained.</p>"


def change(story):
    return f"/admin/articles/article/{story.pk}/change/"


@pytest.fixture
def typed(world):
    """What the form posts, with what a test types."""

    def typed(**values):
        posted = {
            "headline": "Harbour Opens", "standfirst": "", "body": BODY, "section": world.pk,
            "slug": "", "authors": [], "also_read": [], "tags": "", "note": "", "seen": 0,
        }  # fmt: skip
        return {**posted, **values}

    return typed


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_new_story_is_saved_and_submitted_by_one_button(desk_of, reporter, typed, clock):
    answer = desk_of(reporter).post(ADD, typed(_then="submit"), follow=True)
    story = Article.objects.get()
    assert (story.status, story.version) == ("in_review", 1)
    assert "Submit for review: done." in said(answer)


def test_what_is_typed_is_what_is_approved(desk_of, reporter, editor, write, typed, clock):
    story = write("Harbour Opens", by=reporter)
    desk_of(reporter).post(change(story), typed(seen=1, _then="submit"))
    story.refresh_from_db()
    data = typed(seen=story.version, headline="Harbour Opens Late", slug=story.slug)
    desk_of(editor).post(change(story), data | {"_then": "approve"})
    story.refresh_from_db()
    assert (story.status, story.headline) == ("ready", "Harbour Opens Late")
    assert Move.objects.get(verb="approve").revision == story.version


def test_a_first_publish_asks_nothing(desk_of, publisher, typed, client, clock):
    desk_of(publisher).post(ADD, typed(_then="publish"))
    assert Publication.objects.get().headline == "Harbour Opens"
    assert client.get("/world/harbour-opens/").status_code == 200


def test_a_change_to_what_readers_have_is_saved_and_asked_what_it_is(
    desk_of, publisher, published, typed, clock
):
    story = published()
    data = typed(seen=1, headline="Harbour Opens Late", slug=story.slug, _then="publish")
    answer = desk_of(publisher).post(change(story), data, follow=True)
    assert answer.context["form"].verb == "publish"
    assert "change" in answer.context["form"].fields
    story.refresh_from_db()
    assert story.headline == "Harbour Opens Late"
    assert Publication.objects.get().headline == "Harbour Opens"


def test_what_is_refused_leaves_the_text_saved_and_says_why(desk_of, reporter, typed, clock):
    answer = desk_of(reporter).post(ADD, typed(_then="publish"), follow=True)
    assert Article.objects.get().status == "draft"
    assert not Publication.objects.exists()
    assert "Your role does not include this" in said(answer)


def test_who_changed_the_text_last_does_not_approve_it_by_the_form_either(
    desk_of, reporter, editor, write, typed, world, clock
):
    Section.objects.filter(pk=world.pk).update(four_eyes=True)
    story = write("Harbour Opens", by=reporter)
    desk_of(reporter).post(change(story), typed(seen=1, _then="submit"))
    story.refresh_from_db()
    data = typed(seen=story.version, headline="Harbour Opens Late", slug=story.slug)
    answer = desk_of(editor).post(change(story), data | {"_then": "approve"}, follow=True)
    story.refresh_from_db()
    assert (story.status, story.headline) == ("in_review", "Harbour Opens Late")
    assert "somebody else approves it" in said(answer)


def test_a_save_that_was_merged_is_to_be_reread_before_anything_is_done(
    desk_of, publisher, write, typed, clock
):
    story = write("Harbour Opens", body=BODY)
    rewrite(story, body=BODY.replace("rained", "snowed"))
    data = typed(seen=1, body=BODY.replace("Tuesday", "Monday"), slug=story.slug)
    answer = desk_of(publisher).post(change(story), data | {"_then": "publish"}, follow=True)
    story.refresh_from_db()
    assert "Monday" in story.body
    assert "snowed" in story.body
    assert "please reread" in said(answer)
    assert not Publication.objects.exists()


def test_a_verb_that_is_not_about_the_text_is_none_of_the_forms_buttons(
    desk_of, managing_editor, published, typed, clock
):
    story = published()
    data = typed(seen=1, slug=story.slug, _then="take_down")
    desk_of(managing_editor).post(change(story), data)
    assert Publication.objects.at(NOW).filter(article=story).exists()


def test_a_new_story_is_by_who_writes_it_and_in_their_only_section(desk_of, national, clock):
    ines = person("Reporter", display_name="Ines Calder")
    author = Author.objects.create(name="Ines Calder", slug="ines-calder", user=ines)
    SectionMember.objects.create(user=ines, section=national)
    form = desk_of(ines).get(ADD).context["adminform"].form
    assert form["authors"].value() == [author.pk]
    assert form["section"].value() == national.pk


def test_a_section_that_is_not_theirs_is_not_offered(desk_of, national, clock):
    ines = person("Reporter", display_name="Ines Calder")
    SectionMember.objects.create(user=ines, section=national)
    form = desk_of(ines).get(ADD).context["adminform"].form
    assert list(form.fields["section"].queryset) == [national]


@pytest.fixture
def tagged(published):
    """Three public stories of Ports, one of them of Rivers too, and a draft of both."""
    ports, rivers = (Tag.objects.create(name=n, slug=n.lower()) for n in ("Ports", "Rivers"))
    published("Old Quay", tags=[ports.pk])
    published("River Mouth", tags=[ports.pk, rivers.pk])
    published("New Quay", tags=[ports.pk])
    return [ports.pk, rivers.pk]


def test_public_stories_with_most_of_its_tags_are_suggested_first(tagged, write):
    story = write("Harbour Opens", tags=tagged)
    write("Draft Quay", tags=tagged)
    found = also_read.suggestions(story, {"tags": tagged, "also_read": []}, NOW)
    assert found[0].headline == "River Mouth"
    assert {one.headline for one in found} == {"Old Quay", "River Mouth", "New Quay"}


def test_what_it_points_to_already_is_not_suggested(tagged, write):
    story = write("Harbour Opens", tags=tagged)
    first = also_read.suggestions(story, {"tags": tagged, "also_read": []}, NOW)[0]
    held = {"tags": tagged, "also_read": [first.story]}
    assert first not in also_read.suggestions(story, held, NOW)


def test_what_was_taken_down_is_not_suggested(tagged, write):
    gone = Article.objects.get(headline="River Mouth")
    do("take_down", gone, how="gone", reason="Wrong", authority="The editor")
    story = write("Harbour Opens", tags=tagged)
    found = also_read.suggestions(story, {"tags": tagged, "also_read": []}, NOW)
    assert "River Mouth" not in {one.headline for one in found}


def test_saving_again_what_nobody_changed_is_no_revision(desk_of, publisher, typed, clock):
    desk_of(publisher).post(ADD, typed(tags="Ports, Kestrel Bay"))
    story = Article.objects.get()
    form = desk_of(publisher).get(change(story)).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    desk_of(publisher).post(change(story), {**data, "authors": [], "also_read": []})
    story.refresh_from_db()
    assert story.version == 1
