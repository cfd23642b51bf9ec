"""The views of the list of stories that a person gave names."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles import text
from articles.desk import rights
from articles.desk.asked import Asked
from articles.desk.rights import Actor
from articles.models import SavedFilter

MOST = 20  # of one person
LONGEST_NAME = 40


def of(by: Actor) -> QuerySet[SavedFilter]:
    """A person's own saved filters, by name."""
    return SavedFilter.objects.filter(person=by.pk)


def save(name: str, query: str, *, by: Actor) -> SavedFilter:
    """Keep what is asked of the list (an address's query) under a name; return it.

    What no list asks is left out of the query. The same name takes the place of the older one.
    Raises PermissionDenied, or ValidationError with a sentence.
    """
    rights.require(by, "articles.view_article")
    name = text.clean_line(name, longest=LONGEST_NAME)
    if not name:
        raise ValidationError(_("Give the filter a name."))
    asked = Asked.of_query(query)
    if not asked.query:
        raise ValidationError(_("Nothing is filtered here. Choose what to see, then save it."))
    older = of(by).filter(name=name)
    if not older.update(query=asked.query):
        if of(by).count() >= MOST:
            raise ValidationError(
                _("You have %(most)d saved filters. Remove one, then save this one.")
                % {"most": MOST}
            )
        try:
            with transaction.atomic():
                SavedFilter.objects.create(person_id=by.pk, name=name, query=asked.query)
        except IntegrityError:  # a second click
            older.update(query=asked.query)
    return older.get()


def delete(pk: int, *, by: Actor) -> bool:
    """Remove one of a person's own filters; whether there was such a one."""
    return bool(of(by).filter(pk=pk).delete()[0])
