"""Notes on a story, posted to the admin: who may write and resolve them, and whom they mention."""

from datetime import timedelta
from uuid import UUID

import pytest

from accounts.models import User
from articles.models import Article, Move, Note, Notice
from tests.conftest import NOW
from tests.desk.pressing import do
from tests.desk.telling import colleague, note

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(clock):
    """Every note is written at NOW."""


@pytest.fixture
def ada(world):
    return colleague("Ada Moss", "Reporter", world)


@pytest.fixture
def bo(world):
    return colleague("Bo Lind", "Editor", world)


def address(story):
    return f"/admin/articles/article/{story.pk}/notes/"


def resolve(story, number):
    return f"{address(story)}{number}/resolve/"


def said(answer):
    return answer.content.decode()


def errors(answer):
    return str(answer.context["form"].errors.get("text", ""))


def test_a_note_stands_on_the_storys_page_for_every_colleague_who_may_open_it(
    desk_of, ada, bo, write
):
    story = write()
    answer = note(bo, story, "Who measured this?\r\nThe port says two metres.")
    kept = Note.objects.get()
    assert answer["Location"] == f"{address(story)}#note-{kept.pk}"
    assert (kept.by, kept.by_name, kept.at) == (bo, "Bo Lind", NOW)
    assert kept.text == "Who measured this?\nThe port says two metres."
    page = said(desk_of(ada).get(address(story)))
    assert "Who measured this?" in page
    assert "Bo Lind" in page


@pytest.mark.parametrize(
    "text",
    [
        "@ada.moss, please look",
        "Please look, @Ada.Moss.",
        "(@ada.moss@newsroom.example)",
        "See @ADA.MOSS@Newsroom.Example.",
        "@ada.moss’s figures are old",
        "@ada.moss's figures, @ada.moss@newsroom.example",
    ],
)
def test_a_mention_reaches_the_colleague_once(ada, bo, write, text):
    story = write()
    assert note(bo, story, text).status_code == 302
    told = Notice.objects.get()
    assert (told.person, told.reason, told.by_name) == (ada, "mentioned", "Bo Lind")
    assert (told.article_id, told.at, told.read_at) == (story.pk, NOW, None)


@pytest.mark.parametrize(
    "text",
    ["Ask ada.moss@newsroom.example", "Two @ 5 euros", "meet @ noon", "x@ada.moss"],
)
def test_an_address_in_a_sentence_and_a_lone_at_mention_nobody(ada, bo, write, text):
    assert note(bo, write(), text).status_code == 302
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("@ada.mos look", "@ada.mos.", "@ada.moss"),
        ("@ada look", "@ada.", "@ada.moss"),
        ("@moss.ada@newsroom.example", "@moss.ada@newsroom.example.", "put a space after the @"),
        ("as @port_varda wrote", "@port_varda.", "put a space after the @"),
    ],
)
def test_a_mention_of_nobody_is_refused_with_who_may_be_meant_and_keeps_the_text(
    ada, bo, write, text, name, says
):
    answer = note(bo, write(), text)
    assert answer.status_code == 422
    assert name.rstrip(".") in errors(answer)
    assert says in errors(answer)
    assert text in said(answer)
    assert not Note.objects.exists()


def test_who_may_be_meant_is_never_somebody_who_may_not_open_the_story(bo, national, write):
    colleague("Ada Moss", "Reporter", national)
    assert "@ada.moss" not in errors(note(bo, write(), "@ada.mos"))


def test_two_colleagues_of_one_name_are_told_apart_by_the_whole_address(ada, bo, write):
    other = colleague("Ada Moss", email="ada.moss@agency.example")
    story = write()
    refused = errors(note(bo, story, "@ada.moss"))
    assert "@ada.moss@newsroom.example" in refused
    assert "@ada.moss@agency.example" in refused
    assert note(bo, story, "@ada.moss@agency.example").status_code == 302
    assert Notice.objects.get().person == other


def test_a_colleague_who_left_makes_no_name_ambiguous(ada, bo, write):
    colleague("Ada Moss", email="ada.moss@old.example", is_active=False)
    assert note(bo, write(), "@ada.moss").status_code == 302
    assert Notice.objects.get().person == ada


@pytest.mark.parametrize("why", ["another section", "inactive", "no desk", "no role"])
def test_a_mention_of_who_may_not_open_the_story_is_refused_and_nobody_is_told(
    ada, bo, national, write, why
):
    change = {
        "another section": lambda: ada.sections_worked_for.update(section=national),
        "inactive": lambda: User.objects.filter(pk=ada.pk).update(is_active=False),
        "no desk": lambda: User.objects.filter(pk=ada.pk).update(is_staff=False),
        "no role": ada.groups.clear,
    }
    story = write()
    change[why]()
    answer = note(bo, story, "@ada.moss")
    assert answer.status_code == 422
    assert "Ada Moss (ada.moss@newsroom.example)" in errors(answer)
    assert not Note.objects.exists()
    assert not Notice.objects.exists()


def test_somebodys_own_story_is_theirs_in_every_section(ada, bo, national, write):
    story = write(by=ada)
    ada.sections_worked_for.update(section=national)
    assert note(bo, story, "@ada.moss").status_code == 302
    assert Notice.objects.get().person == ada


def test_who_mentions_themselves_is_not_told(ada, write):
    assert note(ada, write(), "@ada.moss").status_code == 302
    assert not Notice.objects.exists()


def test_a_person_of_another_section_finds_no_notes_writes_none_and_resolves_none(
    desk_of, bo, national, write
):
    stranger = colleague("Cy Vane", "Publisher", national)
    story = write()
    note(bo, story, "Not for everybody")
    desk, number = desk_of(stranger), Note.objects.get().pk
    answers = [desk.get(address(story)), desk.post(address(story), {"text": "Hello"})]
    answers.append(desk.post(resolve(story, number)))
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert Note.objects.get().resolved_at is None


