"""The story form's own buttons: what is typed is saved first, then the verb is done to that."""

import pytest

from articles.desk import also_read, revisions
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


def suggested(tags, but):
    return also_read.suggestions(tags=tags, section=None, but=but, t=NOW)


def test_public_stories_with_most_of_its_tags_are_suggested_first(tagged, write):
    story = write("Harbour Opens", tags=tagged)
    write("Draft Quay", tags=tagged)
    found = suggested(tagged, but={story.pk})
    assert found[0].headline == "River Mouth"
    assert {one.headline for one in found} == {"Old Quay", "River Mouth", "New Quay"}


def test_what_it_points_to_already_is_not_suggested(tagged, write):
    story = write("Harbour Opens", tags=tagged)
    first = suggested(tagged, but={story.pk})[0]
    assert first not in suggested(tagged, but={story.pk, first.story})


def test_what_was_taken_down_is_not_suggested(tagged, write):
    gone = Article.objects.get(headline="River Mouth")
    do("take_down", gone, how="gone", reason="Wrong", authority="The editor")
    story = write("Harbour Opens", tags=tagged)
    found = suggested(tagged, but={story.pk})
    assert "River Mouth" not in {one.headline for one in found}


def test_saving_again_what_nobody_changed_is_no_revision(desk_of, publisher, typed, clock):
    desk_of(publisher).post(ADD, typed(tags="Ports, Kestrel Bay"))
    story = Article.objects.get()
    form = desk_of(publisher).get(change(story)).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    desk_of(publisher).post(change(story), {**data, "authors": [], "also_read": []})
    story.refresh_from_db()
    assert story.version == 1


# --- What one may read and not change


def test_a_story_that_one_may_only_read_is_shown_as_a_text(desk_of, reporter, published, clock):
    author = Author.objects.create(name="Ada Moss", slug="ada-moss")
    ports = Tag.objects.create(name="Ports", slug="ports")
    other = published("Tides Rise")
    story = published(
        "Harbour Opens", body=BODY, standfirst="At last.", authors=[author.pk], tags=[ports.pk],
        also_read=[other.pk],
    )  # fmt: skip
    page = desk_of(reporter).get(change(story)).content.decode()
    assert "<p>The harbour opened on Tuesday.</p><p>It rained.</p>" in page
    assert "&lt;p&gt;" not in page
    for words in ("You may read this story", "At last.", "Ada Moss", "Ports", "Tides Rise"):
        assert words in page, words
    assert 'name="headline"' not in page
    assert 'name="_continue"' not in page


# --- Also read


def test_a_link_to_a_story_out_of_reach_stays_when_the_form_is_saved(
    desk_of, write, typed, national, world, clock
):
    away = write("Abroad", section=national.pk)
    story = write("Harbour Opens", also_read=[away.pk])
    ines = person("Editor", display_name="Ines Calder")
    SectionMember.objects.create(user=ines, section=world)
    page = desk_of(ines).get(change(story))
    assert "a story that you cannot open" in page.content.decode()
    assert "Abroad" not in page.content.decode()
    data = typed(seen=1, slug=story.slug, also_read=[away.pk], headline="Harbour Opens Late")
    assert desk_of(ines).post(change(story), data).status_code == 302
    assert list(story.also_read_links.values_list("story_id", flat=True)) == [away.pk]


def test_a_link_to_a_story_that_was_deleted_hinders_no_save(
    desk_of, publisher, write, typed, clock
):
    draft = write("Never Was")
    story = write("Harbour Opens", also_read=[draft.pk])
    revisions.discard(draft.pk, by=publisher, now=NOW)
    desk = desk_of(publisher)
    form = desk.get(change(story)).context["adminform"].form
    assert form.initial["also_read"] == []
    assert "a story that you cannot open" not in str(form["also_read"])
    data = typed(seen=1, slug=story.slug, headline="Harbour Opens Late")
    assert desk.post(change(story), data).status_code == 302


def suggested_to(desk, story, **typed):
    answer = desk.post(f"/admin/articles/article/{story}suggest/", typed)
    assert answer.status_code == 200
    return [one["headline"] for one in answer.json()["stories"]]


def test_suggestions_follow_the_tags_that_are_typed(desk_of, publisher, tagged, write, clock):
    desk, story = desk_of(publisher), write("Harbour Opens")
    assert suggested_to(desk, f"{story.pk}/", tags="rivers") == ["River Mouth"]
    new = suggested_to(desk, "", tags="Ports\nnothing of the kind")  # as the form tells them apart
    assert set(new) == {"Old Quay", "River Mouth", "New Quay"}
    quay = Article.objects.get(headline="Old Quay").pk
    assert "Old Quay" not in suggested_to(desk, "", tags="Ports", also_read=[quay])


