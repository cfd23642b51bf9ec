"""The story form while it is open: where its script keeps what is typed, and hears who is there."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.admin import pages
from articles.desk import open_forms, overview
from articles.desk.open_forms import FIELDS, SEVERAL, Presence, Typed
from articles.desk.revisions import Stale
from articles.models import Article
from articles.moments import moment_of, newsroom_zone

SAVED = "saved_forms"  # in the session: the forms that were saved last, and what they took up
BEGUN = "begun_stories"  # likewise: [form id, the story that it began]
REMEMBERED = 40
LONGEST_REF = 80
LONGEST_NUMBER = 18  # digits that are read
LARGEST_NUMBER = 2**31 - 1


def form_of(request: HttpRequest) -> str:
    """The id of the form that was posted; a new one for a form that tells none."""
    return _form_id(request.POST.get("form_id")) or str(uuid4())


def beside(request: HttpRequest) -> str:
    """The id of the story's form that holds text typed beside what was posted; empty for none."""
    return _form_id(request.POST.get("typed"))


def typed_in(request: HttpRequest) -> dict[str, Any]:
    """What was posted, by the names of the story form's fields."""
    posted = request.POST
    return {
        name: posted.getlist(name) if name in SEVERAL else posted.get(name, "") for name in FIELDS
    }


def seen_in(request: HttpRequest) -> int:
    """The revision that the posted form was opened on."""
    seen = request.POST.get("seen", "")[:LONGEST_NUMBER]
    return min(int(seen), LARGEST_NUMBER) if seen.isascii() and seen.isdecimal() else 0


def story_form(pk: int | None) -> str:
    """The address of a story's form, or of a new story's."""
    if pk is None:
        return reverse("admin:articles_article_add")
    return reverse("admin:articles_article_change", args=[pk])


def put_back_in(request: HttpRequest) -> list[str]:
    """The texts (their refs) that were put back into the posted form: it goes on with them."""
    return [ref[:LONGEST_REF] for ref in request.POST.getlist("put_back")[:REMEMBERED]]


def was_saved(request: HttpRequest, pk: int | None) -> None:
    """Note that the posted form of a story was saved: nobody is offered its text any more."""
    texts = [form_of(request), *put_back_in(request)]
    open_forms.forget(pk, texts=texts, by=request.user)
    request.session[SAVED] = [*texts, *request.session.get(SAVED, [])][:REMEMBERED]


def began(request: HttpRequest, pk: int) -> None:
    """Note which story the posted form began."""
    known = request.session.get(BEGUN, [])
    request.session[BEGUN] = [[form_of(request), pk], *known][:REMEMBERED]


def begun(request: HttpRequest) -> int | None:
    """The story that the posted form began already, if it is posted again."""
    form = _form_id(request.POST.get("form_id"))
    return next((pk for known, pk in request.session.get(BEGUN, []) if known == form), None)


# --- What the script asks ------------------------------------------------------------------------


def for_script(view: Callable[..., JsonResponse]) -> Callable[..., JsonResponse]:
    """A view whose every answer is JSON: a script cannot read a page that asks to sign in."""

    @require_POST
    @wraps(view)
    def answered(request: HttpRequest, pk: int | None = None) -> JsonResponse:
        if not admin.site.has_permission(request):
            return refusal(_("You are signed out."), signed_out=True)
        try:
            answer = view(request, pk)
        except PermissionDenied as refused:
            return refusal(str(refused))
        except Http404:
            return refusal(_("This story is not there any more."), status=404)
        except ValidationError as refused:
            return refusal(" ".join(refused.messages), status=422)
        except Stale:
            return refusal(_("Other tabs of yours are quicker. It is tried again."), status=409)
        add_never_cache_headers(answer)
        return answer

    return answered


def refusal(sentence: str, *, status: int = 403, **more: Any) -> JsonResponse:
    """Why something is not kept, for the script."""
    answer = JsonResponse({"error": sentence, **more}, status=status)
    add_never_cache_headers(answer)
    return answer


@for_script
def open_view(request: HttpRequest, pk: int | None) -> JsonResponse:
    """Keep what was typed so far; without a text, take it as a sign of life."""
    now, seen = moment_of(request), seen_in(request)
    if "body" not in request.POST:
        if pk is None:
            raise Http404
        return _told(open_forms.sign_of_life(pk, seen=seen, by=request.user, now=now), None)
    form = form_of(request)
    if form in request.session.get(SAVED, []):  # the save overtook this request
        return _told(Presence(), None)
    presence = open_forms.keep_typed(
        pk,
        typed_in(request),
        form=form,
        seen=seen,
        by=request.user,
        now=now,
        instead_of=put_back_in(request),
    )
    return _told(presence, time_format(now.astimezone(newsroom_zone()), "H:i"))


