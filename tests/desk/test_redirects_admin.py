"""The redirects' room: who may enter it, and what is done there one by one."""

import pytest
from django.core.exceptions import PermissionDenied

from articles import edition
from articles.desk import redirects, taxonomy
from articles.models import Move, Redirect, Tag
from articles.wire.redirect_files import Line
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, rewrite
from tests.desk.redirects_room import ROOM, STORY, TARGETS, add, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def desk(desk_of, managing_editor):
    return desk_of(managing_editor)


@pytest.fixture
def story(published):
    return published("Harbour Opens")


# --- Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "may"),
    [("reporter", 0), ("publisher", 0), ("managing_editor", 1), ("administrator", 1)],
)
def test_who_may_enter_the_room_does_all_that_is_done_in_it(request, desk_of, story, role, may):
    person = request.getfixturevalue(role)
    desk = desk_of(person)
    row = Redirect.objects.create(source="/old", kind="gone")
    for page in ("", "add/", "import/", "export/", f"{row.pk}/change/", f"{row.pk}/delete/"):
        assert desk.get(f"{ROOM}{page}").status_code == (200 if may else 403), page
    assert (ROOM in desk.get("/admin/shortcuts/").content.decode()) == bool(may)
    assert add(desk, "/a", STORY).status_code == (302 if may else 403)
    if not may:
        known = {"by": person, "now": NOW}
        for verb, args in (
            (redirects.save, (Redirect(), "/b", "gone")), (redirects.delete, (row,)),
            (redirects.write, (redirects.plan([Line(2, "/c", "gone")]),)),
        ):  # fmt: skip
            more = {"name": "x"} if verb is redirects.write else {}
            with pytest.raises(PermissionDenied):
                verb(*args, **known, **more)
        assert listed() == {"/old": "gone"}


# --- One by one -----------------------------------------------------------------------------------


def test_one_is_added_changed_and_deleted_and_each_is_in_the_audit(desk, client, story):
    before = edition.read()
    assert add(desk, "https://old.example/2019/05/harbour/", STORY).status_code == 302
    row = Redirect.objects.get()
    assert (row.source, row.kind, row.what) == ("/2019/05/harbour", "story", story.pk)
    assert row.by_name == "Managing editor"
    assert client.get("/2019/05/harbour/")["Location"] == STORY
    assert edition.read().number == before.number + 1
    page = desk.get(f"{ROOM}{row.pk}/change/").content.decode()
    assert 'value="/2019/05/harbour"' in page
    assert f'value="{STORY}"' in page
    desk.post(f"{ROOM}{row.pk}/change/", {"source": "/2019/05/harbour", "target": "gone"})
    assert client.get("/2019/05/harbour/").status_code == 410
    assert edition.read().withdrawals == before.withdrawals + 1
    desk.post(f"{ROOM}{row.pk}/delete/", {"post": "yes"})
    assert client.get("/2019/05/harbour/").status_code == 404
    verbs = Move.objects.filter(verb__endswith="redirect").order_by("pk")
    assert [move.verb for move in verbs] == ["add_redirect", "change_redirect", "delete_redirect"]
    assert verbs[1].details["was"]["what"] == story.pk
    audit = desk.get("/admin/articles/move/").content.decode()
    assert "let an old address lead somewhere" in audit


@pytest.mark.parametrize(("typed", "end"), TARGETS.items(), ids=TARGETS)
def test_what_stands_on_this_site_is_kept_by_its_identity(
    desk, published, author, topic, typed, end
):
    published("Harbour Opens", authors=[author.pk], tags=[topic.pk])
    assert add(desk, "/old", typed).status_code == 302
    row = Redirect.objects.get()
    assert (row.kind, row.address) == end
    assert (row.what is not None) == (row.kind in ("story", "section", "author", "tag"))


REFUSED_TARGETS = {
    "": "This field is required",
    "harbour": "begins with",
    "javascript:alert(1)": "begins with",
    "ftp://files.example/": "begins with",
    "//evil.example/": "begins with",
    "https://": "begins with",
    "https://[bad/": "begins with",
    "https://x:99999/": "begins with",
    "/\\evil.example": "no address holds",
    "https://evil.example\\@good.example/": "no address holds",
    "https://good.example/\r\nSet-Cookie: x": "no address holds",
    "/world/a b": "no address holds",
    "/x\x00y": "Null characters",
    "https://user:pass@good.example/": "name or password",
    "https://-/": "no address of a site",
    f"/{'x' * 3000}": "longer than 2,000",
    "/nowhere/at-all/": "Nothing stands at “/nowhere/at-all/”",
    "/tag/none/": "Nothing stands",
    "/admin/": "Nothing stands",
    "/share/x/": "Nothing stands",
    "/static/site/site.css": "Nothing stands",
    "/pictures/x.jpg": "Nothing stands",
    "/api/stories/1/": "Nothing stands",
    "/old/": "It leads to itself",
}


