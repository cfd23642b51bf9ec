"""The story form in the admin: what is typed is kept, in its order, or refused with a sentence."""

import pytest
from django.urls import reverse

from articles.desk import revisions
from articles.desk.revisions import Values
from articles.models import Article, Author, Move, Revision, SectionMember, Tag
from tests.conftest import NOW, PROGRAM

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"


def change(article):
    return f"/admin/articles/article/{article.pk}/change/"


@pytest.fixture
def typed(world):
    """What a browser posts for a story; a test changes what it is about."""

    def typed(**values):
        return {
            "headline": "Harbour Opens",
            "standfirst": "",
            "body": "<p>The harbour opened on Tuesday.</p>",
            "section": world.pk,
            "slug": "",
            "tags": "",
            "note": "",
            "seen": 0,
            **values,
        }

    return typed


@pytest.fixture
def saved(write, reporter):
    return write(by=reporter)


def errors_of(answer):
    return {name: list(said) for name, said in answer.context["adminform"].form.errors.items()}


def test_a_reporter_writes_a_story_and_it_is_revision_one(desk_of, reporter, typed, clock):
    answer = desk_of(reporter).post(ADD, typed(tags="Ports, Kestrel Bay", note="first draft"))
    assert answer.status_code == 302
    article = Article.objects.get()
    assert (article.slug, article.version, article.created_by) == ("harbour-opens", 1, reporter)
    revision = Revision.objects.get(article=article)
    assert (revision.number, revision.by, revision.note) == (1, reporter, "first draft")
    assert revision.snapshot["body"] == "<p>The harbour opened on Tuesday.</p>"
    assert sorted(article.tags.values_list("name", flat=True)) == ["Kestrel Bay", "Ports"]


def test_bylines_and_also_read_keep_the_order_they_were_picked_in(
    desk_of, editor, typed, write, clock
):
    authors = [Author.objects.create(name=name, slug=name.lower()) for name in ("Ada", "Bo", "Cy")]
    others = [write(f"Other {n}") for n in range(3)]
    desk = desk_of(editor)
    desk.post(
        ADD,
        typed(
            headline="Main",
            authors=[authors[i].pk for i in (2, 0, 1)],
            also_read=[others[i].pk for i in (1, 2, 0)],
        ),
    )
    article = Article.objects.get(headline="Main")
    snapshot = Revision.objects.get(article=article).snapshot
    assert snapshot["authors"] == [authors[i].pk for i in (2, 0, 1)]
    assert snapshot["also_read"] == [others[i].pk for i in (1, 2, 0)]
    page = desk.get(change(article)).content.decode()
    form = page[page.index('<select name="authors"') :].partition("</select>")[0]
    places = [form.index(f'<option value="{authors[i].pk}" selected') for i in (2, 0, 1)]
    assert places == sorted(places)


def test_a_save_writes_the_next_revision_and_an_unchanged_one_writes_none(
    desk_of, reporter, typed, saved, clock
):
    desk = desk_of(reporter)
    desk.post(change(saved), typed(headline="Harbour Opens Late", seen=1, slug=saved.slug))
    desk.post(change(saved), typed(headline="Harbour Opens Late", seen=2, slug=saved.slug))
    saved.refresh_from_db()
    assert (saved.headline, saved.version) == ("Harbour Opens Late", 2)
    assert saved.revisions.count() == 2


@pytest.fixture
def meanwhile(saved, editor):
    """A colleague saves the story that a form was opened on."""

    def meanwhile(**values):
        held = revisions.snapshot(saved.pk, 1)
        typed = Values.of({**held, **values})
        revisions.save(saved.pk, typed, by=editor, seen=1, now=NOW)

    return meanwhile


def test_a_save_over_a_colleagues_is_merged_with_it_and_says_so(
    desk_of, reporter, typed, saved, meanwhile, clock
):
    meanwhile(body=f"{saved.body}<p>Ships came on Wednesday.</p>", standfirst="At last.")
    answer = desk_of(reporter).post(
        change(saved), typed(headline="My Own Headline", seen=1), follow=True
    )
    assert "merged with the changes of Editor to standfirst, 1 paragraph" in answer.content.decode()
    saved.refresh_from_db()
    assert (saved.headline, saved.standfirst, saved.version) == ("My Own Headline", "At last.", 3)
    assert saved.body == f"{typed()['body']}<p>Ships came on Wednesday.</p>"
    assert Revision.objects.get(article=saved, number=3).by == reporter


