"""The table's verbs: the buttons a person may press, the form of each, and one POST, one verb."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import tasks
from articles.admin import open_forms, pages, receipts
from articles.desk import overview, revisions, rights, verb_forms
from articles.desk.overview import Overview
from articles.desk.verb_forms import VerbForm
from articles.models import Article
from articles.moments import moment_of, on_own_clock
from articles.states import RULES, VERBS, DeskStatus

# What is decided about a text: what is typed is saved first, and the verb done to that.
OF_THE_TEXT = ("submit", "withdraw", "send_back", "approve", "publish", "schedule")
_TAKES_AWAY = ("hold", "unpublish", "take_down", "erase")
_ICONS = {
    "submit": "send",
    "withdraw": "back",
    "send_back": "back",
    "approve": "check",
    "publish": "send",
    "schedule": "clock",
    "set_end": "clock",
    "embargo": "lock",
    "break_embargo": "lock",
    "hold": "lock",
    "lift_hold": "lock",
    "unpublish": "eye",
    "take_down": "receipt",
    "restore": "undo",
    "erase": "x",
}


@dataclass(frozen=True)
class Choice:
    """A verb that a person may do now, as a button or a line shows it."""

    name: str
    label: str
    address: str  # the page that asks what the verb needs to know
    saves_first: bool  # a button of the story's form: what is typed is saved, then the verb done
    icon: str


@require_http_methods(["GET", "HEAD", "POST"])
def verb_view(request: HttpRequest, article: Article, verb: str) -> HttpResponse:
    """Show a verb's form; on POST do the verb, or show what is wrong and what was typed."""
    if verb not in verb_forms.FORMS:
        raise Http404
    seen = overview.overview(article, moment_of(request))
    if request.method == "POST":
        return _posted(request, verb, seen)
    if verb not in overview.verbs(seen, request.user):
        messages.warning(request, _("This cannot be done to the story as it stands now."))
        return pages.to_story(article)
    start = _start_of(request, seen) if verb in verb_forms.ON_A_VERSION else None
    return _page(request, seen, verb_forms.FORMS[verb](overview=seen, start=start), 200)


def _posted(request: HttpRequest, verb: str, seen: Overview) -> HttpResponse:
    article = seen.article
    form = verb_forms.FORMS[verb](request.POST, overview=seen)
    is_read = form.is_valid()
    shown = receipts.surfaces_before(article, verb, moment_of(request))
    if is_read and done(request, form, article):
        fresh = _say_done(request, form, article)
        return receipts.give(request, fresh, shown) if shown else pages.to_story(article)
    status = 403 if form.has_error(NON_FIELD_ERRORS, "denied") else 409 if is_read else 422
    return _page(request, seen, form, status)


def then(request: HttpRequest, article: Article, verb: str) -> HttpResponse:
    """Do one of OF_THE_TEXT to a story that was saved this moment.

    What needs no question is done; anything else, and what was refused, leads to the verb's page.
    """
    fresh = Article.objects.select_related("section").get(pk=article.pk)
    seen = overview.overview(fresh, moment_of(request))
    form = verb_forms.FORMS[verb](overview=seen)
    if not form.is_plain:
        return HttpResponseRedirect(_address(verb, fresh))
    # The text that was just saved, and not what a colleague may have saved a moment after it.
    told = {"seen": fresh.pressed, "revision": article.version}
    form = verb_forms.FORMS[verb](told, overview=seen)
    if form.is_valid() and done(request, form, fresh):
        _say_done(request, form, fresh)
        return pages.to_story(fresh)
    for sentence in form.non_field_errors():
        messages.error(request, str(sentence))
    # Where it can be overridden, its page asks with which reason.
    may = verb in overview.verbs(seen, request.user)
    return HttpResponseRedirect(_address(verb, fresh)) if may else pages.to_story(fresh)


def _start_of(request: HttpRequest, seen: Overview) -> Any:
    """The start of the scheduled version that the address names; the first one's otherwise."""
    named = [row for row in seen.pending if row.starts_at.isoformat() == request.GET.get("start")]
    return (named or seen.pending)[0].starts_at


def _page(request: HttpRequest, seen: Overview, form: VerbForm, status: int) -> HttpResponse:
    form.ask_only_what_is_for(request.user)
    return pages.show(
        request, "verb.html", seen.article, title=form.label, status=status, overview=seen,
        form=form, moment_words=open_forms.moment_words(),
        is_bad=form.verb in _TAKES_AWAY,
        checks=form.checks,
    )  # fmt: skip