def test_a_note_is_resolved_by_a_colleague_and_stays_below(desk_of, ada, bo, write):
    story = write()
    note(bo, story, "Who measured this?")
    desk, number = desk_of(ada), Note.objects.get().pk
    assert desk.post(resolve(story, number)).status_code == 302
    page = desk.get(address(story))
    assert [line["note"].pk for line in page.context["resolved"]] == [number]
    assert not page.context["open"]
    assert "Resolved by Ada Moss" in said(page)


def test_who_resolves_second_is_told_who_was_first(desk_of, ada, bo, write, clock):
    story = write()
    note(bo, story, "Who measured this?")
    number = Note.objects.get().pk
    desk_of(ada).post(resolve(story, number))
    clock.shift(timedelta(minutes=5))
    answer = desk_of(bo).post(resolve(story, number), follow=True)
    assert "Ada Moss resolved this note on 19 Jun 2026, 12:00." in said(answer)
    assert Note.objects.get().resolved_at == NOW


def test_a_note_is_resolved_by_a_post_at_its_own_story_only(desk_of, bo, write):
    story, other = write(), write("Other")
    note(bo, story, "Who measured this?")
    desk, number = desk_of(bo), Note.objects.get().pk
    assert desk.get(resolve(story, number)).status_code == 405
    assert desk.post(resolve(other, number)).status_code == 404
    assert Note.objects.get().resolved_at is None


def test_a_second_click_writes_no_second_note_and_tells_nobody_twice(ada, bo, write):
    story = write()
    for _click in range(2):
        assert note(bo, story, "@ada.moss please look").status_code == 302
    assert (Note.objects.count(), Notice.objects.count()) == (1, 1)


def test_nothing_is_noted_on_an_erased_story_and_its_notes_are_gone(desk_of, bo, write):
    story = write()
    note(bo, story, "A name that must go")
    do("erase", story, reason="By law", authority="Court of Tarnmouth, 4 K 12")
    answer = note(bo, story, "The name again")
    assert answer.status_code == 422
    assert "erased by law" in said(answer)
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "required"), (" \n ", "required"), ("One\x01two", "U+0001"), ("x" * 2001, "2,000")],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(bo, write, text, says):
    answer = note(bo, write(), text)
    assert answer.status_code == 422
    assert says in errors(answer)
    assert not Note.objects.exists()


@pytest.mark.parametrize("text", ["<b>bold</b> & “quoted”", "הערה לעורכים", "Überprüfen 🛟 港口"])
def test_any_script_is_kept_as_typed_and_no_markup_is_made_of_it(desk_of, bo, write, text):
    story = write()
    note(bo, story, text)
    assert Note.objects.get().text == text
    assert "<b>bold" not in said(desk_of(bo).get(address(story)))


def test_a_note_is_no_change_of_the_story(bo, write):
    story = write()
    before = Article.objects.filter(pk=story.pk).values().get()
    note(bo, story, "Who measured this?")
    assert Article.objects.filter(pk=story.pk).values().get() == before
    assert list(Move.objects.values_list("verb", flat=True)) == ["create"]


def test_readers_never_see_a_note(client, bo, published):
    story = published()
    note(bo, story, "Who measured this?")
    assert "Who measured this?" not in said(client.get("/world/harbour-opens/"))


def test_the_page_lists_whom_one_can_mention_and_nobody_else(desk_of, ada, bo, national, write):
    colleague("Ada Moss", email="ada.moss@agency.example")
    colleague("Cy Vane", "Publisher", national)
    colleague("Di Orr", is_active=False)
    people = desk_of(bo).get(address(write())).context["colleagues"]
    assert [person.handle for person in people] == [
        "ada.moss@newsroom.example", "ada.moss@agency.example", "bo.lind",
    ]  # fmt: skip


def test_the_page_takes_as_many_queries_for_many_notes_and_people_as_for_one(
    desk_of, bo, write, django_assert_num_queries
):
    story = write()
    desk = desk_of(bo)
    note(bo, story, "One")
    desk.get(address(story))
    for number in range(20):
        note(bo, story, f"Note {number}")
        colleague(f"Person {number}")
    with django_assert_num_queries(9):
        desk.get(address(story))


def test_resolved_notes_are_paged_and_no_number_is_guessed_from_nonsense(desk_of, bo, write):
    story = write()
    rows = [
        Note(article=story, text=f"{n}", by_name="Bo", at=NOW, resolved_at=NOW) for n in range(150)
    ]
    Note.objects.bulk_create(rows)
    desk = desk_of(bo)
    first = desk.get(address(story)).context
    assert [line["note"].text for line in first["resolved"]][:2] == ["149", "148"]
    second = desk.get(f"{address(story)}?before={first['older']}").context
    assert [line["note"].text for line in second["resolved"]][-1] == "0"
    assert len(first["resolved"]) + len(second["resolved"]) == 150
    assert second["older"] is None
    for nonsense in ("x", "-1", "9" * 40):
        assert desk.get(f"{address(story)}?before={nonsense}").status_code == 404


def test_a_refused_note_still_knows_where_it_was_written_and_the_text_typed_beside_it(
    desk_of, bo, write
):
    typed = str(UUID(int=5))
    posted = {"text": " ", "from": "story", "typed": typed}
    answer = desk_of(bo).post(address(write()), posted)
    assert answer.status_code == 422
    assert '<input type="hidden" name="from" value="story">' in said(answer)
    assert f'<input type="hidden" name="typed" value="{typed}">' in said(answer)
    assert f"/change/?typed={typed}" in said(answer)
