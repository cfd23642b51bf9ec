"""Every address of the desk, and what the words in one mean on a site that has something of all."""

import re
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, get_resolver

from articles.models import (
    Article,
    LeadsTo,
    Move,
    Note,
    Notice,
    Publication,
    Reason,
    Receipt,
    Redirect,
    SavedFilter,
    SectionMember,
    ShareLink,
)
from tests.conftest import NOW
from tests.desk.pressing import do, rewrite

# What a word of an address leads to, by the word before it; as a rule that is its name.
LEADS_TO = {
    "notes": "note", "receipts": "receipt", "share": "link", "versions": "version", "front": "slug",
    "history": "number", "beside": "number", "proof": "number",
    "r": "contenttype",
}  # fmt: skip
# Not the desk's: whoever comes may sign in, and is asked to; the admin's own last resort.
OPEN = {"admin/login/", "admin/logout/", "admin/(?P<url>.*)$"}
# The admin's short address of a row leads to its form, whoever asks, and of whatever is not there.
LEADS_ON = re.compile(r"[a-z]+/<path:object_id>/$")


def addresses(patterns=None, before=""):
    """Every address of the desk, as the resolver has it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = before + str(pattern.pattern).lstrip("^")
        if not isinstance(pattern, URLPattern):
            yield from addresses(pattern.url_patterns, address)
        elif address.startswith("admin/") and address not in OPEN and not LEADS_ON.search(address):
            yield address


def of_no_section(who, image, author, topic, section):
    """The ids of what is the same whoever asks; the person is of a section."""
    redirect = Redirect.objects.create(source="/old/", kind=LeadsTo.PATH, address="/world/")
    return {
        "image": image.pk,
        "redirect": redirect.pk,
        "author": author.pk,
        "tag": topic.pk,
        "sectionmember": SectionMember.objects.create(user=who, section=section).pk,
        "user": who.pk,
        "contenttype": ContentType.objects.get_for_model(Article).pk,
        "dbtaskresult": "c0ffee00-0000-4000-8000-000000000000",
        "move": Move.objects.latest("pk").pk,
    }


def about(published, who, section):
    """The ids of a public story that somebody began, of what hangs on it, and of what is theirs."""
    slug = f"s{who.pk}-{section.slug}"
    story = published(f"Harbour {slug}", slug=slug, section=section.pk)
    do("publish", story, revision=rewrite(story, body="<p>More.</p>"))
    Article.objects.filter(pk=story.pk).update(created_by=who)
    link = ShareLink.objects.create(
        article=story, revision=1, person="Ada", digest=f"{story.pk:064}", by=who,
        by_name="Bo", at=NOW, expires_at=NOW + timedelta(days=1),
    )  # fmt: skip
    move = Move.objects.create(
        at=NOW, verb="take_down", by_name="Bo", article=story.pk, subject="It"
    )
    view, _made = SavedFilter.objects.get_or_create(person=who, name="Mine", query="?status=draft")
    return {
        "article": story.pk,
        "number": 1,
        "version": Publication.objects.filter(article=story).earliest("starts_at").pk,
        "link": link.pk,
        "note": Note.objects.create(article=story, text="Is it?", by_name="Bo", at=NOW).pk,
        "receipt": Receipt.objects.create(article=story, move=move.pk, asked_at=NOW).pk,
        "inbox": Notice.objects.create(
            person=who,
            reason=Reason.MENTIONED,
            article=story,
            subject="It",
            by_name="Bo",
            at=NOW,
            details={"text": "Is it?"},
        ).pk,
        "filters": view.pk,
        "section": section.pk,
        "slug": section.slug,
    }


def filled(address, ids, *, is_there=True):
    """An address with its words put in: of what is there, or first of what never was."""
    address = address.replace("<int:version>/<str:verb>", "<int:version>/withhold")
    parts = address.replace("<str:verb>", "publish").split("/")
    for place, part in enumerate(parts):
        if part.startswith("<"):
            before = LEADS_TO.get(parts[place - 1], parts[place - 1])
            leads_to = ids.get(before, ids["article"])
            parts[place] = str(leads_to if is_there else 987654)
            is_there = True
    return "/" + "/".join(parts)
