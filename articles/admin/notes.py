"""The notes on a story: open ones first, a form below, and a button that resolves each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import tasks
from articles.admin import open_forms, pages
from articles.admin.inbox import number_in
from articles.desk import colleagues, notes, overview
from articles.desk.note_forms import NoteForm
from articles.models import Article, Note
from articles.moments import moment_of


def notes_view(request: HttpRequest, article: Article) -> HttpResponse:
    """Show the notes; on POST write one."""
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (note := _added(request, form, article)):
        tasks.mail_soon()
        if "from" in request.POST:
            messages.success(request, _("The note is written."))
            return pages.to_story(article, typed=open_forms.beside(request))
        return _to_notes(article, note)
    before, t = number_in(request, "before"), moment_of(request)
    resolved, older = notes.resolved_of(article.pk, before)
    return pages.show(
        request,
        "notes.html",
        article,
        title=_("Notes"),
        status=422 if form.is_bound else 200,
        form=form,
        open=_lines(notes.open_of(article.pk), t),
        resolved=_lines(resolved, t),
        older=older,
        is_further_down=before is not None,
        is_from_story="from" in request.POST,
        typed=open_forms.beside(request),
        colleagues=[person for person in colleagues.all_of(article) if person.may_open],
    )


@require_POST
def resolve_view(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    """Resolve a note of the story, or say who did."""
    note = get_object_or_404(Note, pk=number, article=article)
    try:
        notes.resolve(note.pk, by=request.user, now=moment_of(request))
    except ValidationError as refused:
        messages.warning(request, refused.message)
        return _to_notes(article)
    messages.success(request, _("Resolved; the note stays below."))
    return _to_notes(article)


def _added(request: HttpRequest, form: NoteForm, article: Article) -> Note | None:
    try:
        return form.add(article.pk, by=request.user, now=moment_of(request))
    except ValidationError as refused:
        pages.refuse(form, refused)
    return None


def _lines(rows: Iterable[Note], t: datetime) -> list[dict[str, Any]]:
    return [
        {
            "note": note,
            "when": overview.when(note.at, t),
            "resolved": overview.when(note.resolved_at, t) if note.resolved_at else "",
        }
        for note in rows
    ]


def _to_notes(article: Article, note: Note | None = None) -> HttpResponseRedirect:
    page = reverse("admin:articles_article_notes", args=[article.pk])
    return HttpResponseRedirect(f"{page}#note-{note.pk}" if note else page)


URLS = [
    pages.story_path("notes/", notes_view, "notes"),
    pages.story_path("notes/<int:number>/resolve/", resolve_view, "resolve_note"),
]
