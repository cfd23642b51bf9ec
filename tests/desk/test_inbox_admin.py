"""The inbox and its choices in the admin: one's own, what each line says, and where it leads."""

import pytest

from accounts.models import User
from articles.desk import inbox
from articles.models import Notice, NoticeChoice, Reason, SectionMember
from tests.conftest import NOW
from tests.desk.pressing import do
from tests.desk.telling import HOUR, bring_about, colleague, note, post

pytestmark = pytest.mark.django_db

INBOX = "/admin/inbox/"
CHOICES = "/admin/inbox/choices/"


@pytest.fixture(autouse=True)
def _clock(clock):
    """Everything happens at NOW."""


@pytest.fixture
def ada(world):
    return colleague("Ada Moss", "Managing editor", world)


@pytest.fixture
def bo(world):
    return colleague("Bo Lind", "Managing editor", world)


@pytest.fixture
def notices(write):
    """Give a person a number of notices of one story, oldest first."""

    def notices(user, number):
        story = write("Flood")
        rows = [
            Notice(
                person=user, reason=Reason.SUBMITTED, article=story, subject=f"Flood {n}",
                by_name="Bo Lind", at=NOW, details={"verb": "submit"},
            )
            for n in range(number)
        ]  # fmt: skip
        return Notice.objects.bulk_create(rows)

    return notices


def said(answer):
    return answer.content.decode()


def lines(answer):
    return [line["sentence"] for line in answer.context["lines"]]


SENTENCES = {
    Reason.MENTIONED: "Bo Lind mentions you in a note on “Flood”: See the figures, @ada.moss.",
    Reason.SUBMITTED: "Bo Lind sent “Flood” for review.",
    Reason.SENT_BACK: "Bo Lind sent back “Flood”: The figures need a source.",
    Reason.APPROVED: "Bo Lind approved “Flood”.",
    Reason.PUBLISHED: "Bo Lind published “Flood”.",
    Reason.WITHDRAWN: "Bo Lind put “Flood” on hold: The lawyer reads.",
    Reason.CANCELLED: "Bo Lind cancelled what was scheduled of “Flood” for 19 Jun 2026, 17:00.",
    Reason.SET_BESIDE: "Your text of “Flood” waits beside a colleague’s: choose what stays.",
    Reason.EMBARGO_BROKEN: "Bo Lind broke the embargo on “Flood”, which was to last until "
    "19 Jun 2026, 17:00: It is out elsewhere.",
    Reason.ASSIGNED: "Bo Lind planned “Flood”, which is assigned to you. "
    "It is due 19 Jun 2026, 17:00.",
    Reason.RECEIPT: "“Flood” was taken off the site, but 1 page does not answer as it should.",
}


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_has_its_sentence_its_why_and_a_page_that_opens(
    desk_of, write, ada, bo, reason
):
    bring_about(reason, write, ada, bo)
    desk = desk_of(ada)
    line = desk.get(INBOX).context["lines"][0]
    assert line["sentence"] == SENTENCES[reason]
    assert line["why"].startswith("You get this because ")
    assert desk.get(line["address"]).status_code == 200


@pytest.mark.parametrize(
    ("verb", "posted", "sentence"),
    [
        ("schedule", {"at": "2026-06-20T06:00"}, "scheduled “Flood” for 20 Jun 2026, 06:00."),
        ("unpublish", {"reason": "Wrong"}, "unpublished “Flood”: Wrong"),
        (
            "take_down",
            {"reason": "Wrong", "how": "gone", "authority": "The editor"},
            "took down “Flood”: Wrong",
        ),
        ("restore", {"reason": "Right"}, "put “Flood” back on the site: Right"),
    ],
)
def test_each_verb_of_the_press_has_a_sentence_of_its_own(
    desk_of, write, ada, bo, verb, posted, sentence
):
    story = write("Flood", by=ada)
    if verb != "schedule":
        do("publish", story, revision=1)
    if verb == "restore":
        do("take_down", story, how="gone", reason="Wrong", authority="The editor")
        posted = {**posted, "change": "update"}
    post(bo, story, verb, **posted)
    assert lines(desk_of(ada).get(INBOX)) == [f"Bo Lind {sentence}"]


def test_what_went_with_a_hold_is_said_in_the_same_line(desk_of, write, ada, bo):
    story = write("Flood", by=ada)
    do("schedule", story, revision=1, at=NOW + HOUR)
    post(bo, story, "hold", reason="The lawyer reads.")
    (line,) = lines(desk_of(ada).get(INBOX))
    assert line.startswith("Bo Lind put “Flood” on hold: The lawyer reads. ")
    assert line.endswith("What was scheduled for 19 Jun 2026, 13:00 is cancelled.")


