"""The redirects' room in the admin: where old addresses lead, one by one, and a file of many that
is looked at before anything is written."""

from typing import Any

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.admin.paging import BoundedPaginator
from articles.desk import redirect_lines, redirect_uploads, redirects, rights
from articles.desk.redirect_forms import ImportForm, RedirectForm
from articles.desk.redirects import Plan
from articles.desk.revisions import Stale
from articles.models import Redirect
from articles.moments import moment_of
from articles.wire import redirect_files

_HERE = "admin/articles/redirect"
_LIST = "admin:articles_redirect_changelist"
_SALT, _SIGNED_FOR = "a file of redirects", 3600  # seconds
_FAULTS_SHOWN = 100


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    form = RedirectForm
    fields = ("source", "target")
    list_display = ("source",)
    search_fields = ("source",)
    search_help_text = ""
    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    actions = None

    def get_urls(self) -> Any:
        inside = self.admin_site.admin_view
        return [
            path("import/", inside(self.import_view), name="articles_redirect_import"),
            path(
                "export/", inside(require_safe(self.export_view)), name="articles_redirect_export"
            ),
            *super().get_urls(),
        ]

    # One right for all that is done here.
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rights.may(request.user, redirects.RIGHT)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return redirect_lines.found(queryset, search_term), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        answer = super().changelist_view(request, extra_context)
        if isinstance(answer, TemplateResponse) and answer.context_data:
            shown = answer.context_data["cl"].result_list
            answer.context_data["lines"] = redirect_lines.lines(shown)
        return answer

    def save_model(self, request: HttpRequest, obj: Redirect, form: Any, change: bool) -> None:
        typed = form.cleaned_data
        redirects.save(
            obj, typed["source"], typed["target"], by=request.user, now=moment_of(request)
        )

    def delete_model(self, request: HttpRequest, obj: Redirect) -> None:
        redirects.delete(obj, by=request.user, now=moment_of(request))

    def export_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """Every redirect as a file that can be imported again."""
        rights.require(request.user, redirects.RIGHT)
        lines = redirect_files.write(redirect_lines.as_file())
        return StreamingHttpResponse(
            lines,
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="redirects.csv"',
                "Cache-Control": "no-store, private",
            },
        )

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Show what a file would do; on the second POST, which names what was shown, do it."""
        rights.require(request.user, redirects.RIGHT)
        if "shown" in request.POST:
            return self._imported(request)
        form = ImportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if form.is_valid():
            file = form.cleaned_data["file"]
            if file.size <= redirect_files.MOST_BYTES:
                return self._looked_at(request, form, file)
            form.add_error("file", redirect_files.too_heavy())
        return self._page(request, form)

    def _looked_at(self, request: HttpRequest, form: ImportForm, file: Any) -> HttpResponse:
        plan = redirects.plan(redirect_files.read(file))
        if plan.faults:
            return self._page(request, form, plan=plan, status=422)
        name = redirect_uploads.keep(file, moment_of(request))
        return self._asked(request, plan, name, file.name)

    def _asked(self, request: HttpRequest, plan: Plan, name: str, called: str) -> HttpResponse:
        shown = {
            "person": request.user.pk, "name": name, "called": called[:200], "seen": plan.seen,
            "new": plan.new, "changed": plan.changed,
        }  # fmt: skip
        token = signing.dumps(shown, salt=_SALT)
        return self._page(request, None, plan=plan, shown=token, called=called)

    def _imported(self, request: HttpRequest) -> HttpResponse:
        try:
            shown = signing.loads(request.POST["shown"], salt=_SALT, max_age=_SIGNED_FOR)
            if shown["person"] != request.user.pk:
                raise PermissionDenied
            with redirect_uploads.opened(shown["name"]) as file:
                plan = redirects.plan(redirect_files.read(file))
            if (plan.new, plan.changed, plan.seen) != (
                shown["new"], shown["changed"], shown["seen"],
            ):  # fmt: skip
                raise Stale
            redirects.write(plan, by=request.user, now=moment_of(request), name=shown["called"])
        except (signing.BadSignature, FileNotFoundError):
            messages.error(request, _("Too much time has passed. Choose the file again."))
            return HttpResponseRedirect(reverse("admin:articles_redirect_import"))
        except Stale:
            messages.warning(
                request, _("Something changed meanwhile: this is what the import would do now.")
            )
            if plan.faults:
                return self._page(request, ImportForm(), plan=plan, status=422)
            return self._asked(request, plan, shown["name"], shown["called"])
        redirect_uploads.drop(shown["name"])
        messages.success(
            request,
            _("Imported: %(new)d new, %(changed)d changed, %(same)d as they were.")
            % {"new": plan.new, "changed": plan.changed, "same": plan.same},
        )
        return HttpResponseRedirect(reverse(_LIST))

    def _page(
        self, request: HttpRequest, form: ImportForm | None, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        plan: Plan | None = more.get("plan")
        faults = plan.faults if plan else []
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import from CSV"),
            "opts": self.opts,
            "form": form,
            "faults": faults[:_FAULTS_SHOWN],
            "more_faults": max(0, len(faults) - _FAULTS_SHOWN),
            **more,
        }
        if form and form.errors:
            status = 422
        return TemplateResponse(request, f"{_HERE}/import.html", context, status=status)