def _told(presence: Presence, kept_at: str | None) -> JsonResponse:
    newer = presence.newer
    told = newer and {"who": newer.who, "when": newer.at.isoformat(), "number": newer.number}
    return JsonResponse({"kept_at": kept_at, "others": presence.others, "newer": told})


@require_POST
def throw_away_view(request: HttpRequest, article: Article | None = None) -> HttpResponse:
    """Forget a text that was typed and not saved."""
    pk = article.pk if article else None
    open_forms.forget(pk, texts=[request.POST.get("text", "")], by=request.user)
    return HttpResponseRedirect(story_form(pk))


# --- What the form shows -------------------------------------------------------------------------


def put_back(request: HttpRequest, article: Article | None) -> dict[str, Any]:
    """What the form is to be filled with: the text that the address asks for (`?typed=`)."""
    form = _form_id(request.GET.get("typed"))
    if request.method != "GET" or not form:
        return {}
    typed = open_forms.text_of(article.pk if article else None, form=form, by=request.user)
    return {**typed.fields, "seen": typed.seen} if typed else {}


def panel(request: HttpRequest, article: Article | None) -> dict[str, Any]:
    """What the story form's script and notes need to know."""
    pk = article.pk if article else None
    own, saved = form_of(request), request.session.get(SAVED, [])
    texts = open_forms.unsaved(pk, by=request.user)
    notes = [_note(text, request) for text in texts if not {text.form, text.ref} & {own, *saved}]
    shown = _form_id(request.GET.get("typed")) if request.method == "GET" else ""
    there, ending = ([pk], "") if pk else ([], "_new")
    return {
        "form": own,
        "person": request.user.pk,
        "story": pk or "new",
        "fields": " ".join(FIELDS),
        "saved": " ".join(saved),
        "url": reverse(f"admin:articles_article_open{ending}", args=there),
        "throw_away": reverse(f"admin:articles_article_throw_away{ending}", args=there),
        "sign_in": reverse("admin:login"),
        "zone": newsroom_zone().key,
        "words": json.dumps(_words()),
        "notes": notes,
        "shown": shown,
        "put_back": [*put_back_in(request), *(n["ref"] for n in notes if n["form"] == shown)],
        # A form that is shown again after a POST holds what nobody has kept yet.
        "is_posted": request.method == "POST",
    }


def _note(text: Typed, request: HttpRequest) -> dict[str, str]:
    when = overview.when(text.at, moment_of(request))
    return {"form": text.form, "ref": text.ref, "when": when}


def _form_id(given: str | None) -> str:
    try:
        return str(UUID(given or ""))
    except ValueError:
        return ""


def _words() -> dict[str, str]:
    """The sentences of static/desk/story-form.js."""
    return {
        "typing": _("Typing…"),
        "kept": _("Kept {when}"),
        "offline": _("Not connected: your text is kept in this browser"),
        "unkept": _("The server cannot keep this now: your text is kept in this browser"),
        "nowhere": _("Your text is kept nowhere but in this tab. Do not close it."),
        "signed_out": _("You are signed out: your text is kept in this browser."),
        "sign_in": _("Sign in in a new tab, then go on."),
        "newer": _("{who} saved this story meanwhile: your save will be merged with it"),
        "others": _("Also open: {names}"),
        "in_browser": _("You typed this and did not save it ({when}). It is in this browser only."),
    }


def moment_words() -> str:
    """The words of static/desk/typed-moments.js: overview.how_far's, by a browser's clock."""
    return json.dumps(
        {
            "here": _("{when} on your clock"),
            "ahead": _("in {span}"),
            "ago": _("{span} ago"),
            "soon": _("in less than a minute"),
            "now": _("just now"),
            "days": _("{n} d"),
            "hours": _("{n} h"),
            "minutes": _("{n} min"),
        }
    )


URLS = [
    path("<int:pk>/open/", open_view, name="articles_article_open"),
    path("open/", open_view, name="articles_article_open_new"),
    pages.story_path("open/throw-away/", throw_away_view, "throw_away"),
    path(
        "open/throw-away/",
        admin.site.admin_view(throw_away_view),
        name="articles_article_throw_away_new",
    ),
]
