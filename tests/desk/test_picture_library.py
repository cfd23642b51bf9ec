"""The picture library through the admin's door: a file is added, described, withdrawn, deleted."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from articles import edition, pixels, tasks
from articles.desk import pictures, renditions
from articles.models import Image, ListKind, ListRow, Move, Rendition
from tests import files
from tests.conftest import NOW, PROGRAM, person
from tests.desk.pressing import HOUR
from tests.ground.test_pixels import HOSTILE

pytestmark = pytest.mark.django_db

LIBRARY = "/admin/articles/image/"


@pytest.fixture
def desk(desk_of, reporter, clock):
    return desk_of(reporter)


@pytest.fixture
def editors_desk(desk_of, editor, clock):
    return desk_of(editor)


def upload(desk, content, name="DSC_0815.jpg"):
    return desk.post(f"{LIBRARY}add/", {"file": SimpleUploadedFile(name, content)})


def form_of(desk, image):
    page = desk.get(f"{LIBRARY}{image.pk}/change/")
    form = page.context["adminform"].form
    return {name: form[name].value() or "" for name in form.fields}


def change(desk, image, **said):
    return desk.post(f"{LIBRARY}{image.pk}/change/", {**form_of(desk, image), **said})


def test_a_reporter_adds_a_picture_and_finds_in_its_form_what_the_file_said(desk, reporter):
    segment = files.iptc(
        caption=b"The lock at high water.", credit=b"Lena Voss", created=b"20260618"
    )
    answer = upload(desk, files.with_segment(files.photo(), segment), "anything.png")
    image = Image.objects.get()
    assert answer["Location"] == f"{LIBRARY}{image.pk}/change/"
    form = form_of(desk, image)
    assert form["caption"] == "The lock at high water."
    assert form["credit"] == "Lena Voss"
    assert form["taken_on"] == date(2026, 6, 18)
    assert form["alt"] == ""
    assert image.starts_at == NOW
    move = Move.objects.get(verb="add_image")
    assert (move.by, move.details["id"]) == (reporter.pk, image.pk)


def test_its_smallest_size_is_there_at_once_and_the_others_are_the_workers(
    desk, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        upload(desk, files.photo())
    image = Image.objects.get()
    assert [(row.crop, row.width) for row in image.renditions.all()] == [("full", 320)]
    assert callbacks
    thumb = re.search(r'<img class="th"\s+src="([^"]+)"', desk.get(LIBRARY).content.decode())[1]
    assert desk.get(thumb).status_code == 200
    made = tasks.make_renditions.func(image.pk)
    assert image.renditions.count() == made + 1 == len(pixels.sizes(image.width, image.height))
    assert tasks.make_renditions.func(image.pk) == 0
    for row in image.renditions.all():
        assert default_storage.size(row.file) == row.bytes


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_the_door_and_leaves_nothing(desk, name):
    content, sentence = HOSTILE[name]
    answer = upload(desk, content)
    assert answer.status_code == 422
    assert re.search(sentence, answer.content.decode())
    assert not Image.objects.exists()


def test_a_form_without_a_file_asks_for_one(desk):
    assert desk.post(f"{LIBRARY}add/", {}).status_code == 422
    assert desk.post(f"{LIBRARY}add/", {"file": "words"}).status_code == 422


def test_nothing_is_used_before_it_is_described_and_the_words_pass_the_gate(desk):
    upload(desk, files.photo())
    image = Image.objects.get()
    assert change(desk, image, alt="").status_code == 200
    assert change(desk, image, alt="a\x0bb\x00").status_code == 200
    assert change(desk, image, alt="x" * 251).status_code == 200
    assert change(desk, image, alt="A lock.", focal_x=101).status_code == 200
    assert Image.objects.get().alt == ""
    assert change(desk, image, alt="A lock\n at  high water").status_code == 302
    assert Image.objects.get().alt == "A lock at high water"


def test_what_readers_could_see_moves_the_edition_and_what_they_cannot_does_not(desk, add_picture):
    image = add_picture()
    before = edition.read()
    change(desk, image, rights="One use only")
    change(desk, image)
    assert edition.read() == before
    change(desk, image, caption="The lock.")
    assert edition.read().number == before.number + 1
    assert edition.read().withdrawals == before.withdrawals
    change(desk, image, ends_at="2026-06-20T09:00")  # in the tests' newsroom
    assert edition.read().withdrawals == before.withdrawals + 1
    assert Move.objects.filter(verb="change_image").latest("pk").details["was"] == {"ends_at": None}


def test_the_end_of_a_licence_is_typed_in_the_newsrooms_zone_and_lies_ahead(desk, add_picture):
    image = add_picture()
    refused = change(desk, image, ends_at="2026-06-19T11:59")
    assert "This moment has passed" in refused.content.decode()
    change(desk, image, ends_at="2026-06-19T13:00")
    assert Image.objects.get().ends_at == NOW + HOUR
    assert form_of(desk, image)["ends_at"] == "2026-06-19T13:00"
    change(desk, image, alt="As it stands")
    assert Image.objects.get().ends_at == NOW + HOUR
    change(desk, image, ends_at="")
    assert Image.objects.get().ends_at is None


def test_another_focal_point_has_the_crops_made_anew_under_their_old_names(add_picture):
    image = add_picture(make=True)
    before = {row.name: row for row in image.renditions.all()}
    image.focal_x = 10
    pictures.save(image, by=PROGRAM, now=NOW)
    crops = [size for size in pixels.sizes(1200, 800) if size.crop != pixels.FULL]
    changed = edition.read()
    assert renditions.make(image.pk) == len(crops)
    assert edition.read().number == changed.number + 1
    after = {row.name: row for row in image.renditions.all()}
    assert after.keys() == before.keys()
    for name, row in after.items():
        assert (row.file == before[name].file) == (row.crop == pixels.FULL)


def test_files_that_nothing_names_any_more_are_deleted(
    add_picture, django_capture_on_commit_callbacks
):
    image = add_picture(make=True)
    crop = image.renditions.filter(crop=pixels.CARD).first()
    image.focal_y = 90
    with django_capture_on_commit_callbacks(execute=True):
        pictures.save(image, by=PROGRAM, now=NOW)
        renditions.make(image.pk)
    assert not default_storage.exists(crop.file)
    crop.refresh_from_db()
    assert default_storage.exists(crop.file)


def turn(desk, image, verb, reason="The agency asked for it"):
    return desk.post(f"{LIBRARY}{image.pk}/{verb}/", {"reason": reason})


def test_an_editor_withdraws_a_picture_with_a_reason_and_brings_it_back(editors_desk, add_picture):
    image, before = add_picture(), edition.read()
    assert turn(editors_desk, image, "withdraw", reason=" ").status_code == 422
    assert turn(editors_desk, image, "withdraw").status_code == 302
    assert Image.objects.get().withheld
    assert edition.read().withdrawals == before.withdrawals + 1
    assert "<image" not in editors_desk.get(f"{LIBRARY}{image.pk}/change/").content.decode()
    assert "proof=" not in editors_desk.get(LIBRARY).content.decode()
    again = turn(editors_desk, image, "withdraw")
    assert again.status_code == 422
    assert "withdrawn already" in again.content.decode()
    assert turn(editors_desk, image, "restore", reason="It was ours").status_code == 302
    assert not Image.objects.get().withheld
    assert turn(editors_desk, image, "restore").status_code == 422
    told = Move.objects.filter(verb__in=("withdraw_image", "restore_image")).order_by("pk")
    assert [move.reason for move in told] == ["The agency asked for it", "It was ours"]


def test_a_look_at_the_question_changes_nothing(editors_desk, add_picture):
    image = add_picture()
    assert editors_desk.get(f"{LIBRARY}{image.pk}/withdraw/").status_code == 200
    assert not Image.objects.get().withheld


def test_a_reporter_cannot_withdraw_and_who_keeps_people_cannot_add(
    desk, desk_of, administrator, add_picture
):
    image = add_picture()
    assert turn(desk, image, "withdraw").status_code == 403
    assert not Image.objects.get().withheld
    looking = desk_of(administrator)
    assert looking.get(LIBRARY).status_code == 200
    assert looking.get(f"{LIBRARY}{image.pk}/change/").status_code == 200
    assert upload(looking, files.photo()).status_code == 403
    assert looking.post(f"{LIBRARY}{image.pk}/change/", {"alt": "x"}).status_code == 403
    with pytest.raises(PermissionDenied):
        pictures.save(image, by=administrator, now=NOW)


def test_what_a_story_shows_or_showed_is_not_deleted(editors_desk, add_picture, published):
    shown, spare = add_picture(make=True), add_picture()
    kept = {"starts_at": NOW - HOUR, "first_published_at": NOW - HOUR, "ends_at": NOW}
    ListRow.objects.create(kind=ListKind.PICTURE, what=shown.pk, story=published(), **kept)
    for image, status in ((shown, 403), (spare, 302)):
        answer = editors_desk.post(f"{LIBRARY}{image.pk}/delete/", {"post": "yes"})
        assert answer.status_code == status
    assert list(Image.objects.all()) == [shown]
    assert not Rendition.objects.exclude(image=shown).exists()


def test_the_library_finds_a_picture_by_its_words_and_says_what_may_be_shown(desk, add_picture):
    add_picture("A lock at high water", credit="Lena Voss")
    add_picture("A market stall", caption="Onions.", ends_at=NOW + HOUR)
    add_picture("An old bridge", withheld=True)
    Image.objects.filter(alt="An old bridge").update(withheld=True)
    for query, found in (
        ("q=voss", ["A lock at high water"]),
        ("q=onions", ["A market stall"]),
        ("state=withdrawn", ["An old bridge"]),
        ("state=usable", ["A market stall", "A lock at high water"]),
        ("state=ended", []),
        ("state=blank", []),
    ):
        page = desk.get(f"{LIBRARY}?{query}")
        assert [line.image.alt for line in page.context["pictures"]] == found, query
    assert desk.get(f"{LIBRARY}?q=%00&state=%00").status_code == 200
    words = desk.get(LIBRARY).content.decode()
    assert "Ends 19 Jun 2026, 13:00" in words
    assert "Withdrawn, shown nowhere" in words


@pytest.mark.parametrize("count", [2, 9])
def test_a_page_of_the_library_asks_no_more_for_many(
    desk, add_picture, django_assert_max_num_queries, count
):
    content = files.photo()
    for number in range(count):
        add_picture(f"Number {number}", content=content)
    with django_assert_max_num_queries(10):
        desk.get(LIBRARY)


def test_a_picture_is_named_where_moves_are_read(desk, add_picture, desk_of):
    add_picture()
    chief = desk_of(person("Managing editor"))
    page = chief.get("/admin/articles/move/").content.decode()
    assert "tests added a picture." in page


def test_sizes_that_are_missing_are_made_by_a_command_and_all_of_them_anew(add_picture, capsys):
    image = add_picture(make=True)
    image.renditions.filter(format=pixels.AVIF).delete()
    lost = add_picture("Lost")
    default_storage.delete(lost.file)
    call_command("rebuild_pictures")
    said = capsys.readouterr()
    assert image.renditions.count() == len(pixels.sizes(1200, 800))
    assert f"Picture {lost.pk}" in said.err
    names = set(image.renditions.values_list("name", "file"))
    call_command("rebuild_pictures", "--all")
    again = set(image.renditions.values_list("name", "file"))
    assert {name for name, _file in names} == {name for name, _file in again}
    assert not {file for _name, file in names} & {file for _name, file in again}
