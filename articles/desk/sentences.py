"""What a story's history says of a step or of a run of saves, in words: a table of sentences."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from articles.desk import plan_words
from articles.desk.compare import FIELDS
from articles.models import Move
from articles.states import Change, EndsAs

# Every field of a snapshot but the body, as it is called within a sentence.
FIELD_WORDS = {
    "kind": gettext_lazy("kind"),
    "headline": gettext_lazy("headline"),
    "dateline": gettext_lazy("dateline"),
    "standfirst": gettext_lazy("standfirst"),
    "picture": gettext_lazy("picture"),
    "picture_alt": gettext_lazy("picture’s description"),
    "picture_caption": gettext_lazy("picture’s caption"),
    "section": gettext_lazy("section"),
    "slug": gettext_lazy("slug"),
    "authors": gettext_lazy("byline"),
    "tags": gettext_lazy("tags"),
    "also_read": gettext_lazy("also-read stories"),
}

_DONE = {
    "create": gettext_lazy("%(who)s began the story."),
    "plan": gettext_lazy("%(who)s planned the story."),
    "share": gettext_lazy("%(who)s shared revision %(number)s with somebody outside."),
    "revoke_share": gettext_lazy("%(who)s revoked a share link."),
    "submit": gettext_lazy("%(who)s submitted revision %(number)s for review."),
    "withdraw": gettext_lazy("%(who)s took the story back from review."),
    "send_back": gettext_lazy("%(who)s sent the story back."),
    "approve": gettext_lazy("%(who)s approved revision %(number)s."),
    "reopen": gettext_lazy("%(who)s changed an approved text: it waits for review again."),
    "publish": gettext_lazy("%(who)s published revision %(number)s."),
    "schedule": gettext_lazy("%(who)s scheduled revision %(number)s."),
    "update_scheduled": gettext_lazy(
        "%(who)s put revision %(number)s in the scheduled one’s place."
    ),
    "move": gettext_lazy("%(who)s moved what is scheduled to another moment."),
    "cancel": gettext_lazy("%(who)s cancelled what was scheduled."),
    "set_end": gettext_lazy("%(who)s said when the story ends."),
    "unpublish": gettext_lazy("%(who)s unpublished the story."),
    "take_down": gettext_lazy("%(who)s took the story down."),
    "restore": gettext_lazy("%(who)s brought the story back, with revision %(number)s."),
    "embargo": gettext_lazy("%(who)s set an embargo."),
    "break_embargo": gettext_lazy("%(who)s broke the embargo."),
    "hold": gettext_lazy("%(who)s held the story."),
    "lift_hold": gettext_lazy("%(who)s lifted the hold."),
    "withhold": gettext_lazy("%(who)s withheld revision %(number)s, which readers had had."),
    "show_again": gettext_lazy("%(who)s let revision %(number)s be seen again, as readers had it."),
    "erase": gettext_lazy("%(who)s erased the story by law."),
    "discard": gettext_lazy("%(who)s deleted the story, which nobody had seen."),
    "add_section": gettext_lazy("%(who)s added a section."),
    "change_section": gettext_lazy("%(who)s changed a section."),
    "delete_section": gettext_lazy("%(who)s deleted a section."),
    "add_author": gettext_lazy("%(who)s added an author."),
    "change_author": gettext_lazy("%(who)s changed an author."),
    "delete_author": gettext_lazy("%(who)s deleted an author."),
    "add_tag": gettext_lazy("%(who)s added a tag."),
    "change_tag": gettext_lazy("%(who)s changed a tag."),
    "delete_tag": gettext_lazy("%(who)s deleted a tag."),
    "add_image": gettext_lazy("%(who)s added a picture."),
    "change_image": gettext_lazy("%(who)s changed what is said of a picture."),
    "withdraw_image": gettext_lazy("%(who)s withdrew a picture everywhere."),
    "restore_image": gettext_lazy("%(who)s brought a picture back."),
    "delete_image": gettext_lazy("%(who)s deleted a picture that nothing named."),
    "merge_tag": gettext_lazy("%(who)s merged a tag into another."),
    "add_redirect": gettext_lazy("%(who)s let an old address lead somewhere."),
    "change_redirect": gettext_lazy("%(who)s changed where an old address leads."),
    "delete_redirect": gettext_lazy("%(who)s let an old address lead nowhere."),
    "import_redirects": gettext_lazy("%(who)s imported a file of old addresses."),
}
_OTHER = gettext_lazy("%(who)s did “%(verb)s”.")

_PUBLISHED_AS = {
    Change.TYPO: gettext_lazy("%(who)s mended a typo with revision %(number)s."),
    Change.UPDATE: gettext_lazy("%(who)s updated the story with revision %(number)s."),
    Change.CORRECTION: gettext_lazy("%(who)s corrected the story with revision %(number)s."),
    Change.CLARIFICATION: gettext_lazy("%(who)s clarified the story with revision %(number)s."),
    Change.LEGAL: gettext_lazy("%(who)s changed the story on advice, with revision %(number)s."),
}

# What the details of a Move add, by their key. Moments among them are ISO 8601, in UTC.
_AT = {
    "schedule": gettext_lazy("It goes out on %(at)s."),
    "update_scheduled": gettext_lazy("It goes out on %(at)s."),
    "cancel": gettext_lazy("It was to go out on %(at)s."),
    "set_end": gettext_lazy("It ends on %(at)s."),
}
_UNTIL = {
    "schedule": gettext_lazy("It ends on %(at)s."),
    "embargo": gettext_lazy("Nothing goes out before %(at)s."),
    "break_embargo": gettext_lazy("It was to last until %(at)s."),
}
_SINCE = {"publish": gettext_lazy("It is public since %(at)s.")}  # elsewhere, before it came here
_HOW = {
    EndsAs.GONE: gettext_lazy("Its page says that it is gone (410)."),
    EndsAs.VANISHED: gettext_lazy("It vanished without a trace (404)."),
}
_PENDING = {
    "merge": gettext_lazy("The change was merged into what is scheduled."),
    "keep": gettext_lazy("What is scheduled was kept as it is."),
    "cancel": gettext_lazy("What was scheduled was cancelled."),
}


def of_move(move: Move) -> str:
    """The sentence that a Move's verb stands for."""
    sentence = _DONE.get(move.verb, _OTHER)
    if move.verb == "publish":
        sentence = _PUBLISHED_AS.get(move.details.get("change"), sentence)
    plan = plan_words.of_move(move) if move.verb == "plan" else ""
    if plan:
        sentence = gettext_lazy("%(who)s planned it: %(plan)s.")
    number = "–" if move.revision is None else str(move.revision)
    return sentence % {"who": move.by_name, "number": number, "verb": move.verb, "plan": plan}