def test_what_both_changed_is_asked_and_both_texts_are_kept(
    desk_of, reporter, typed, saved, meanwhile, clock
):
    meanwhile(headline="A Colleague’s Headline")
    desk = desk_of(reporter)
    asked = desk.post(
        change(saved), typed(headline="My Own Headline", standfirst="Mine.", seen=1), follow=True
    )
    page = asked.content.decode()
    assert "My Own Headline" in page
    assert "A Colleague’s Headline" in page
    saved.refresh_from_db()
    assert (saved.headline, saved.standfirst) == ("A Colleague’s Headline", "")
    beside = asked.request["PATH_INFO"]
    assert beside == f"/admin/articles/article/{saved.pk}/beside/3/"
    refused = desk.post(beside, {"seen": 4})
    assert refused.status_code == 422
    assert "Choose one." in refused.content.decode()
    assert desk.post(beside, {"seen": 4, "headline": "theirs"}).status_code == 302
    saved.refresh_from_db()
    assert (saved.headline, saved.standfirst) == ("A Colleague’s Headline", "Mine.")
    kept = Revision.objects.filter(article=saved, stays=True)
    assert {row.snapshot["headline"] for row in kept} >= {"My Own Headline"}


def test_a_paragraph_that_both_changed_can_stand_twice_one_after_the_other(
    desk_of, reporter, typed, saved, meanwhile, clock
):
    meanwhile(body="<p>The harbour opened on Wednesday.</p>")
    desk = desk_of(reporter)
    desk.post(change(saved), typed(body="<p>The harbour opened on Thursday.</p>", seen=1))
    beside = f"/admin/articles/article/{saved.pk}/beside/3/"
    assert desk.post(beside, {"seen": 4, "body:0": "both"}).status_code == 302
    saved.refresh_from_db()
    assert saved.body == (
        "<p>The harbour opened on Thursday.</p><p>The harbour opened on Wednesday.</p>"
    )


def test_joining_two_texts_while_a_third_person_saves_is_asked_anew(
    desk_of, reporter, editor, typed, saved, meanwhile, clock
):
    meanwhile(headline="A Colleague’s Headline")
    desk = desk_of(reporter)
    desk.post(change(saved), typed(headline="My Own Headline", seen=1))
    held = Values.of({**revisions.snapshot(saved.pk, 4), "standfirst": "A third."})
    revisions.save(saved.pk, held, by=editor, seen=4, now=NOW)
    beside = f"/admin/articles/article/{saved.pk}/beside/3/"
    again = desk.post(beside, {"seen": 4, "headline": "ours"})
    assert again.status_code == 422
    assert "saved again meanwhile" in again.content.decode()
    desk.post(beside, {"seen": 5, "headline": "ours"})
    saved.refresh_from_db()
    assert (saved.headline, saved.standfirst) == ("My Own Headline", "A third.")


def test_a_form_opened_on_a_revision_that_is_no_longer_kept_still_loses_nothing(
    desk_of, reporter, typed, saved, meanwhile, clock
):
    meanwhile(headline="A Colleague’s Headline")
    Revision.objects.filter(article=saved, number=1).delete()
    answer = desk_of(reporter).post(
        change(saved), typed(headline="My Own Headline", seen=1), follow=True
    )
    assert "/beside/" in answer.request["PATH_INFO"]
    assert "My Own Headline" in answer.content.decode()


def test_a_text_set_beside_is_joined_only_by_who_may_edit_the_story(
    desk_of, reporter, editor, administrator, typed, saved, meanwhile, clock
):
    meanwhile(headline="A Colleague’s Headline")
    desk_of(reporter).post(change(saved), typed(headline="My Own Headline", seen=1))
    beside = f"/admin/articles/article/{saved.pk}/beside/3/"
    chosen = {"seen": 4, "headline": "ours"}
    assert desk_of(administrator).post(beside, chosen).status_code == 403
    assert desk_of(editor).get(f"/admin/articles/article/{saved.pk}/beside/2/").status_code == 404
    saved.refresh_from_db()
    assert saved.headline == "A Colleague’s Headline"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("headline", "", "required"),
        ("headline", "Flood\x0etide", "U+000E"),
        ("headline", "Flood\ufdd0", "U+FDD0"),
        ("headline", "x" * 251, "250"),
        ("standfirst", "One\x01two", "U+0001"),
        ("body", "<p>One&#1;two</p>", "U+0001"),
        ("body", "<ul><li>" * 30 + "deep", "nested"),
        ("note", "why\x02", "U+0002"),
        ("tags", "One\x03", "U+0003"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(
    desk_of, reporter, typed, field, value, says, clock
):
    answer = desk_of(reporter).post(ADD, typed(**{field: value}))
    assert answer.status_code == 200
    assert says in str(errors_of(answer)[field])
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    "headline",
    ["Ferry 🛳️ Returns", "עברית ראשית", "Überfahrt nach Čáslav", "港口开放", "Fish & “Chips” <b>"],
)
def test_any_script_and_emoji_is_kept_as_typed(desk_of, reporter, typed, headline, clock):
    assert desk_of(reporter).post(ADD, typed(headline=headline)).status_code == 302
    article = Article.objects.get()
    assert article.headline == headline
    assert article.slug.isascii()
    assert article.slug


