"""Old addresses by a file: looked at first, written when somebody says so, and out again."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import edition
from articles.desk import redirect_uploads, redirects
from articles.desk.redirect_targets import goal_of
from articles.desk.revisions import Stale
from articles.models import Move, Redirect
from articles.wire import redirect_files
from articles.wire.redirect_files import Line
from tests.conftest import NOW, PROGRAM
from tests.desk.redirects_room import ROOM, STORY, TARGETS, add, confirm, listed, said, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def no_uploads():
    """What tests leave in the folder that they share."""
    yield
    if default_storage.exists("redirects"):
        for name in default_storage.listdir("redirects")[1]:
            redirect_uploads.drop(f"redirects/{name}")


@pytest.fixture
def desk(desk_of, managing_editor):
    return desk_of(managing_editor)


@pytest.fixture
def story(published):
    return published("Harbour Opens")


# --- Files ----------------------------------------------------------------------------------------


def test_a_file_is_shown_first_and_written_when_somebody_says_so(desk, client, story):
    add(desk, "/same", STORY)
    add(desk, "/changes", "gone")
    before = edition.read()
    answer = upload(
        desk, f"from,to\n/new,{STORY}\n/same/,{STORY}\n/changes,{STORY}\n/new/,{STORY}\n"
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 new old address" in page
    assert "1 that leads elsewhere than now" in page
    assert "2 as they are already" in page
    assert listed() == {"/same": "story", "/changes": "gone"}
    assert confirm(desk, answer)["Location"] == ROOM
    assert listed() == {"/same": "story", "/changes": "story", "/new": "story"}
    assert client.get("/new/")["Location"] == STORY
    move = Move.objects.get(verb="import_redirects")
    assert (move.subject, move.details) == ("old.csv", {"new": 1, "changed": 1, "same": 2})
    assert edition.read().number == before.number + 1
    assert default_storage.listdir("redirects")[1] == []


def test_with_one_fault_nothing_is_taken_and_every_fault_has_its_line(desk, story):
    answer = upload(
        desk,
        f'from,to\n/a,{STORY}\n,{STORY}\n\n/b,/nowhere/\n/c,"/x\ny"\n/a,gone\n/d,/e\n/e,/d\n/f,<b>\n',
    )
    assert answer.status_code == 422
    assert [line for line, _says in answer.context["faults"]] == [3, 5, 6, 8, 9, 10, 11]
    page = answer.content.decode()
    assert "Line 3: <bdi>Say the old address.</bdi>" in page
    assert "Line 5: <bdi>Nothing stands at “/nowhere/” on this site.</bdi>" in page
    assert "Line 8: <bdi>Line 2 says otherwise of the same old address.</bdi>" in page
    assert "/d → /e → /d" in page
    assert not Redirect.objects.exists()


def test_more_faults_than_can_be_read_are_counted(desk):
    answer = upload(desk, "from,to\n" + "/a,/nowhere/\n" + "x,gone\n" * 150)
    assert len(answer.context["faults"]) == 100
    assert "And 51 more lines." in answer.content.decode()


def test_chains_lead_to_their_end_in_any_order_and_no_longer_than_ten(story):
    chain = "".join(f"/c{n},/c{n + 1}/\n" for n in range(9))
    assert said(f"from,to\n{chain}/c9,{STORY}\n") == []
    plan = redirects.plan(
        redirect_files.read(f"from,to\n{chain}/c9,{STORY}\n".encode().splitlines(keepends=True))
    )
    assert {end.what for end in plan.rows.values()} == {story.pk}
    longer = "".join(f"/c{n},/c{n + 1}/\n" for n in range(10))
    assert said(f"from,to\n{longer}/c10,{STORY}\n") == [
        (2, "It leads over more than ten other old addresses.")
    ]
    assert [line for line, _ in said("from,to\n/a,/b\n/b,/c\n/c,/b\n")] == [2, 3, 4]


def test_a_live_page_is_meant_before_an_old_address_of_the_same_words(story):
    Redirect.objects.create(source="/world", kind="gone")
    plan = redirects.plan([Line(2, "/a", "/world/")])
    assert plan.rows["/a"].kind == "section"


HEADERS = {
    "from,to\n/a,gone": "",
    "\ufefffrom,to\r\n/a,gone\r\n": "",
    "from;to\n/a;gone": "",
    "From\tTo\n/a\tgone": "",
    '"source","target","regex","code","type","hits","title","status"\n'
    '"/a","https://x.example/",0,301,"url",5,"A ""title""","active"': "",
    "source,target,regex,code\n/a,,0,410": "",
    "to,hits,from\ngone,3,/a": "",
    "Old URL,New URL\n/a,gone": "",
    "from,to\r/a,gone\r": "",
    "from,to\n\n/a,gone\n,,\n": "",
    "/a,gone": "name the columns",
    "": "name the columns",
    "from\n/a": "name the columns",
    "from,to\n/a,\udcff": "not UTF-8",
    "source,target,regex,code\n^/a(.*),/b,1,301": "a pattern",
    "source,target,code\n/a,/b,404": "The code 404",
    "source,target,status\n/a,gone,disabled": "switched off",
    f'from,to\n/a,"{"x" * 140_000}': "quotation mark",
}