@pytest.mark.parametrize("typed", REFUSED_TARGETS, ids=lambda typed: ascii(typed[:40]))
def test_where_none_can_lead_is_refused_with_a_sentence(desk, story, typed):
    answer = add(desk, "/old", typed)
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert REFUSED_TARGETS[typed] in " ".join(errors["target"])
    assert not Redirect.objects.exists()


REFUSED_SOURCES = {
    "": "This field is required",
    "/": "The front page",
    "https://old.example/?utm_source=x": "The front page",
    "2019/05/x": "begins with",
    "javascript:x": "begins with",
    "/x\r\ny": "none can hold",
    f"/{'x' * 2001}": "longer than 2,000",
    "/admin/x/": "site’s own",
    "/static/x.css": "site’s own",
    "/archive/": "site’s own",
    "/archive/2019/": "site’s own",
    "/search/?s=x": "site’s own",
    "/taken/": "on the list already",
}


@pytest.mark.parametrize("typed", REFUSED_SOURCES, ids=lambda typed: ascii(typed[:40]))
def test_what_is_no_old_address_is_refused_with_a_sentence(desk, story, typed):
    Redirect.objects.create(source="/taken", kind="gone")
    answer = add(desk, typed, STORY)
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert REFUSED_SOURCES[typed] in " ".join(errors["source"])
    assert Redirect.objects.count() == 1


def test_addresses_that_only_look_like_ours_are_taken(desk, story):
    for source in ("/archive/2019/05/some-slug/", "/archives/123.html", "/topics/foo/", "/feed/"):
        assert add(desk, source, STORY).status_code == 302, source


def test_a_draft_is_known_by_its_identity_before_it_is_public(desk, client, write):
    draft = write("Tomorrow")
    assert add(desk, "/old/tomorrow", "/world/tomorrow/").status_code == 302
    assert client.get("/old/tomorrow/").status_code == 404
    rewrite(draft, slug="tomorrow-at-last")
    do("publish", draft, revision=2)
    assert client.get("/old/tomorrow/")["Location"] == "/world/tomorrow-at-last/"


def test_a_former_address_means_its_story(desk, client, story):
    do("publish", story, revision=rewrite(story, slug="at-last"))
    assert add(desk, "/old", STORY).status_code == 302
    assert Redirect.objects.get().what == story.pk
    page = desk.get(f"{ROOM}?q=old").content.decode()
    assert "/world/at-last/" in page


def test_a_merged_tag_takes_its_old_addresses_along(desk, client, published, topic):
    heir = Tag.objects.create(name="Harbours", slug="harbours")
    published(tags=[topic.pk])
    add(desk, "/old/ports", "/tag/ports/")
    taxonomy.merge_tag(topic.pk, heir.pk, reason="Twice", by=PROGRAM, now=NOW)
    assert client.get("/old/ports/")["Location"] == "/tag/harbours/"
    add(desk, "/old/ports-too", "/tag/ports/")
    assert Redirect.objects.get(source="/old/ports-too").what == heir.pk


def test_an_old_address_that_leads_to_another_leads_where_that_one_does(desk, client, story):
    add(desk, "/b", STORY)
    add(desk, "/a", "/b/")
    assert Redirect.objects.get(source="/a").what == story.pk
    Redirect.objects.filter(source="/b").delete()
    assert client.get("/a/")["Location"] == STORY


def test_the_list_finds_by_either_address_as_it_was_copied(desk, story):
    rows = {"/2019/05/caf%C3%A9": STORY, "/2020/other": "https://shop.example/x"}
    for source, target in rows.items():
        add(desk, source, target)
    for typed, found in (
        ("https://old.example/2019/05/café/", ["/2019/05/café"]),
        ("caf%C3%A9", ["/2019/05/café"]), ("café", ["/2019/05/café"]),
        ("shop.example", ["/2020/other"]), (str(story.pk), ["/2019/05/café"]),
        ("nowhere", []), ("%", []), ("\x00", ["/2020/other", "/2019/05/café"]),
    ):  # fmt: skip
        lines = desk.get(ROOM, {"q": typed}).context["lines"]
        assert [line.source for line in lines][: len(found) or None] == found, typed


def test_the_list_says_what_was_deleted_and_costs_the_same_for_many(
    desk, story, author, django_assert_max_num_queries
):
    add(desk, "/lost", STORY)
    Redirect.objects.update(what=987654)
    for number in range(60):
        Redirect.objects.create(source=f"/{number}", kind="author", what=author.pk)
    with django_assert_max_num_queries(16):
        assert author.get_absolute_url() in desk.get(ROOM).content.decode()
    assert "What it led to was deleted." in desk.get(f"{ROOM}?q=lost").content.decode()
