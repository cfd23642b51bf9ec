"""A newsroom with something in every room of the desk, and the address of every room."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib.auth.models import Group
from django.urls import get_resolver, reverse

from articles.desk import (
    notes,
    pictures,
    planning,
    receipts,
    redirects,
    together,
    workflow,
)  # fmt: skip
from articles.desk.receipts import Answer, Asked
from articles.desk.revisions import Values
from articles.models import (
    Article,
    Author,
    Image,
    Move,
    Publication,
    Receipt,
    Redirect,
    Revision,
    RevisionKind,
    Section,
    SectionMember,
    Tag,
)  # fmt: skip
from articles.states import VERBS
from tests import files
from tests.conftest import NOW, person
from tests.desk.list_page import tick_of
from tests.desk.pressing import do, rewrite

HOUR = timedelta(hours=1)
BODY = (
    "<p>The harbour opened on Tuesday, and <a href='https://example.org/tides'>the tide</a> "
    "came in.</p><h2>What next</h2><ul><li>One</li><li>Two</li></ul>"
    '<figure class="pull"><blockquote><p>“It opened.”</p></blockquote>'
    "<figcaption>Ilse Hartmann</figcaption></figure><p>And so on.</p>"
)
LONG = "W" * 250
# Of the admin, and no page that a person reads: answers to scripts, and doors that take a POST.
NO_PAGES = {
    "index", "front_banner", "articles_article_receipts", "articles_article_plan", "budget_add",
    "logout", "jsi18n", "autocomplete", "view_on_site", "read_all", "read",
    "articles_article_open", "articles_article_open_new", "articles_article_throw_away",
    "articles_article_throw_away_new", "articles_article_restore_revision",
    "articles_article_resolve_note", "articles_article_revoke_share", "articles_article_next",
    "articles_article_save_filter", "articles_article_delete_filter", "articles_article_look",
    "articles_article_look_new", "articles_article_suggest", "articles_article_suggest_new",
    # Readers' own page in a frame, and what nobody may do: a Move is added, changed or deleted
    # by none, a person is not deleted.
    "articles_image_pick", "articles_image_thumb",
    "articles_redirect_export",
    "articles_article_proof", "articles_move_add", "articles_move_delete", "accounts_user_delete",
}  # fmt: skip


def everybody():
    """Somebody who may enter every room."""
    chief = person("Managing editor", display_name="Mara Aziz", email="mara@newsroom.example")
    chief.groups.add(Group.objects.get(name="Administrator"))
    return chief


def furnish(chief, write, published):
    """Stories in every state, with notes, plans, a conflict, a receipt, and an inbox."""
    jun = person("Reporter", display_name="Jun Park", email="jun@newsroom.example")
    ilse = Author.objects.create(name="Ilse Hartmann", slug="ilse-hartmann", user=chief)
    ports = Tag.objects.create(name="Ports", slug="ports")
    tides = published("Tides Rise", authors=[ilse.pk], tags=[ports.pk])
    live = published("Harbour Opens", body=BODY, authors=[ilse.pk], tags=[ports.pk])
    rewrite(live, standfirst="After eleven years of talks.", also_read=[tides.pk])
    do("schedule", live, revision=2, at=NOW + 5 * HOUR, change="update")
    do("publish", tides, revision=rewrite(tides, standfirst="High water."), change="update")
    in_review = write("Ferry Cuts Evening Sailings", by=jun, body=BODY)
    workflow.take("submit", in_review.pk, by=jun, now=NOW - HOUR)
    notes.add(in_review.pk, "See page 14, @mara.", by=jun, now=NOW - HOUR)
    plan = {"slugline": "FERRY", "due_at": NOW + 2 * HOUR, "assignee_id": chief.pk, "length": 500}
    planning.plan(in_review.pk, plan, by=chief, now=NOW - HOUR)
    _two_texts(write("Two Texts", body=BODY), chief)
    down = published("Withdrawn Report")
    do("take_down", down, how="gone", reason="Wrong", authority="The editor", by=chief)
    home = Asked("Home", "/", is_own=False, tells=False)
    kept = receipts.ask(down, Move.objects.filter(verb="take_down").get().pk, [home], now=NOW)
    receipts.record(kept.pk, {home.path: Answer(fault=receipts.TIMEOUT)}, now=NOW)
    SectionMember.objects.create(user=jun, section=Section.objects.get(slug="world"))
    for model in (Section, Author, Tag):  # that nothing names: they can be deleted
        model.objects.create(name="Unused", slug="unused")
    _pictures(chief)
    for source, target in (
        ("/2019/05/harbour/", "/world/harbour-opens/"), ("/?p=" + "1" * 300, "gone"),
        ("/日本/äöü/", "https://shop.example/" + "x" * 300),
    ):  # fmt: skip
        redirects.save(Redirect(), source, target, by=chief, now=NOW - HOUR)
    do("hold", write("Held Back"), reason="A court asked", by=chief)
    do("embargo", write("Not Before Noon"), until=NOW + 9 * HOUR, by=chief)
    write("A Draft", body=BODY)
    # No space to break at, and words that run the other way.
    rewrite(published(LONG, tags=[ports.pk]), standfirst="x" * 300)
    write("افتتح الميناء يوم الثلاثاء.", standfirst="بعد أحد عشر عاما.", body="<p>نعم.</p>")


def _pictures(chief):
    """Pictures that can be shown, that end, that have no words yet, and one that is withdrawn."""
    known = {"by": chief, "now": NOW - HOUR}
    for alt, credit in (
        ("A lock at high water", "Lena Voss"),
        ("w" * 250, "x" * 120),
        ("Ends", ""),
    ):
        picture = pictures.add(files.photo(), **known)
        picture.alt, picture.credit = alt, credit
        picture.ends_at = NOW + HOUR if alt == "Ends" else None
        pictures.save(picture, **known)
    pictures.add(files.photo(900, 1400), **known)
    withdrawn = pictures.add(files.photo(), **known)
    pictures.withdraw(withdrawn.pk, reason="The agency asked", **known)


def _two_texts(story, chief):
    """A text of the chief's that waits beside a colleague's."""
    rewrite(story, standfirst="High water.")
    typed = Values(story.headline, story.section_id, standfirst="A storm.", body=story.body)
    together.save(story.pk, typed, by=chief, seen=1, now=NOW)


def story(headline):
    return Article.objects.get(headline=headline)


def addresses():
    """The address of every room, by a name that says which; some rooms have several."""
    return {**_desk(), **_of_stories(), **_records()}


def _desk():
    plain = ("my_desk", "as_of", "inbox:list", "inbox:choices", "calendar", "budget", "front")
    admin = ("password_change", "password_change_done")
    found = {name: reverse(name) for name in (*plain, "shortcuts")}
    found |= {name: reverse(f"admin:{name}") for name in admin}
    found["app_list"] = reverse("admin:app_list", args=["articles"])
    found["calendar week"] = f"{reverse('calendar')}?week={NOW:%G-W%V}"
    ferry = story("Ferry Cuts Evening Sailings")
    due = {"story": ferry.pk, "what": "due", "start": ferry.due_at.isoformat()}
    found["calendar_move"] = f"{reverse('calendar_move')}?{urlencode(due)}"
    return found


def _of_stories():
    live, beside = story("Harbour Opens"), story("Two Texts")
    in_review, down = story("Ferry Cuts Evening Sailings"), story("Withdrawn Report")
    rooms = ("history", "compare", "notes", "preview", "share", "also_read", "delete")
    found = {f"articles_article_{name}": _of(f"articles_article_{name}", live) for name in rooms}
    found["articles_article_delete"] = _of("articles_article_delete", in_review)
    found["articles_article_notes"] = _of("articles_article_notes", in_review)
    found["articles_article_revision"] = _of("articles_article_revision", live, number=1)
    had = Publication.objects.filter(article=story("Tides Rise")).earliest("starts_at")
    withhold = {"version": had.pk, "verb": "withhold"}
    found["articles_article_version"] = _of("articles_article_version", had.article, **withhold)
    found["revision that readers had"] = _of(
        "articles_article_revision", had.article, number=had.revision
    )
    found["articles_article_beside"] = _beside()
    receipt = Receipt.objects.get(article=down).pk
    found["articles_article_receipt"] = _of("articles_article_receipt", down, receipt=receipt)
    stories = reverse("admin:articles_article_changelist")
    found["articles_article_changelist"] = stories
    for view in ("mine", "queue", "today", "changed"):
        found[f"list {view}"] = f"{stories}?view={view}"
    found["list nothing"] = f"{stories}?q=nowhere+to+be+found"
    found["articles_article_add"] = reverse("admin:articles_article_add")
    for which in (live, in_review, beside, down, story("Held Back"), story("Not Before Noon")):
        found[f"form {which.headline}"] = _of("articles_article_change", which)
    for which in _odd():
        for name in ("change", "history", "preview", "notes", "share", "compare"):
            found[f"{name} of {which.headline[:9]}"] = _of(f"articles_article_{name}", which)
        found[f"verb of {which.headline[:9]}"] = _of(
            "articles_article_verb", which, verb="schedule"
        )
    found["articles_article_change"] = found.pop("form Harbour Opens")
    stands = {
        "restore": down, "submit": story("A Draft"), "lift_hold": story("Held Back"),
        "break_embargo": story("Not Before Noon"),
    }  # fmt: skip
    for verb in VERBS:
        which = stands.get(verb, in_review if VERBS[verb].becomes else live)
        found[f"articles_article_verb {verb}"] = _of("articles_article_verb", which, verb=verb)
    return found


def _odd():
    return [story(LONG), story("افتتح الميناء يوم الثلاثاء.")]


def posts():
    """What else is seen: the answers to forms that were sent, most of them with something wrong.

    By a name that says which: an address, what is posted to it, and the status of the answer,
    which stands at that same address.
    """
    return {**_posts_of_many(), **_posts_of_verbs(), **_posts_of_one(), **_posts_of_records()}


def _posts_of_many():
    stories = reverse("admin:articles_article_changelist")
    waits, draft = story("Ferry Cuts Evening Sailings"), story("A Draft")
    ticked = {"_selected_action": [tick_of(one) for one in (waits, draft, story(LONG))]}
    due = {**ticked, "action": "due", "answered": "1", "due": "noon"}
    move = {"story": waits.pk, "what": "due", "to": "x"}
    return {
        "bulk send back": (stories, {**ticked, "action": "send_back"}, 200),
        "bulk publish": (stories, {**ticked, "action": "publish"}, 200),
        "bulk due, wrong": (stories, due, 422),
        "bulk with refusals": (stories, {**ticked, "action": "approve"}, 200),
        "bulk of nothing": (stories, {"action": "approve"}, 200),
        "line, wrong": (reverse("budget_add"), {"headline": "", "due_at": "noon"}, 422),
        "move, wrong": (reverse("calendar_move"), move, 422),
        "choices, wrong": (reverse("inbox:choices"), {"time_zone": "Nowhere/Land"}, 422),
        "as of, wrong": (reverse("as_of"), {"moment": "noon"}, 422),
    }


def _posts_of_verbs():
    live = story("Harbour Opens")
    seen = {"seen": live.pressed, "revision": live.version}
    publish, schedule, take_down = (
        _of("articles_article_verb", live, verb=verb)
        for verb in ("publish", "schedule", "take_down")
    )
    return {
        "publish, unsaid": (publish, seen, 409),
        "schedule, wrong": (schedule, {**seen, "at": "noon"}, 422),
        "take down, unsaid": (take_down, seen, 422),
    }


def _posts_of_one():
    live = story("Harbour Opens")
    wrong = {"headline": "", "standfirst": "x" * 2000, "body": "", "section": "", "seen": "0"}
    room, notes_of, share, plan = (
        _of(f"articles_article_{name}", live) for name in ("change", "notes", "share", "plan")
    )
    reader = {"person": "Court Of Halvern " * 5, "expires_at": "2026-06-21T12:00"}
    also_read = _of("articles_article_also_read", story("Tides Rise"))
    return {
        "new story, wrong": (reverse("admin:articles_article_add"), wrong, 200),
        "story, wrong": (room, wrong, 200),
        "note, empty": (notes_of, {"text": " "}, 422),
        "note, @nobody": (notes_of, {"text": "Look, @nobody.here"}, 422),
        "share, wrong": (share, {"person": "", "until": "noon"}, 422),
        "share, made": (share, reader, 200),
        "plan, wrong": (plan, {"length": "-1", "due_at": "noon"}, 422),
        "also read, wrong": (also_read, {}, 422),
        "join, unsaid": (_beside(), {"seen": story("Two Texts").version}, 422),
    }


def _posts_of_records():
    tag = Tag.objects.get(slug="unused").pk
    add_tag, add_section, add_person, password = (
        reverse(f"admin:{name}")
        for name in (
            "articles_tag_add", "articles_section_add", "accounts_user_add", "password_change",
        )
    )  # fmt: skip
    add_redirect = reverse("admin:articles_redirect_add")
    picture, upload = Image.objects.get(credit="Lena Voss"), reverse("admin:articles_image_add")
    return {
        "upload, nothing": (upload, {}, 422),
        "redirect, wrong": (add_redirect, {"source": "x", "target": "/nowhere/"}, 200),
        "redirects, nothing": (reverse("admin:articles_redirect_import"), {}, 422),
        "picture, wrong": (_of("articles_image_change", picture), {"alt": "", "focal_x": "x"}, 200),
        "withdraw, unsaid": (_of("articles_image_withdraw", picture), {"reason": ""}, 422),
        "tag, wrong": (add_tag, {"name": ""}, 200),
        "merge, wrong": (reverse("admin:articles_tag_merge", args=[tag]), {"reason": ""}, 422),
        "section, wrong": (add_section, {"name": "", "slug": "Not a"}, 200),
        "person, wrong": (add_person, {"email": "nobody"}, 200),
        "password, wrong": (password, {"old_password": "x"}, 200),
    }


def _beside():
    text = Revision.objects.get(article=story("Two Texts"), kind=RevisionKind.BESIDE)
    return _of("articles_article_beside", story("Two Texts"), number=text.number)


def _of_pictures():
    shown, withdrawn = Image.objects.get(credit="Lena Voss"), Image.objects.get(withheld=True)
    upright = Image.objects.get(height__gt=1200)
    found = _record("articles_image", shown.pk, "change", "history", "delete")
    found["articles_image_change upright"] = _of("articles_image_change", upright)
    found["articles_image_change withdrawn"] = _of("articles_image_change", withdrawn)
    found["articles_image_withdraw"] = _of("articles_image_withdraw", shown)
    found["articles_image_restore"] = _of("articles_image_restore", withdrawn)
    found["pictures nothing"] = f"{found['articles_image_changelist']}?q=nowhere"
    return found


def _records():
    found = _of_pictures()
    kept = {"section": Section, "author": Author, "tag": Tag, "sectionmember": SectionMember}
    for name, model in kept.items():
        row = model.objects.first() if model is SectionMember else model.objects.get(slug="unused")
        found |= _record(f"articles_{name}", row.pk, "change", "history", "delete")
    old = Redirect.objects.get(source="/2019/05/harbour").pk
    found |= _record("articles_redirect", old, "change", "history", "delete")
    found["articles_redirect_import"] = reverse("admin:articles_redirect_import")
    found["redirects nothing"] = f"{found['articles_redirect_changelist']}?q=nowhere"
    found["articles_tag_merge"] = reverse("admin:articles_tag_merge", args=[Tag.objects.first().pk])
    move = Move.objects.first().pk
    found["articles_move_changelist"] = reverse("admin:articles_move_changelist")
    found |= _record("articles_move", move, "change", "history", lists=False)
    chief = Author.objects.get(slug="ilse-hartmann").user_id
    found |= _record("accounts_user", chief, "change", "history")
    password = "auth_user_password_change"
    found[password] = reverse(f"admin:{password}", args=[chief])
    return found


def _record(name, pk, *pages, lists=True):
    found = {f"{name}_{page}": reverse(f"admin:{name}_{page}", args=[pk]) for page in pages}
    if lists:
        found |= {
            f"{name}_{page}": reverse(f"admin:{name}_{page}") for page in ("changelist", "add")
        }
    return found


def _of(name, which, **more):
    if name.endswith(("_change", "_delete")):
        return reverse(f"admin:{name}", args=[which.pk])
    return reverse(f"admin:{name}", kwargs={"pk": which.pk, **more})


def routes(patterns=None, before=""):
    """The names of every route of the admin, but those of the packages' own records."""
    found = set()
    for route in patterns or get_resolver().url_patterns:
        path = before + str(route.pattern)
        if hasattr(route, "url_patterns"):
            found |= routes(route.url_patterns, path)
        elif path.startswith("admin/") and route.name and "dbtaskresult" not in path:
            found.add(route.name)
    return found
