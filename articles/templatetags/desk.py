"""The template tags of the desk's frame: its rooms, its icons, and a story's two states."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from articles.desk import inbox
from articles.desk.overview import Pair, State

register = template.Library()


@dataclass(frozen=True)
class _Room:
    """A line of the desk's navigation."""

    label: str | Promise
    icon: str
    route: str
    permission: str
    view: str = ""  # of the list of stories
    key: str = ""  # its shortcut
    tab: int = 0  # its place at a phone's foot; 0: under “More”
    begins: str | Promise = ""  # the heading of the group that it opens
    next: str = ""  # the route that leads to the next thing to do in it


_READ, _APPROVES = "articles.view_article", "articles.change_others_article"
_STORIES = "admin:articles_article_changelist"
_ROOMS = (
    _Room(_("My desk"), "desk", "admin:index", "", key="d", tab=1),
    _Room(_("Inbox"), "note", "inbox:list", "", key="i"),
    _Room(_("My stories"), "pencil", _STORIES, _READ, view="mine", key="m"),
    _Room(
        _("Queue"), "check", _STORIES, _READ, view="queue", key="q",
        next="admin:articles_article_next",
    ),
    _Room(_("Calendar"), "calendar", "calendar", _READ, key="c", tab=3),
    _Room(_("Budget"), "budget", "budget", _READ, key="b"),
    _Room(_("Stories"), "stories", _STORIES, _READ, tab=2, key="s"),
    _Room(_("Fronts"), "panel", "front", "articles.change_front"),
    _Room(_("Pictures"), "picture", "admin:articles_image_changelist", "articles.view_image"),
    _Room(
        _("Sections"), "panel", "admin:articles_section_changelist", "articles.view_section",
        begins=_("Records"),
    ),
    _Room(_("Authors"), "user", "admin:articles_author_changelist", "articles.view_author"),
    _Room(_("Tags"), "tag", "admin:articles_tag_changelist", "articles.view_tag"),
    _Room(
        _("Redirects"), "link", "admin:articles_redirect_changelist", "articles.change_redirect"
    ),
    _Room(_("People"), "users", "admin:accounts_user_changelist", "accounts.view_user"),
    _Room(
        _("Audit"), "audit", "admin:articles_move_changelist", "articles.view_move",
        begins=_("Accountability"),
    ),
    _Room(_("Shortcuts"), "keyboard", "shortcuts", "", key="?", begins=_("Help")),
)  # fmt: skip


@register.simple_tag(takes_context=True)
def desk_nav(context: Any) -> list[dict[str, Any]]:
    """The rooms of the desk that a person may enter, in its own order, and where they are now."""
    request = context.get("request")
    if request is None:
        return []
    known: list[dict[str, Any]] | None = getattr(request, "_desk_nav", None)
    if known is None:  # asked for twice a page: beside it, and at a phone's foot
        may = [
            room for room in _ROOMS if not room.permission or request.user.has_perm(room.permission)
        ]
        known = request._desk_nav = [_line(room, request) for room in may]
    return known


def _line(room: _Room, request: Any) -> dict[str, Any]:
    path = reverse(room.route)
    return {
        "label": room.label,
        "icon": room.icon,
        "key": room.key,
        "tab": room.tab,
        "begins": room.begins,
        "address": f"{path}?view={room.view}" if room.view else path,
        "is_here": _is_here(room, path, request),
        "next": reverse(room.next) if room.next and request.user.has_perm(_APPROVES) else "",
        "unread": _unread(request.user) if room.route == "inbox:list" else "",
    }


def _is_here(room: _Room, path: str, request: Any) -> bool:
    if room.route == "admin:index":
        return request.path == path
    if room.route != _STORIES:
        return request.path.startswith(path)
    views = {known.view for known in _ROOMS}
    asked = request.GET.get("view", "") if request.path == path else ""
    return request.path.startswith(path) and room.view == (asked if asked in views else "")


def _unread(person: Any) -> str:
    """How many notices a person has not read: “3”, “99+”; empty where there is none."""
    unread = inbox.unread(person)
    return f"{inbox.COUNTED - 1}+" if unread == inbox.COUNTED else str(unread or "")


@register.simple_tag
def icon(name: str, kind: str = "i") -> SafeString:
    """One of the shapes of static/desk/icons.svg, which says nothing by itself.

    `kind` is “i” for a line drawing, “i s” for a small one, “g” for a state, “mark” for the sign.
    """
    shape = {"g": f"st-{name}", "mark": name}.get(kind, f"i-{name}")
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        kind,
        static("desk/icons.svg"),
        shape,
    )


@register.simple_tag
def pair(states: Pair) -> SafeString:
    """A story's two states side by side: what the desk has, and what readers see."""
    note = states.public.more
    noted = format_html(', <span class="plus">{}</span>', note) if note else ""
    return _pair(states, noted)


@register.simple_tag
def brief_pair(states: Pair) -> SafeString:
    """The same for a column of a list: “Live +3” instead of “Live, 3 unpublished”."""
    public = states.public
    noted = SafeString()
    if public.unpublished:
        noted += format_html(
            ' <span class="plus">+{} <span class="visually-hidden">{}</span></span>',
            public.unpublished,
            _("unpublished"),
        )
    if public.coming:
        noted += format_html(' <span class="plus">{}</span>', public.coming)
    return _pair(states, noted)


@register.simple_tag
def state(state: State) -> SafeString:
    """One of a story's two states by itself, where a heading says whose it is."""
    return _state(state, "", "")


def _pair(states: Pair, noted: SafeString | str) -> SafeString:
    return format_html(
        '<span class="pair">{}{}</span>',
        _state(states.desk, _("Working copy:"), ""),
        _state(states.public, _("Readers see:"), noted),
    )


def _state(state: State, whose: Any, noted: SafeString | str) -> SafeString:
    return format_html(
        '<span class="st st-{}">{}<span><span class="visually-hidden">{}</span> {}{}</span></span>',
        state.kind,
        icon(state.kind, kind="g"),
        whose,
        capfirst(state.words),
        noted,
    )


@register.filter
def first_name(person: object) -> str:
    """What a colleague is called where there is little room: “Mara”."""
    return next(iter(str(person).split()), "")


@register.filter
def initials(person: object) -> str:
    """The first letters of a person's first and last name: “MA”."""
    parts = str(person).split()
    return "".join(part[0] for part in [*parts[:1], *parts[1:][-1:]]).upper()
