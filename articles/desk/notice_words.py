"""What a notice says, why somebody gets it, and where it leads: made when it is read."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.models import Notice, Reason
from articles.moments import in_newsroom_words

# How much of a reason stands in a sentence.
QUOTED = 300

# By the verb of the Move that is told of, or by the reason where there was none or another.
_SENTENCES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "submit": gettext_lazy("%(who)s sent “%(what)s” for review."),
        "reopen": gettext_lazy(
            "%(who)s changed “%(what)s” after it was approved; it waits for review again."
        ),
        "send_back": gettext_lazy("%(who)s sent back “%(what)s”: %(why)s"),
        "approve": gettext_lazy("%(who)s approved “%(what)s”."),
        "publish": gettext_lazy("%(who)s published “%(what)s”."),
        "schedule": gettext_lazy("%(who)s scheduled “%(what)s” for %(when)s."),
        "restore": gettext_lazy("%(who)s put “%(what)s” back on the site: %(why)s"),
        "unpublish": gettext_lazy("%(who)s unpublished “%(what)s”: %(why)s"),
        "take_down": gettext_lazy("%(who)s took down “%(what)s”: %(why)s"),
        "hold": gettext_lazy("%(who)s put “%(what)s” on hold: %(why)s"),
        "break_embargo": gettext_lazy(
            "%(who)s broke the embargo on “%(what)s”, which was to last until %(until)s: %(why)s"
        ),
        Reason.ASSIGNED: gettext_lazy("%(who)s planned “%(what)s”, which is assigned to you."),
        Reason.MENTIONED: gettext_lazy("%(who)s mentions you in a note on “%(what)s”: %(text)s"),
        Reason.SET_BESIDE: gettext_lazy(
            "Your text of “%(what)s” waits beside a colleague’s: choose what stays."
        ),
        Reason.CANCELLED: gettext_lazy(
            "%(who)s cancelled what was scheduled of “%(what)s” for %(cancelled)s."
        ),
    }
)
_WHY: Mapping[str, Promise] = MappingProxyType(
    {
        Reason.MENTIONED: gettext_lazy("You get this because a colleague mentions you."),
        Reason.SUBMITTED: gettext_lazy(
            "You get this because you may approve the stories of this section."
        ),
        Reason.SENT_BACK: gettext_lazy("You get this because the story is yours."),
        Reason.APPROVED: gettext_lazy("You get this because the story is yours."),
        Reason.PUBLISHED: gettext_lazy("You get this because the story is yours."),
        Reason.WITHDRAWN: gettext_lazy("You get this because the story is yours."),
        Reason.ASSIGNED: gettext_lazy("You get this because the story is assigned to you."),
        Reason.CANCELLED: gettext_lazy("You get this because you scheduled it."),
        Reason.SET_BESIDE: gettext_lazy("You get this because the text is yours."),
        Reason.EMBARGO_BROKEN: gettext_lazy(
            "You get this because you may publish the stories of this section."
        ),
        Reason.RECEIPT: gettext_lazy("You get this because you took the story off the site."),
    }
)


def sentence(notice: Notice) -> str:
    """What happened, in one sentence, or two where something scheduled went with it."""
    details = notice.details
    said = {
        "who": notice.by_name,
        "what": notice.subject,
        "why": _short(details.get("why", "")),
        "text": _short(details.get("text", "")),
        "when": _moments(details.get("at")),
        "until": _moments(details.get("until")),
        "cancelled": _moments(*details.get("cancelled", ())),
    }
    if notice.reason == Reason.RECEIPT:
        return _checked(notice)
    key = notice.reason if notice.reason in _SENTENCES else details.get("verb", "")
    words = str(_SENTENCES.get(key, Reason(notice.reason).label)) % said
    if notice.reason == Reason.ASSIGNED and said["when"]:
        return f"{words} " + _("It is due %(when)s.") % said
    if details.get("cancelled") and notice.reason != Reason.CANCELLED:
        return f"{words} " + _("What was scheduled for %(cancelled)s is cancelled.") % said
    return words


def why(notice: Notice) -> str:
    """Why the person gets it."""
    if notice.details.get("yours") and notice.reason in (Reason.CANCELLED, Reason.EMBARGO_BROKEN):
        return _("You get this because the story is yours.")
    return str(_WHY[notice.reason])


def address(notice: Notice) -> str:
    """The page of the desk that it is about."""
    details = notice.details
    if notice.article_id is None:
        return reverse("inbox:list")
    if notice.reason == Reason.MENTIONED:
        notes = reverse("admin:articles_article_notes", args=[notice.article_id])
        return f"{notes}#note-{details.get('note', '')}"
    if notice.reason == Reason.SET_BESIDE and "revision" in details:
        beside = [notice.article_id, details["revision"]]
        return reverse("admin:articles_article_beside", args=beside)
    if notice.reason == Reason.RECEIPT and "receipt" in details:
        receipt = [notice.article_id, details["receipt"]]
        return reverse("admin:articles_article_receipt", args=receipt)
    return reverse("admin:articles_article_change", args=[notice.article_id])


def _checked(notice: Notice) -> str:
    wrong = notice.details.get("wrong", 0)
    if not wrong:
        return _("“%(what)s” is off the site: every page answers as it should.") % {
            "what": notice.subject
        }
    return ngettext(
        "“%(what)s” was taken off the site, but %(n)d page does not answer as it should.",
        "“%(what)s” was taken off the site, but %(n)d pages do not answer as they should.",
        wrong,
    ) % {"what": notice.subject, "n": wrong}


def _moments(*moments: str | None) -> str:
    return ", ".join(in_newsroom_words(datetime.fromisoformat(each)) for each in moments if each)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= QUOTED else flat[: QUOTED - 1].rstrip() + "…"