def test_scripts_are_cleaned_out_of_a_body(desk_of, reporter, typed, clock):
    body = '<p onclick="x()">A<script>alert(1)</script> <a href="javascript:x()">b</a></p>'
    desk_of(reporter).post(ADD, typed(body=body))
    assert Article.objects.get().body == "<p>A <a>b</a></p>"


def test_a_slug_of_another_story_is_refused_by_name(desk_of, reporter, typed, saved, clock):
    answer = desk_of(reporter).post(ADD, typed(headline="Second", slug=saved.slug))
    assert "Harbour Opens" in str(errors_of(answer)["slug"])


def test_a_reporter_edits_their_own_story_and_only_reads_a_colleagues(
    desk_of, reporter, editor, typed, saved, write, clock
):
    other = write("By An Editor", by=editor)
    desk = desk_of(reporter)
    assert b'name="_save"' in desk.get(change(saved)).content
    assert b'name="_save"' not in desk.get(change(other)).content
    answer = desk.post(change(other), typed(headline="Taken Over", seen=1))
    assert answer.status_code == 403
    other.refresh_from_db()
    assert other.headline == "By An Editor"


def test_who_works_for_one_section_does_not_reach_another(
    desk_of, editor, national, typed, write, clock
):
    SectionMember.objects.create(user=editor, section=national)
    abroad = write("Abroad")
    desk = desk_of(editor)
    assert desk.get(change(abroad)).status_code == 302  # as for a story that is not there
    assert "Abroad" not in desk.get(LIST).content.decode()
    asked = {"app_label": "articles", "model_name": "article", "field_name": "also_read"}
    found = desk.get(reverse("admin:autocomplete"), {**asked, "term": "A"})
    assert found.json()["results"] == []
    refused = desk.post(ADD, typed(headline="Into World"))  # posts the section World
    assert "section" in refused.context["adminform"].form.errors
    assert not Article.objects.filter(headline="Into World").exists()


def test_a_crafted_post_of_status_and_counters_changes_nothing(
    desk_of, reporter, typed, saved, clock
):
    crafted = {"status": "ready", "version": 9, "pressed": 9, "created_by": "", "edited_at": "x"}
    desk_of(reporter).post(change(saved), typed(seen=1, headline="New", **crafted))
    saved.refresh_from_db()
    assert (saved.status, saved.version, saved.pressed) == ("draft", 2, 0)


def test_a_story_never_public_can_be_deleted_and_its_move_stays(desk_of, editor, saved, clock):
    desk_of(editor).post(f"/admin/articles/article/{saved.pk}/delete/", {"post": "yes"})
    assert not Article.objects.exists()
    assert Move.objects.filter(article=saved.pk, verb="discard", by=editor.pk).exists()


def test_a_story_that_was_public_cannot_be_deleted(desk_of, managing_editor, published, clock):
    article = published()
    answer = desk_of(managing_editor).post(
        f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"}
    )
    assert answer.status_code == 403
    assert Article.objects.filter(pk=article.pk).exists()


def test_tags_differing_in_capitals_only_are_one_tag(desk_of, reporter, typed, clock):
    desk = desk_of(reporter)
    desk.post(ADD, typed(headline="One", tags="Élan Vital"))
    desk.post(ADD, typed(headline="Two", tags="élan vital"))
    assert Tag.objects.count() == 1


def test_create_by_a_program_needs_no_person(write):
    assert write("By Import", by=PROGRAM).created_by is None