def _say_done(request: HttpRequest, form: VerbForm, article: Article) -> Article:
    fresh = Article.objects.select_related("section").get(pk=article.pk)
    seen = overview.overview(fresh, moment_of(request))
    said = {"verb": form.label, "words": seen.words}
    messages.success(request, _("%(verb)s: done. It is %(words)s now.") % said)
    if form.verb in ("publish", "schedule") and form.checks and form.checks.findings:
        advice = [finding.sentence for finding in form.checks.findings]
        messages.warning(request, " ".join([_("It went with this advice:"), *advice]))
    return fresh


def done(request: HttpRequest, form: VerbForm, article: Article) -> bool:
    """Whether the verb was done; what forbade it is put into the form."""
    try:
        form.do(article.pk, by=request.user, now=moment_of(request))
    except revisions.Stale:
        form.add_error(None, _stale(form, article))
    except ValidationError as refused:
        form.add_error(None, refused)
    except PermissionDenied as refused:
        form.add_error(None, ValidationError(str(refused), code="denied"))
    else:
        tasks.mail_soon()
        tasks.hub_soon()
        return True
    return False


def _stale(form: VerbForm, article: Article) -> str:
    """What came between: the press counts its verbs, a step on the desk names a text."""
    if RULES[form.verb].is_press:
        return pages.stale_sentence(article)
    return _("The story was saved again while you had this open. Look, then decide.")


# --- What a person may do, for the story's form --------------------------------------------------


def panel(seen: Overview, request: HttpRequest) -> dict[str, Any]:
    """The verbs that a person may do now: the main one, those beside it, and all others."""
    names = [n for n in overview.verbs(seen, request.user) if n not in verb_forms.ON_A_VERSION]
    may_edit = rights.may_edit(request.user, seen.article)
    choices = {name: _choice(name, seen, may_edit=may_edit) for name in names}
    main = choices.pop(_main(names, seen), None)
    beside = [choices.pop(name) for name in ("submit", "withdraw", "send_back") if name in choices]
    return {
        "main": main,
        "beside": beside,
        "others": [c for name, c in choices.items() if name not in _TAKES_AWAY],
        "bad": [c for name, c in choices.items() if name in _TAKES_AWAY],
        "scheduled": [_scheduled(row, seen, request) for row in seen.pending],
    }


def first_choices(by: Any) -> dict[str, Any]:
    """The verbs that a person may do to a story that is not saved yet."""
    names = [n for n in ("publish", "submit") if by.has_perm(VERBS[n].permission)]
    choices = [
        Choice(name, str(VERBS[name].label), "", saves_first=True, icon=_ICONS[name])
        for name in names
    ]
    return {"main": choices[0] if choices else None, "beside": choices[1:]}


def _main(names: list[str], seen: Overview) -> str:
    """The verb that comes next in a story's life: the blue button."""
    article = seen.article
    waits = article.section.four_eyes and article.status != DeskStatus.READY
    order = ("approve", "submit") if waits else ("approve", "publish", "submit", "restore")
    return next((name for name in order if name in names), "")


def _choice(name: str, seen: Overview, *, may_edit: bool) -> Choice:
    form = verb_forms.FORMS[name](overview=seen)
    label = str(form.label) if form.is_plain else f"{form.label}…"
    saves_first = may_edit and name in OF_THE_TEXT
    return Choice(name, label, _address(name, seen.article), saves_first, _ICONS[name])


def _address(name: str, article: Article) -> str:
    return reverse("admin:articles_article_verb", kwargs={"pk": article.pk, "verb": name})


def _scheduled(row: Any, seen: Overview, request: HttpRequest) -> dict[str, Any]:
    may = overview.verbs(seen, request.user)
    names = [n for n in verb_forms.ON_A_VERSION if n in may]
    if row.revision == seen.article.version and "update_scheduled" in names:
        names.remove("update_scheduled")
    start = urlencode({"start": row.starts_at.isoformat()})
    return {
        "publication": row,
        "when": overview.when(row.starts_at, seen.moment),
        "how_far": overview.how_far(row.starts_at, seen.moment),
        "own_clock": on_own_clock(row.starts_at, getattr(request.user, "time_zone", "")),
        "behind": seen.article.version - row.revision,
        "verbs": [
            {"label": f"{VERBS[n].label}…", "address": f"{_address(n, seen.article)}?{start}"}
            for n in names
        ],
    }


URLS = [pages.story_path("verb/<str:verb>/", verb_view, "verb")]