def test_a_mention_leads_to_the_note(desk_of, write, ada, bo):
    story = write()
    note(bo, story, "@ada.moss")
    line = desk_of(ada).get(INBOX).context["lines"][0]
    number = story.notes.get().pk
    assert line["address"] == f"/admin/articles/article/{story.pk}/notes/#note-{number}"


@pytest.mark.parametrize(
    ("reason", "room"), [(Reason.SET_BESIDE, "beside/3/"), (Reason.RECEIPT, "receipts/{}/")]
)
def test_a_text_set_beside_and_a_receipt_lead_to_their_own_pages(
    desk_of, write, ada, bo, reason, room
):
    story = bring_about(reason, write, ada, bo)
    line = desk_of(ada).get(INBOX).context["lines"][0]
    room = room.format(*story.receipts.values_list("pk", flat=True))
    assert line["address"] == f"/admin/articles/article/{story.pk}/{room}"


def test_the_inbox_shows_ones_own_newest_first_and_nobody_elses(desk_of, ada, bo, notices):
    notices(ada, 3)
    assert lines(desk_of(ada).get(INBOX)) == [
        f"Bo Lind sent “Flood {n}” for review." for n in (2, 1, 0)
    ]
    assert lines(desk_of(bo).get(INBOX)) == []


def test_a_headline_is_no_markup_in_the_inbox(desk_of, write, ada, bo):
    post(bo, write("<b>Flood</b>", by=ada), "submit")
    page = said(desk_of(ada).get(INBOX))
    assert "&lt;b&gt;Flood" in page
    assert "<b>Flood" not in page


def test_only_mail_does_not_stand_in_the_inbox(desk_of, ada, notices):
    notices(ada, 1)
    Notice.objects.update(in_inbox=False)
    assert lines(desk_of(ada).get(INBOX)) == []


def test_what_a_person_may_no_longer_open_is_neither_shown_nor_counted(
    desk_of, ada, national, notices
):
    notices(ada, 2)
    SectionMember.objects.filter(user=ada).update(section=national)
    page = desk_of(ada).get(INBOX)
    assert lines(page) == []
    assert "Inbox (" not in said(page)


def test_the_inbox_is_paged_from_a_notice_on(desk_of, ada, notices):
    notices(ada, inbox.PAGE + 2)
    desk = desk_of(ada)
    first = desk.get(INBOX)
    second = desk.get(f"{INBOX}?before={first.context['older']}")
    assert len(lines(first)) == inbox.PAGE
    assert lines(second) == [f"Bo Lind sent “Flood {n}” for review." for n in (1, 0)]
    assert second.context["older"] is None
    for nonsense in ("x", "-1", "9" * 40, "1.5"):
        assert desk.get(f"{INBOX}?before={nonsense}").status_code == 404


def test_done_marks_one_as_read_by_post_and_a_link_marks_nothing(desk_of, ada, notices):
    first, second = notices(ada, 2)
    desk = desk_of(ada)
    desk.get(INBOX)
    desk.get(desk.get(INBOX).context["lines"][0]["address"])
    assert desk.get(f"{INBOX}{first.pk}/read/").status_code == 405
    assert Notice.objects.filter(read_at=None).count() == 2
    assert desk.post(f"{INBOX}{first.pk}/read/")["Location"] == INBOX
    assert list(Notice.objects.filter(read_at=None)) == [second]
    assert Notice.objects.get(pk=first.pk).read_at == NOW


def test_a_second_click_on_done_keeps_the_first_moment(desk_of, ada, notices, clock):
    (only,) = notices(ada, 1)
    desk = desk_of(ada)
    desk.post(f"{INBOX}{only.pk}/read/")
    clock.shift(HOUR)
    assert desk.post(f"{INBOX}{only.pk}/read/").status_code == 302
    assert Notice.objects.get().read_at == NOW


def test_nobody_marks_what_is_somebody_elses(desk_of, ada, bo, notices):
    (only,) = notices(ada, 1)
    desk = desk_of(bo)
    assert desk.post(f"{INBOX}{only.pk}/read/").status_code == 404
    assert desk.post(f"{INBOX}read/", {"newest": only.pk}).status_code == 302
    assert Notice.objects.get().read_at is None


