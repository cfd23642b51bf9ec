"""A notice as a mail: which are due, to whom one still goes, and what it says."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator

from articles.desk import colleagues, notice_words
from articles.models import Notice

# After that a mail is no news any more; it is given up.
KEPT_FOR = timedelta(days=7)
SUBJECT = 150


def due() -> QuerySet[Notice]:
    """The notices for which a mail is to be sent."""
    return Notice.objects.filter(by_mail=True, mailed_at=None).order_by("pk")


def next_due(after: int) -> Notice | None:
    """The next of them, read just before it is sent: another worker may be at it as well."""
    rows = due().filter(pk__gt=after).select_related("person", "article")
    return rows.defer("article__body", "article__standfirst").first()


def give_up(now: datetime) -> int:
    """Let go of the mails that could not be sent for a week; return how many."""
    return due().filter(at__lt=now - KEPT_FOR).update(by_mail=False)


def may_go(notice: Notice) -> bool:
    """Whether the person may still open the story; if not, the mail is let go."""
    if notice.article is None:
        people = colleagues.holding("articles.view_article")
    else:
        people = colleagues.who_may_open(notice.article)
    if people.filter(pk=notice.person_id).exists():
        return True
    Notice.objects.filter(pk=notice.pk).update(by_mail=False)
    return False


def mark_sent(notice: Notice, now: datetime) -> None:
    """Write down that a mail was sent."""
    Notice.objects.filter(pk=notice.pk).update(mailed_at=now)


def message(notice: Notice) -> EmailMessage:
    """The mail: plain text. Its Message-ID is always the same, so that one sent twice is known."""
    said = notice_words.sentence(notice)
    body = render_to_string(
        "mail/notice.txt",
        {
            "sentence": said,
            "why": notice_words.why(notice),
            "link": settings.SITE_URL + notice_words.address(notice),
            "choices": f"{settings.SITE_URL}{reverse('inbox:choices')}#{notice.reason}",
            "site": settings.SITE_NAME,
        },
    )
    # A line break in a header would begin another header.
    subject = " ".join(f"[{settings.SITE_NAME}] {said}".split())
    return EmailMessage(
        Truncator(subject).chars(SUBJECT),
        body,
        settings.DEFAULT_FROM_EMAIL,
        [notice.person.email],
        headers={
            "Message-ID": f"<notice-{notice.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's out-of-office answers it
        },
    )
