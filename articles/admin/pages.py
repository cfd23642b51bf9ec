"""Pages of the desk about one story: found for a person, and shown within the admin's frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles.desk import audit, rights
from articles.models import Article, Move
from articles.states import RULES

StoryView = Callable[..., HttpResponse]


def story_path(route: str, view: StoryView, name: str) -> Any:
    """The address of a page about one story: `view(request, article, …)`, for who may open it."""

    @wraps(view)
    def found(request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
        return view(request, rights.story_for(request.user, pk), **more)

    return path(f"<int:pk>/{route}", admin.site.admin_view(found), name=f"articles_article_{name}")


def show(
    request: HttpRequest,
    template: str,
    article: Article,
    *,
    title: Any,
    status: int = 200,
    **context: Any,
) -> TemplateResponse:
    """A page of the desk about a story."""
    context = {
        **admin.site.each_context(request),
        "title": title,
        "original": article,
        "opts": Article._meta,
        **context,
    }
    return TemplateResponse(request, f"admin/articles/article/{template}", context, status=status)


def to_story(article: Article, *, typed: str = "") -> HttpResponseRedirect:
    """Back to the story's form; with the unsaved text of a form (its id) put back into it."""
    form = reverse("admin:articles_article_change", args=[article.pk])
    return HttpResponseRedirect(f"{form}?{urlencode({'typed': typed})}" if typed else form)


def refuse(form: Form, refused: ValidationError) -> None:
    """Put what a verb refused into the form, each sentence where it belongs."""
    said = getattr(refused, "error_dict", None) or {None: refused.error_list}
    for name, errors in said.items():
        for error in errors:
            form.add_error(name if name in form.fields else None, error)


def stale_sentence(article: Article) -> str:
    """Who pressed something while the story was open here."""
    # Nothing is stale but by a verb, and every verb files its Move.
    move = cast(Move, audit.last_move(article.pk))
    return _(
        "%(who)s did something with this story while you had it open (%(verb)s). "
        "Look at it again, then decide."
    ) % {"who": move.by_name, "verb": RULES[move.verb].label if move.verb in RULES else move.verb}