def test_all_done_marks_what_was_looked_at_and_not_what_came_since(desk_of, ada, notices):
    notices(ada, 2)
    desk = desk_of(ada)
    newest = desk.get(INBOX).context["newest"]
    (since,) = notices(ada, 1)
    desk.post(f"{INBOX}read/", {"newest": newest})
    assert list(Notice.objects.filter(read_at=None)) == [since]
    assert desk.post(f"{INBOX}read/").status_code == 404


@pytest.mark.parametrize(("number", "words"), [(0, None), (3, "3"), (120, "99+")])
def test_every_page_of_the_desk_says_how_many_are_unread(desk_of, ada, notices, number, words):
    notices(ada, number)
    desk = desk_of(ada)
    for page in ("/admin/", "/admin/articles/article/", INBOX):
        text = said(desk.get(page))
        assert f'href="{INBOX}"' in text
        assert (f'hot">{words}<' in text) if words else ("unread</span>" not in text)


def test_the_count_takes_one_query_whatever_the_number(
    desk_of, ada, notices, django_assert_max_num_queries
):
    notices(ada, 50)
    user = User.objects.get(pk=ada.pk)
    inbox.unread(user)  # which also reads, once a request, the person's rights and sections
    with django_assert_max_num_queries(1):
        assert inbox.unread(user) == 50


def test_the_page_takes_as_many_queries_for_many_notices_as_for_one(
    desk_of, ada, notices, django_assert_num_queries
):
    notices(ada, 1)
    desk = desk_of(ada)
    desk.get(INBOX)
    notices(ada, 40)
    with django_assert_num_queries(6):
        desk.get(INBOX)


def test_who_is_not_signed_in_or_not_of_the_desk_is_sent_to_sign_in(client, desk_of, ada):
    User.objects.filter(pk=ada.pk).update(is_staff=False)
    for browser in (client, desk_of(ada)):
        for page in (INBOX, CHOICES):
            assert browser.get(page)["Location"] == f"/admin/login/?next={page}"
        assert browser.post(CHOICES, {"time_zone": "UTC"}).status_code == 302
    assert "Inbox" not in said(client.get("/admin/login/"))
    assert not NoticeChoice.objects.exists()


# --- Choices -------------------------------------------------------------------------------------


def ticked(*but, **more):
    """What the form posts with every box ticked but some."""
    boxes = {f"{way}_{reason}": "on" for way in ("inbox", "mail") for reason in Reason}
    return {name: value for name, value in boxes.items() if name not in but} | more


def test_a_person_chooses_for_themselves_and_takes_it_back(desk_of, ada, bo):
    desk = desk_of(ada)
    answer = desk.post(CHOICES, ticked("mail_submitted", "mail_approved", "inbox_approved"))
    assert answer["Location"] == CHOICES
    rows = NoticeChoice.objects.order_by("reason").values_list(
        "person", "reason", "in_inbox", "by_mail"
    )
    assert list(rows) == [(ada.pk, "approved", False, False), (ada.pk, "submitted", True, False)]
    form = desk.get(CHOICES).context["form"]
    assert form["mail_submitted"].value() is False
    assert form["inbox_submitted"].value() is True
    desk.post(CHOICES, ticked())
    assert not NoticeChoice.objects.exists()


def test_a_persons_own_time_zone_is_kept_and_an_unknown_one_refused(desk_of, ada, bo):
    desk = desk_of(ada)
    desk.post(CHOICES, ticked(time_zone=" Europe/Berlin "))
    answer = desk.post(CHOICES, ticked("mail_approved", time_zone="Mars/Olympus"))
    assert answer.status_code == 422
    assert "There is no such time zone" in said(answer)
    assert 'value="Mars/Olympus"' in said(answer)
    assert User.objects.get(pk=ada.pk).time_zone == "Europe/Berlin"
    assert User.objects.get(pk=bo.pk).time_zone == ""
    assert not NoticeChoice.objects.exists()
    desk.post(CHOICES, ticked(time_zone=""))
    assert User.objects.get(pk=ada.pk).time_zone == ""


def test_nothing_posted_chooses_for_somebody_else_or_raises_rights(desk_of, ada, bo):
    desk_of(ada).post(
        CHOICES, ticked("mail_approved", person=bo.pk, by=bo.pk, is_superuser="on", email="x@y.zz")
    )
    assert set(NoticeChoice.objects.values_list("person", flat=True)) == {ada.pk}
    saved = User.objects.get(pk=ada.pk)
    assert (saved.is_superuser, saved.email) == (False, "ada.moss@newsroom.example")