@pytest.mark.parametrize(
    ("content", "sentence"), HEADERS.items(), ids=map(ascii, range(len(HEADERS)))
)
def test_files_of_spreadsheets_and_of_other_systems_are_read(desk, content, sentence):
    answer = upload(desk, content.encode("utf-8", "surrogateescape"))
    if not content:
        assert answer.status_code == 422
        return
    if sentence:
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    else:
        assert (answer.status_code, answer.context["plan"].new) == (200, 1), answer.context[
            "faults"
        ]


def test_a_file_that_is_too_large_is_refused_with_a_sentence(desk, monkeypatch):
    monkeypatch.setattr(redirect_files, "MOST_BYTES", 1_000_000)
    assert "larger than 1 MB" in upload(desk, b"x" * 1_000_001).content.decode()
    monkeypatch.setattr(redirect_files, "MOST_LINES", 3)
    assert said("from,to\n" + "/a,gone\n" * 3) == []
    assert said("from,to\n" + "/a,gone\n" * 4) == [(5, redirect_files.too_many())]


def test_what_changed_after_a_file_was_shown_is_shown_again(desk, story):
    answer = upload(desk, f"from,to\n/a,{STORY}\n/b,gone\n")
    add(desk, "/a", "gone")
    again = confirm(desk, answer)
    assert again.status_code == 200
    assert "Something changed meanwhile" in again.content.decode()
    assert (again.context["plan"].new, again.context["plan"].changed) == (1, 1)
    assert listed() == {"/a": "gone"}
    assert confirm(desk, again)["Location"] == ROOM
    assert listed() == {"/a": "story", "/b": "gone"}
    # A second time, from a tab that was left open: the file is gone with the import.
    assert confirm(desk, again)["Location"] == f"{ROOM}import/"


def test_a_file_is_imported_by_who_uploaded_it_and_within_an_hour(
    desk, desk_of, administrator, clock, story
):
    answer = upload(desk, f"from,to\n/a,{STORY}\n")
    assert confirm(desk_of(administrator), answer).status_code == 403
    tampered = {"shown": answer.context["shown"][:-2] + "xx"}
    assert desk.post(f"{ROOM}import/", tampered)["Location"] == f"{ROOM}import/"
    clock.shift(timedelta(hours=2))
    assert confirm(desk, answer)["Location"] == f"{ROOM}import/"
    assert not Redirect.objects.exists()


def test_what_nobody_said_yes_to_is_kept_for_a_day(desk, clock, monkeypatch, story):
    upload(desk, f"from,to\n/a,{STORY}\n")
    [left] = default_storage.listdir("redirects")[1]
    monkeypatch.setattr(
        type(default_storage._wrapped), "get_modified_time", lambda *_: NOW - timedelta(hours=25)
    )
    upload(desk, f"from,to\n/b,{STORY}\n")
    [kept] = default_storage.listdir("redirects")[1]
    assert kept != left