def more_of_move(move: Move, zone: ZoneInfo) -> list[str]:
    """What its details add, a sentence each; an erased story's have none."""
    details = move.details
    said = [
        *_moments(move, zone),
        _HOW.get(details.get("how")),
        _PENDING.get(details.get("pending")),
        _kind_of_change(move),
        _cancelled(details, zone),
        _stood(details, zone),
        *_typed(details),
    ]
    return [str(sentence) for sentence in said if sentence]


def _moments(move: Move, zone: ZoneInfo) -> list[str]:
    verb, details = move.verb, move.details
    if verb == "move" and "to" in details:
        here = {"was": _when(details["at"], zone), "at": _when(details["to"], zone)}
        return [_("It goes out on %(at)s instead of %(was)s.") % here]
    if verb == "set_end" and "at" in details and details["at"] is None:
        return [_("It has no end any more.")]
    said = []
    for key, table in (("at", _AT), ("until", _UNTIL), ("since", _SINCE)):
        if verb in table and details.get(key):
            said.append(table[verb] % {"at": _when(details[key], zone)})
    return said


def _kind_of_change(move: Move) -> str:
    change = move.details.get("change")
    if move.verb == "publish" or change not in Change.values:
        return ""  # the sentence itself says it, or nobody had to
    return _("Kind of change: %(change)s.") % {"change": Change(change).label}


def _cancelled(details: Mapping[str, Any], zone: ZoneInfo) -> str:
    starts = [_when(start, zone) for start in details.get("cancelled", ())]
    if not starts:
        return ""
    return _("What was scheduled for %(when)s was cancelled with it.") % {
        "when": get_text_list(starts, _("and"))
    }


def _stood(details: Mapping[str, Any], zone: ZoneInfo) -> str:
    """Between which moments the version stood that a step is about."""
    if "stood" not in details:
        return ""
    since, until = (_when(moment, zone) for moment in details["stood"])
    return _("Readers had it from %(since)s to %(until)s.") % {"since": since, "until": until}


def _typed(details: Mapping[str, Any]) -> list[str]:
    """What people typed with a verb."""
    said = []
    if note := details.get("note"):
        said.append(_("For readers: “%(note)s”") % {"note": note})
    if authority := details.get("authority"):
        said.append(_("On the authority of %(authority)s.") % {"authority": authority})
    if override := details.get("override"):
        said.append(_("A check was passed over: “%(reason)s”") % {"reason": override})
    if findings := details.get("passed_over"):
        said.append(_("What the checks had found: %(what)s") % {"what": " ".join(findings)})
    if findings := details.get("looked_like_more"):
        said.append(_("It looked like more than a typo: %(why)s") % {"why": " ".join(findings)})
    return said


def _when(moment: str, zone: ZoneInfo) -> str:
    there = datetime.fromisoformat(moment).astimezone(zone)
    return date_format(there, pgettext("date format", "j M Y, H:i"))


def of_changes(summaries: Iterable[Mapping[str, Any]]) -> str:
    """What one save or several changed in all: “+120 −4 words, headline changed”."""
    kept = [summary for summary in summaries if summary]
    if not kept:
        return _("saved")  # before anybody wrote down what a save changed
    changed = {field for summary in kept for field in summary["fields"]}
    said = [_words(sum(s["added"] for s in kept), sum(s["removed"] for s in kept))]
    if "body" in changed and not said[0]:
        said = [_("body changed, with no word more or less")]
    if fields := [str(FIELD_WORDS[name]) for name in FIELDS if name in changed]:
        said.append(_("%(fields)s changed") % {"fields": get_text_list(fields, _("and"))})
    return ", ".join(part for part in said if part) or _("nothing changed in the end")


def _words(added: int, removed: int) -> str:
    if added and removed:
        return _("+%(added)d −%(removed)d words") % {"added": added, "removed": removed}
    if added:
        return ngettext("+%(n)d word", "+%(n)d words", added) % {"n": added}
    if removed:
        return ngettext("−%(n)d word", "−%(n)d words", removed) % {"n": removed}
    return ""
