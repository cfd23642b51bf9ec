"""A save is not lost with the session it was typed in: it waits until its typist has signed in.

Each story form carries its typist's signature. A POST that would be answered by the sign-in page,
or whose CSRF token is of an earlier sign-in, is put aside with what the person has not saved
(desk/open_forms.py); the session remembers which button was pressed. Signed in, the person is
sent to the same address, and it is saved as if the POST had come just then.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware import csrf
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.admin import open_forms, refusals
from articles.desk import open_forms as desk_forms
from articles.desk import rights
from articles.moments import moment_of

FORMS = ("articles_article_add", "articles_article_change")
SCRIPTS = ("articles_article_open", "articles_article_open_new")
SALT = "story form"
SIGNED_FOR = 30 * 24 * 3600  # seconds
KEPT = "kept_posts"  # in the session: form id → whose it is, and the button that was pressed
MOST = 20
BUTTONS = ("_save", "_continue", "_addanother")
# The request came from a page of ours, but its token is not today's: of these reasons, none is
# that another site sent it (those are told by Origin and Referer, and looked at first).
OLD_TOKEN = (csrf.REASON_NO_CSRF_COOKIE, csrf.REASON_CSRF_TOKEN_MISSING)
OLD_TOKENS = ("CSRF token from POST", "CSRF cookie")


def sign(person: Any) -> str:
    """The signature of a person (a primary key) for a form that is shown to them."""
    return signing.dumps(person, salt=SALT)


def typist_of(request: HttpRequest) -> int | None:
    """Whose form was posted, if its signature is good."""
    try:
        person = signing.loads(request.POST.get("typist", ""), salt=SALT, max_age=SIGNED_FOR)
    except signing.BadSignature:
        return None
    return person if isinstance(person, int) else None


def netted(urls: list[Any]) -> list[Any]:
    """The admin's addresses of stories, with the net under those of the story form."""
    for url in urls:
        if url.name in FORMS:
            url.callback = _netted(url.callback)
    return urls


def _netted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def caught(request: HttpRequest, object_id: str | None = None, **more: Any) -> HttpResponse:
        given = {"object_id": object_id, **more} if object_id else more
        is_in = admin.site.has_permission(request)
        if request.method == "POST" and not is_in and (typist := typist_of(request)):
            return _keep(request, typist)
        if request.method == "POST" and is_in and object_id and not _is_there(request):
            return keep_as_new(request)
        if request.method == "GET" and is_in and "kept" in request.GET:
            return _take_up(request, view, given)
        return view(request, **given)

    return caught


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a POST that failed the CSRF check: a story's is kept, where it is its typist's."""
    match = request.resolver_match
    name = match.url_name if match else None
    is_ours = reason in OLD_TOKEN or reason.startswith(OLD_TOKENS)
    typist = typist_of(request) if is_ours and name in FORMS + SCRIPTS else None
    if typist and name in FORMS:
        return _keep(request, typist)
    if name in SCRIPTS:
        return _tell_script(request, typist)
    return refusals.stale_page(request)


def _tell_script(request: HttpRequest, typist: int | None) -> HttpResponse:
    if not admin.site.has_permission(request):
        return open_forms.refusal(_("You are signed out."), signed_out=True)
    if typist == request.user.pk:
        # No other site can read this answer, as it could not read the page with the token.
        return open_forms.refusal(_("You signed in again."), token=csrf.get_token(request))
    return open_forms.refusal(
        _("You are signed in as %(who)s now. Sign in again as who typed this.")
        % {"who": request.user}
    )


def _keep(request: HttpRequest, typist: int) -> HttpResponse:
    """Put a POST aside for its typist, and lead to where it is saved."""
    form = _put_aside(request, _story(request), typist)
    button = next((name for name in BUTTONS if name in request.POST), BUTTONS[0])
    others = [item for item in request.session.get(KEPT, {}).items() if item[0] != form]
    kept = {"typist": typist, "button": button, "put_back": open_forms.put_back_in(request)}
    request.session[KEPT] = dict([(form, kept), *others][:MOST])
    there = f"{request.path}?{urlencode({'kept': form})}"
    if admin.site.has_permission(request):
        return HttpResponseRedirect(there)
    return redirect_to_login(there, reverse("admin:login"))


def _is_there(request: HttpRequest) -> bool:
    story = _story(request)
    return story is not None and rights.stories_for(request.user).filter(pk=story).exists()


def keep_as_new(request: HttpRequest) -> HttpResponse:
    """Put aside what was typed into a story that was deleted, or went out of the person's reach."""
    _put_aside(request, None, request.user.pk)
    return _to_new(request)


def _to_new(request: HttpRequest) -> HttpResponse:
    messages.warning(
        request, _("The story is not there any more. What you typed is kept, for a new one.")
    )
    return HttpResponseRedirect(open_forms.story_form(None))


def _put_aside(request: HttpRequest, story: int | None, typist: Any) -> str:
    form = open_forms.form_of(request)
    desk_forms.rescue(
        story,
        open_forms.typed_in(request),
        form=form,
        seen=open_forms.seen_in(request),
        typist=typist,
        now=moment_of(request),
        instead_of=open_forms.put_back_in(request),
    )
    return form


def _story(request: HttpRequest) -> int | None:
    key = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
    return int(key) if key and key.isdecimal() and len(key) < 19 else None


def _take_up(
    request: HttpRequest, view: Callable[..., HttpResponse], given: dict[str, Any]
) -> HttpResponse:
    """Save what was kept, as if its POST had come just now; once, whatever comes of it."""
    form, all_kept = request.GET["kept"], request.session.get(KEPT, {})
    kept = all_kept.get(form)
    if kept is None:
        return view(request, **given)
    request.session[KEPT] = {key: value for key, value in all_kept.items() if key != form}
    if kept["typist"] != request.user.pk:
        messages.warning(request, _not_yours(kept["typist"], request))
        return HttpResponseRedirect(request.path)
    typed = desk_forms.text_of(_story(request), form=form, by=request.user)
    if typed is None:  # the story is gone, or the text was saved or thrown away meanwhile
        as_new = desk_forms.text_of(None, form=form, by=request.user)
        return _to_new(request) if as_new else HttpResponseRedirect(request.path)
    posted: Any = request.POST.copy()  # of a GET: empty; and read now, not over what is put there
    for name, value in typed.fields.items():
        posted.setlist(name, value if isinstance(value, list) else [value])
    posted.setlist("put_back", kept["put_back"])
    posted.update({"seen": str(typed.seen), "form_id": form, kept["button"]: "1"})
    request.method, request.POST = "POST", posted
    request.META["QUERY_STRING"] = ""  # the admin would lead to this very address again
    return view(request, **given)


def _not_yours(typist: int, request: HttpRequest) -> str:
    person = get_user_model()._default_manager.filter(pk=typist).first()
    return _(
        "%(typist)s’s text was not saved, as you are signed in as %(who)s. It is kept: "
        "%(typist)s finds it at the top of this form."
    ) % {"typist": person, "who": request.user}
