"""The fronts' room: what stands where on the home page and on each section's, and why; what is
being arranged, shown or scheduled; and the breaking banner."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles.admin import open_forms, pages
from articles.desk import fronts, overview, rights
from articles.desk.front_forms import BannerForm, FrontForm
from articles.desk.revisions import Stale
from articles.models import Banner, Pin, Publication, Section
from articles.models.front import HOME
from articles.moments import moment_of
from articles.pages import fronts as pages_fronts
from articles.pages import views

_widget = partial(AutocompleteSelect, admin_site=admin.site)
_STANDING_LONG = fronts.STANDS_LONG


@dataclass(frozen=True)
class Slot:
    """One place of a front as readers see it: which story, and why that one."""

    story: Publication
    why: str
    is_old: bool = False  # it stands where a person put it for long


@require_http_methods(["GET", "HEAD", "POST"])
def front_view(request: HttpRequest, slug: str = "") -> HttpResponse:
    """A front: of a section, or the home page. A POST names what is done with what was typed."""
    section = _section(slug)
    rights.require(request.user, "articles.change_front", [section] if section else [])
    front = fronts.front(section)
    form = FrontForm(request.POST or None, front=front, widget=_widget)
    if form.is_valid():
        if "_see" in request.POST:
            return _seen(request, section, form)
        if _done(request, section, form):
            return HttpResponseRedirect(request.path)
    return _room(request, slug, section, form, BannerForm(widget=_widget))


@require_POST
def banner_view(request: HttpRequest) -> HttpResponse:
    """Put the banner up, or take it off."""
    if "_off" in request.POST:
        fronts.take_banner_off(by=request.user, now=moment_of(request))
        messages.success(request, _("No banner stands above the pages."))
        return HttpResponseRedirect(reverse("front"))
    rights.require(request.user, "articles.change_front")
    form = BannerForm(request.POST, widget=_widget)
    if form.is_valid():
        story = form.cleaned_data["story"]
        try:
            fronts.show_banner(
                form.cleaned_data["words"], story and story.pk, until=form.cleaned_data["until"],
                by=request.user, now=moment_of(request),
            )  # fmt: skip
        except ValidationError as refused:
            pages.refuse(form, refused)
        else:
            messages.success(request, _("The banner stands above every page."))
            return HttpResponseRedirect(reverse("front"))
    front = FrontForm(front=fronts.front(HOME), widget=_widget)
    return _room(request, "", HOME, front, form)


def _section(slug: str) -> int:
    if not slug:
        return HOME
    found = Section.objects.filter(slug=slug, retired=False).first()
    if found is None:
        raise Http404
    return found.pk


def _done(request: HttpRequest, section: int, form: FrontForm) -> bool:
    """Whether what the pressed button stands for was done; else the form says why not."""
    known: dict[str, Any] = {"by": request.user, "seen": form.cleaned_data["seen"]}
    known["now"] = moment_of(request)
    puts, at = form.arrangement(), form.cleaned_data["at"]
    if "_schedule" in request.POST and at is None:
        form.add_error("at", _("Say from when readers are to see it."))
        return False
    verbs: dict[str, tuple[Callable[[], None], str]] = {
        "_cancel": (partial(fronts.cancel, section, **known), _("Nothing is scheduled any more.")),
        "_publish": (
            partial(fronts.publish, section, puts, **known), _("Readers see this front now."),
        ),
        "_schedule": (
            partial(fronts.publish, section, puts, at=at, **known), _("The front is scheduled."),
        ),
        "_save": (partial(fronts.save, section, puts, **known), _("Kept. Readers see no change.")),
    }  # fmt: skip
    verb, said = next((verbs[name] for name in verbs if name in request.POST), verbs["_save"])
    try:
        verb()
    except Stale:
        form.add_error(None, _("Somebody arranged this front meanwhile. Load the page again."))
        return False
    except ValidationError as refused:
        pages.refuse(form, refused)
        return False
    messages.success(request, said)
    return True


def _seen(request: HttpRequest, section: int, form: FrontForm) -> HttpResponse:
    """The page as readers would get it; nothing is written."""
    pins = {place: put.story for place, put in enumerate(form.arrangement()) if put}
    page = (
        views.home_page(request, pins)
        if section == HOME
        else views.section_page(request, Section.objects.get(pk=section), pins)
    )
    page["Cache-Control"] = "no-store"
    page["X-Robots-Tag"] = "noindex"
    return page


def _room(
    request: HttpRequest, slug: str, section: int, form: FrontForm, banner: BannerForm
) -> HttpResponse:
    t = moment_of(request)
    begins = fronts.coming(section, t)
    context = {
        **admin.site.each_context(request),
        "title": _("Fronts"),
        "fronts": _fronts(slug),
        "form": form,
        "slots": _slots(section, t),
        "begins": begins and overview.when(begins, t),
        "banner": banner,
        "breaking": Banner.objects.at(t).first(),
        "media": form.media + banner.media,
        "moment_words": open_forms.moment_words(),
    }
    status = 422 if form.is_bound or banner.is_bound else 200
    return TemplateResponse(request, "admin/fronts.html", context, status=status)


def _fronts(slug: str) -> list[tuple[str, str, bool]]:
    """Every front: its address, what it is called, and whether it is this one."""
    sections = Section.objects.filter(retired=False).values_list("slug", "name")
    return [
        (reverse("front"), _("Home"), not slug),
        *((reverse("front", args=[own]), name, own == slug) for own, name in sections),
    ]


def _slots(section: int, t: datetime) -> list[Slot]:
    """What readers see in each place at t, and why."""
    pins = {pin.story_id: pin for pin in fronts.standing(section, t) if pin}
    return [_slot(story, pins.get(story.article_id), t) for story in _shown(section, t)]


def _shown(section: int, t: datetime) -> list[Publication]:
    pins = pages_fronts.pinned(section, t)
    if section == HOME:
        return pages_fronts.home(pins, t).top
    return pages_fronts.top_of_section(pins, section, t)


def _slot(story: Publication, pin: Pin | None, t: datetime) -> Slot:
    if pin is None:
        return Slot(story, _("By rule: the newest that stands nowhere else on this front."))
    said = {"who": pin.by_name, "since": overview.when(pin.starts_at, t)}
    if pin.ends_at:
        said["until"] = overview.when(pin.ends_at, t)
        why = _("Put here by %(who)s, %(since)s, until %(until)s.") % said
    else:
        why = _("Put here by %(who)s, %(since)s, with no end.") % said
    return Slot(story, why, is_old=t - pin.starts_at > _STANDING_LONG)


URLS = [
    path("admin/front/", admin.site.admin_view(front_view), name="front"),
    path("admin/front/banner/", admin.site.admin_view(banner_view), name="front_banner"),
    path("admin/front/<slug:slug>/", admin.site.admin_view(front_view), name="front"),
]
