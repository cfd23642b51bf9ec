"""The picture library in the admin: what there is, a file that is added, what is said of it, and
its withdrawal. Pictures are added, described, withdrawn and deleted by the desk's verbs only."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import tasks
from articles.admin.pages import refuse
from articles.admin.paging import BoundedPaginator
from articles.desk import picture_lines, pictures, rights
from articles.desk.picture_forms import PictureForm, UploadForm, WithdrawForm
from articles.models import Image
from articles.moments import moment_of

_HERE = "admin/articles/image"
_VERBS = {"withdraw": pictures.withdraw, "restore": pictures.restore}


class Standing(admin.SimpleListFilter):
    """Whether a picture can be shown."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            ("usable", _("usable")),
            ("blank", _("no description")),
            ("ended", _("licence ended")),
            ("withdrawn", _("withdrawn")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        t = moment_of(request)
        wanted = {
            "usable": Q(withheld=False) & ~Q(alt="") & (Q(ends_at=None) | Q(ends_at__gt=t)),
            "blank": Q(alt=""),
            "ended": Q(ends_at__lte=t),
            "withdrawn": Q(withheld=True),
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    form = PictureForm
    list_display = ("alt",)
    list_filter = (Standing,)
    search_fields = ("alt", "caption", "credit")
    list_per_page = 24
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    paginator = BoundedPaginator
    actions = None
    fields = pictures.FIELDS

    def get_urls(self) -> Any:
        inside = self.admin_site.admin_view
        turn, pick = inside(self.turn_view), inside(self.pick_view)
        thumb = inside(self.thumb_view)
        turns = [
            path(f"<int:pk>/{verb}/", turn, {"verb": verb}, name=f"articles_image_{verb}")
            for verb in _VERBS
        ]
        return [
            *turns,
            path("pick/", pick, name="articles_image_pick"),
            path("<int:pk>/thumb/", thumb, name="articles_image_thumb"),
            *super().get_urls(),
        ]

    def pick_view(self, request: HttpRequest) -> JsonResponse:
        """The newest pictures that can be used, or those that a word is looked for in."""
        rights.require(request.user, "articles.view_image")
        found = picture_lines.usable(request.GET.get("q", ""), moment_of(request))
        answer = JsonResponse({"pictures": found})
        add_never_cache_headers(answer)
        return answer

    def thumb_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where a picture’s thumbnail is to be had, for the next hour."""
        rights.require(request.user, "articles.view_image")
        image = get_object_or_404(self.get_queryset(request), pk=pk)
        line = picture_lines.line(image, moment_of(request))
        if not line.thumb:
            raise Http404
        answer = HttpResponseRedirect(line.thumb)
        add_never_cache_headers(answer)
        return answer

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        return super().get_queryset(request).prefetch_related("renditions")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        if search_term:
            queryset = queryset.filter(pk__gt=picture_lines.looked_from())
        return super().get_search_results(request, queryset, search_term)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        t = moment_of(request)
        answer = super().changelist_view(request, extra_context)
        if isinstance(answer, TemplateResponse) and answer.context_data:
            shown = answer.context_data["cl"].result_list
            answer.context_data["pictures"] = [picture_lines.line(image, t) for image in shown]
        return answer

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Take a file; its own form comes next, with what the file said of itself."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = UploadForm(*((request.POST, request.FILES) if is_sent else ()))
        if form.is_valid():
            try:
                image = self._added(request, form)
            except ValidationError as refused:
                form.add_error("file", refused)
            else:
                messages.success(request, _("Added. Say what is to be seen, then it can be used."))
                return HttpResponseRedirect(reverse("admin:articles_image_change", args=[image.pk]))
        return self._page(request, "upload.html", _("Add a picture"), form)

    def _added(self, request: HttpRequest, form: UploadForm) -> Image:
        content = form.cleaned_data["file"].read()
        image = pictures.add(content, by=request.user, now=moment_of(request))
        tasks.renditions_soon(image.pk)
        return image

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, *args, **kwargs)
        form.now = moment_of(request)
        return form

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        image = context["original"]
        context["picture"] = picture_lines.page(image, moment_of(request))
        context["may_turn"] = rights.may(request.user, "articles.withdraw_image")
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        pictures.save(obj, by=request.user, now=moment_of(request))
        tasks.renditions_soon(obj.pk)
        tasks.hub_soon()

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        pictures.delete(obj, by=request.user, now=moment_of(request))

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not pictures.is_named(obj))

    def turn_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Withdraw a picture everywhere, or bring it back."""
        image = get_object_or_404(Image, pk=pk)
        rights.require(request.user, "articles.withdraw_image")
        form = WithdrawForm(request.POST or None)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                _VERBS[verb](pk, reason=reason, by=request.user, now=moment_of(request))
            except ValidationError as refused:
                refuse(form, refused)
            else:
                tasks.hub_soon()
                messages.success(request, picture_lines.DONE[verb] % {"name": image})
                return HttpResponseRedirect(reverse("admin:articles_image_change", args=[pk]))
        title = picture_lines.ASKED[verb] % {"name": image}
        return self._page(request, "turn.html", title, form, original=image, verb=verb)

    def _page(
        self, request: HttpRequest, template: str, title: str, form: Any, **more: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "form": form,
            **more,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, f"{_HERE}/{template}", context, status=status)
