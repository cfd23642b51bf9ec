"""The door of what runs after the answer: sending mail, making the sizes of a picture, looking
whether a story that was taken off the site is off it, and telling a hub which feeds changed.
`manage.py db_worker` runs it.

Nothing here decides whether a verb is done: a mail server that fails leaves the rest for the next
time. A mail is sent at least once; when a worker dies between sending and writing that down, or
two run at once, it may be sent twice, with one Message-ID.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from articles.desk import fetching, hub, notice_mail, receipts, renditions, topics
from articles.models import ListKind
from articles.pages import feeds
from newsroom import compat

logger = logging.getLogger(__name__)
# It would not have this one mail, or not to this address; the others may pass.
REFUSED = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)
# By then every machine of the site shows what changed, and a hub fetches nothing old; changes that
# come together are told together.
HUB_COMES_AFTER = timedelta(seconds=3)
# The lists compared in one run: after a rename that can be all, and mail must not wait for them.
LISTS_A_RUN = 100


def mail_soon() -> None:
    """Have due mails sent once what is being written is committed; one look where none is due."""
    transaction.on_commit(_send_if_due, robust=True)


def _send_if_due() -> None:
    if notice_mail.due().exists():
        send_notices.enqueue()


def receipt_soon(receipt_id: int) -> None:
    """Have a receipt's surfaces looked at once what is being written is committed."""
    transaction.on_commit(partial(fetch_receipt.enqueue, receipt_id), robust=True)


def renditions_soon(image_id: int) -> None:
    """Have what an image lacks made once what is being written is committed."""
    transaction.on_commit(partial(make_renditions.enqueue, image_id), robust=True)


@task()
def make_renditions(image_id: int) -> int:
    """Make what an image lacks; return how many renditions that were."""
    made = renditions.make(image_id)
    hub_soon()  # feeds say how long a file is
    return made


@task()
def fetch_receipt(receipt_id: int) -> None:
    """Ask every surface of a receipt, and write down what it answered."""
    paths = receipts.paths(receipt_id)
    if paths:
        answers = {path: fetching.fetch(path) for path in paths}
        receipts.record(receipt_id, answers, now=timezone.now())
        mail_soon()


@task()
def send_notices() -> int:
    """Send what is due, a mail a notice; return how many were sent."""
    if given_up := notice_mail.give_up(timezone.now()):
        logger.warning("%d mails could not be sent for a week and were given up.", given_up)
    if not notice_mail.due().exists():
        return 0
    connection = compat.mail_server()
    try:
        connection.open()
        return _send_over(connection)
    except OSError as fault:
        logger.warning("The mail server cannot be reached: %s", fault)
        return 0
    finally:
        connection.close()


def _send_over(connection: Any) -> int:
    sent, last = 0, 0
    while notice := notice_mail.next_due(after=last):
        last = notice.pk
        if not notice_mail.may_go(notice):
            continue
        try:
            connection.send_messages([notice_mail.message(notice)])
        except REFUSED as fault:
            logger.warning("The mail of notice %d was refused: %s", notice.pk, fault)
        except OSError as fault:
            logger.warning("The mail server fails; the rest waits: %s", fault)
            break
        else:
            notice_mail.mark_sent(notice, timezone.now())
            sent += 1
    return sent


def hub_soon() -> None:
    """Have the hub, where there is one, told what readers see once it is committed."""
    if settings.WEBSUB_HUB:
        transaction.on_commit(_look_soon, robust=True)


def _look_soon() -> None:
    tell_hub.using(run_after=timezone.now() + HUB_COMES_AFTER).enqueue()


@task()
def tell_hub() -> int:
    """Tell the hub of every feed that changed, and see to the next look; return of how many."""
    if not settings.WEBSUB_HUB:
        return 0
    topics.look(timezone.now())
    return _tell_due()


@task()
def tell_rest() -> int:
    """Go on telling the hub where a run left off, without another look."""
    return _tell_due() if settings.WEBSUB_HUB else 0


def _tell_due() -> int:
    told = 0
    try:
        for topic in topics.due(timezone.now())[:LISTS_A_RUN]:
            at = timezone.now()
            told += hub.tell(topic, feeds.etags(ListKind(topic.kind), topic.what, at), at)
    except hub.Unreachable as fault:
        logger.warning("The hub cannot be reached, the rest waits: %s", fault)
    _see_to_the_next(timezone.now())
    return told


def _see_to_the_next(now: datetime) -> None:
    """Have the rest told, and a look come when the site next changes by itself; once a moment."""
    if topics.due(now).exists():
        tell_rest.using(run_after=now + HUB_COMES_AFTER).enqueue()
    moment = topics.next_look(now)
    if moment and topics.arm(moment):
        tell_hub.using(run_after=moment + HUB_COMES_AFTER).enqueue()
