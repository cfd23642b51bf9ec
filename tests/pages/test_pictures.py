"""The bytes of a picture: who gets them, until when, and what an answer may be kept for."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from articles import proofs
from articles.desk import pictures
from articles.models import ListKind, ListRow, Rendition
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, MICROSECOND, do

pytestmark = pytest.mark.django_db

NEVER = f"/pictures/{'0' * 32}.webp"
SECOND = timedelta(seconds=1)


@pytest.fixture
def picture(add_picture, clock):
    return add_picture(make=True)


@pytest.fixture
def shown(picture, published):
    """A picture that a public story shows."""
    story = published("Tides Rise")
    show(picture, story)
    return picture


def show(picture, story, **interval):
    kept = {"starts_at": NOW - 2 * HOUR, "first_published_at": NOW - 2 * HOUR, **interval}
    ListRow.objects.create(kind=ListKind.PICTURE, what=picture.pk, story=story, **kept)


def file(picture, **which):
    return picture.renditions.filter(**which).order_by("pk").first()


def bytes_of(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def stand(answer):
    return answer.status_code, sorted(answer.headers.items()), bytes_of(answer)


@pytest.mark.parametrize("format_", ["avif", "webp", "jpeg"])
def test_a_picture_of_a_public_story_is_handed_out_as_what_it_is(client, shown, format_):
    rendition = file(shown, format=format_)
    answer = client.get(rendition.get_absolute_url())
    assert answer.status_code == 200
    assert answer["Content-Type"] == f"image/{format_}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=60"
    assert "Vary" not in answer
    content = bytes_of(answer)
    assert int(answer["Content-Length"]) == len(content) == rendition.bytes
    assert not answer["ETag"].startswith("W/")


def test_head_says_the_same_without_the_bytes_and_who_has_them_is_told_so(client, shown):
    path = file(shown).get_absolute_url()
    whole, head = client.get(path), client.head(path)
    assert bytes_of(head) == b""
    for name in ("Content-Length", "ETag", "Content-Type"):
        assert head[name] == whole[name]
    again = client.get(path, headers={"If-None-Match": whole["ETag"]})
    assert (again.status_code, bytes_of(again)) == (304, b"")
    assert again["Cache-Control"] == whole["Cache-Control"]
    assert client.post(path).status_code == 405


def test_what_no_public_story_shows_is_answered_as_a_name_that_never_was(
    client, picture, published, write
):
    never = stand(client.get(NEVER))
    path = file(picture).get_absolute_url()
    assert never[0] == 404
    assert stand(client.get(path)) == never
    draft = write("A Draft")
    show(picture, draft, starts_at=NOW + HOUR, first_published_at=NOW + HOUR)
    assert stand(client.get(path)) == never
    ended = published("Ended")
    show(picture, ended, ends_at=NOW)
    assert stand(client.get(path)) == never
    known = client.get(path, headers={"If-None-Match": "*"})
    assert known.status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x",
        "%00",
        "..%2f..%2fsettings.py",
        "0" * 32,
        f"{'0' * 32}.svg",
        f"{'A' * 32}.jpg",
        "é.jpg",
    ],
)
def test_odd_names_are_no_pictures(client, name):
    assert client.get(f"/pictures/{name}").status_code == 404


def test_a_withdrawn_picture_is_answered_so_at_once_whoever_asks(client, shown):
    rendition = file(shown)
    proof = proofs.address(rendition.name)
    assert client.get(proof).status_code == 200
    pictures.withdraw(shown.pk, reason="The agency asked", by=PROGRAM, now=NOW)
    never = stand(client.get(NEVER))
    assert stand(client.get(rendition.get_absolute_url())) == never
    assert stand(client.get(proof)) == never
    pictures.restore(shown.pk, reason="It was ours", by=PROGRAM, now=NOW)
    assert client.get(rendition.get_absolute_url()).status_code == 200


def test_a_picture_leaves_at_the_end_of_its_licence_and_is_kept_no_longer(client, shown, clock):
    shown.ends_at = NOW + HOUR
    pictures.save(shown, by=PROGRAM, now=NOW)
    path = file(shown).get_absolute_url()
    clock.move_to(NOW + HOUR - 7 * SECOND)
    assert client.get(path)["Cache-Control"] == "public, max-age=7"
    clock.move_to(NOW + HOUR - MICROSECOND)
    assert client.get(path)["Cache-Control"] == "public, max-age=0"
    clock.move_to(NOW + HOUR)
    assert client.get(path).status_code == 404


def test_a_proof_opens_what_is_not_public_for_an_hour_and_one_file_only(client, picture, clock):
    first, other = picture.renditions.all()[:2]
    proof = proofs.address(first.name)
    answer = client.get(proof)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert client.get(proof.replace(first.name, other.name)).status_code == 404
    assert client.get(f"{first.get_absolute_url()}?proof=x:y").status_code == 404
    assert client.get(f"{first.get_absolute_url()}?proof=%00").status_code == 404
    clock.move_to(NOW + HOUR + SECOND)
    assert client.get(proof).status_code == 404


def test_behind_nginx_it_hands_over_where_the_file_lies_and_no_byte(client, shown, monkeypatch):
    monkeypatch.setattr(settings, "X_ACCEL_PREFIX", "/stored/")
    rendition = file(shown)
    answer = client.get(rendition.get_absolute_url())
    assert answer["X-Accel-Redirect"] == f"/stored/{rendition.file}"
    assert answer["Content-Type"] == f"image/{rendition.format}"
    assert answer.content == b""
    assert client.get(NEVER).status_code == 404


def test_a_file_that_is_lost_is_not_there(client, shown):
    rendition = file(shown)
    default_storage.delete(rendition.file)
    assert client.get(rendition.get_absolute_url()).status_code == 404


def test_it_costs_two_queries_and_no_session(client, shown, django_assert_num_queries):
    path = file(shown).get_absolute_url()
    with django_assert_num_queries(2):
        client.get(path)
    with django_assert_num_queries(0):
        client.get("/pictures/x.jpg")


def test_as_of_a_moment_a_story_taken_down_since_gives_its_picture_to_who_may_take_down(
    shown, published, publisher, managing_editor, desk_of, clock
):
    story = ListRow.objects.get(kind=ListKind.PICTURE).story
    path = file(shown).get_absolute_url()
    do("take_down", story, how="gone", reason="Wrong", authority="A court")
    ListRow.objects.filter(kind=ListKind.PICTURE).update(ends_at=NOW)
    for person, status in ((publisher, 404), (managing_editor, 200)):
        desk = desk_of(person)
        desk.post("/admin/as-of/", {"moment": (NOW - HOUR).isoformat()})
        answer = desk.get(path)
        assert answer.status_code == status, person
        if status == 200:
            assert answer["Cache-Control"] == "no-store, private"


def test_nothing_of_a_file_stands_in_its_address(picture):
    for rendition in Rendition.objects.all():
        assert rendition.name not in rendition.file
    assert len(set(Rendition.objects.values_list("name", flat=True))) == Rendition.objects.count()