def test_an_import_writes_all_or_nothing_and_not_over_another(story, monkeypatch):
    plan = redirects.plan([Line(2, "/a", STORY)])
    redirects.save(Redirect(), "/x", "gone", by=PROGRAM, now=NOW)
    known = {"by": PROGRAM, "now": NOW, "name": "x"}
    with pytest.raises(Stale):
        redirects.write(plan, **known)
    with pytest.raises(ValidationError):
        redirects.write(redirects.plan([Line(2, "/a", "")]), **known)
    plan = redirects.plan([Line(2, "/a", STORY)])
    monkeypatch.setattr(redirects.audit, "record", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        redirects.write(plan, **known)
    assert listed() == {"/x": "gone"}


def test_what_is_exported_can_be_imported_and_changes_nothing(desk, published, author, topic):
    published("Harbour Opens", authors=[author.pk], tags=[topic.pk])
    for number, target in enumerate(TARGETS):
        assert add(desk, f"/old/é{number}?p=1", target).status_code == 302
    Redirect.objects.create(source="/lost", kind="story", what=987654)
    answer = desk.get(f"{ROOM}export/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"from,to\r\n")
    assert b"/lost" not in content
    again = upload(desk, content).context["plan"]
    assert (again.new, again.changed, again.same) == (0, 0, len(TARGETS))


# --- The command ----------------------------------------------------------------------------------


def command(path, *args):
    said = StringIO()
    call_command("import_redirects", str(path), *args, stdout=said)
    return said.getvalue()


def test_the_command_does_the_same_and_a_dry_run_nothing(tmp_path, client, story):
    file = tmp_path / "old.csv"
    file.write_text(f"\ufefffrom;to\r\n/a;{STORY}\r\n/b;gone\r\n")
    assert "Redirects: 2 new, 0 changed, 0 as they were." in command(file, "--dry-run")
    assert not Redirect.objects.exists()
    assert "dry run" not in command(file)
    assert client.get("/a/")["Location"] == STORY
    assert "0 new, 0 changed, 2 as they were" in command(file)
    assert Move.objects.filter(verb="import_redirects", by_name="import_redirects").count() == 2


def test_the_command_names_every_line_that_is_wrong(tmp_path, story):
    file = tmp_path / "old.csv"
    file.write_text(f"from,to\n/a,{STORY}\n/b,/no\x1bwhere\n/c,x\n")
    with pytest.raises(CommandError) as refused:
        command(file)
    assert f"{file}:3: There is a character" in str(refused.value)
    assert f"{file}:4: Where it leads begins with" in str(refused.value)
    assert not Redirect.objects.exists()
    with pytest.raises(CommandError, match="cannot be read"):
        command(tmp_path / "none.csv")


# --- Odd text -------------------------------------------------------------------------------------

ANY = st.text(st.characters(exclude_categories=()), max_size=40)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=ANY, target=st.one_of(ANY, ANY.map("https://".__add__), ANY.map("/".__add__)))
def test_whatever_is_typed_is_taken_or_refused_with_a_sentence(db, source, target):
    plan = redirects.plan([Line(2, f"/{source}", target), Line(3, source, "gone")])
    assert all(says for _line, says in plan.faults)
    for end in plan.rows.values():
        assert end.kind in ("url", "gone", "path")
        assert end.address.isascii()
        assert end.address.isprintable()
        assert end.kind != "path" or end.address[:1] == "/" != end.address[1:2]


@settings(deadline=None)
@given(ANY)
def test_a_target_elsewhere_is_always_an_address_that_a_header_can_hold(typed):
    try:
        goal = goal_of(f"https://{typed}")
    except ValidationError:
        return
    assert getattr(goal, "address", "https://").startswith("https://")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_whatever_a_file_holds_every_line_is_read_or_refused(db, content):
    for head in (b"", b"from,to\n"):
        plan = redirects.plan(redirect_files.read((head + content).splitlines(keepends=True)))
        assert all(line >= 1 and says for line, says in plan.faults)