def test_without_tags_they_are_of_the_section(desk_of, publisher, tagged, world, national, clock):
    desk = desk_of(publisher)
    assert len(suggested_to(desk, "", section=world.pk)) == 3
    assert suggested_to(desk, "", section=national.pk) == []
    assert suggested_to(desk, "", section="x", also_read=["abc"]) == []


def test_nobody_is_suggested_anything_about_a_story_out_of_reach(
    desk_of, reporter, write, national, clock
):
    SectionMember.objects.create(user=reporter, section=national)
    story = write("Harbour Opens")
    answer = desk_of(reporter).post(f"/admin/articles/article/{story.pk}/suggest/", {})
    assert answer.status_code == 404


# --- Odd posts


@pytest.mark.parametrize("field", ["authors", "also_read"])
@pytest.mark.parametrize("odd", ["abc", "-1", "\x00", "9" * 20, "1.5"])
def test_a_row_that_is_none_is_asked_back(desk_of, publisher, write, typed, clock, field, odd):
    story = write("Harbour Opens")
    for address, seen in ((ADD, 0), (change(story), 1)):
        answer = desk_of(publisher).post(address, typed(seen=seen, **{field: [odd]}))
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors[field]
    assert Article.objects.count() == 1


# --- What is said of it while it is written


def look(desk, story="", **typed):
    return desk.post(f"/admin/articles/article/{story}look/", typed).json()


def test_the_address_that_a_story_is_going_to_have_follows_what_is_typed(
    desk_of, publisher, published, national, world, clock
):
    desk, live = desk_of(publisher), published("Harbour Opens")
    assert look(desk, headline="Tides Rise", section=world.pk)["address"] == "/world/tides-rise/"
    assert look(desk, headline="Tides Rise", section="")["address"] == ""
    taken = look(desk, headline="Harbour Opens", section=world.pk)
    assert taken["address"] == "/world/harbour-opens-2/"
    moved = look(desk, f"{live.pk}/", headline="Harbour Opens", section=national.pk, slug="port")
    assert moved["address"] == "/national/port/"
    page = desk.get(change(live)).content.decode()
    assert 'id="address"' in page
    assert 'data-now="/world/harbour-opens/"' in page


def test_where_a_headline_is_cut_is_said_beside_it(desk_of, publisher, clock):
    desk = desk_of(publisher)
    whole = look(desk, headline="Harbour Opens", body=BODY)
    assert whole["title_cuts"] == ""
    long = look(desk, headline="Harbour Opens " + "Again And " * 7 + "Closes", body=BODY)
    assert "Search result cuts before “" in long["title_cuts"]
    assert "Share card cuts before “" in long["title_cuts"]


def test_the_length_asked_for_stands_beside_the_words(desk_of, publisher, write, clock):
    story = write("Harbour Opens", body=BODY)
    assert look(desk_of(publisher), f"{story.pk}/", body=BODY)["words_said"].startswith("7 words")
    Article.objects.filter(pk=story.pk).update(length=800)
    said = look(desk_of(publisher), f"{story.pk}/", body=BODY)["words_said"]
    assert said == "7 of 800 words, 1 min to read"
    assert "7 of 800 words" in desk_of(publisher).get(change(story)).content.decode()


def test_an_empty_story_is_told_what_is_missing_and_nothing_else(desk_of, publisher, clock):
    page = desk_of(publisher).get(ADD).content.decode()
    assert "The story has no headline." in page
    assert "The story has no text yet." in page
    assert "no words yet" in page
    assert "nothing is written yet" in page


# --- A text that waits beside it


def test_a_text_that_waits_beside_the_story_is_announced_until_it_is_settled(
    desk_of, publisher, write, typed, clock
):
    story, desk = write("Harbour Opens", standfirst="One."), desk_of(publisher)
    rewrite(story, standfirst="Two.")
    answer = desk.post(change(story), typed(seen=1, standfirst="Three.", slug=story.slug))
    beside = answer.headers["Location"]
    assert "/beside/" in beside
    page = desk.get(change(story)).content.decode()
    assert "A text of yours waits beside this story" in page
    assert f'href="{beside}"' in page
    seen = Article.objects.get(pk=story.pk).version
    desk.post(beside, {"seen": seen, "standfirst": "ours"})
    assert "waits beside this story" not in desk.get(change(story)).content.decode()


def test_a_colleague_is_not_told_of_my_text(desk_of, publisher, editor, write, typed, clock):
    story = write("Harbour Opens", standfirst="One.")
    rewrite(story, standfirst="Two.")
    desk_of(publisher).post(change(story), typed(seen=1, standfirst="Three.", slug=story.slug))
    assert "waits beside" not in desk_of(editor).get(change(story)).content.decode()
