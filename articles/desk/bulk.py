"""One verb for many stories: each on its own, all or nothing of it, and what became of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from articles.desk import revisions, rights
from articles.desk.asked import is_id
from articles.desk.rights import Actor
from articles.models import Article

MOST = 100  # stories at once


@dataclass(frozen=True)
class Refused:
    """A story to which it was not done, and why."""

    headline: str
    why: str

    @property
    def said(self) -> str:
        """Both in one sentence; a refusal names its story itself, as a rule."""
        name = _("“%(headline)s”") % {"headline": self.headline}
        return self.why if name in self.why else f"{name}: {self.why}"


@dataclass(frozen=True)
class Outcome:
    """What became of many stories, in the order in which they were given."""

    done: tuple[str, ...]  # headlines
    refused: tuple[Refused, ...]


def stories(ids: Sequence[str], *, by: Actor) -> list[Article]:
    """The stories that an actor may open among those ticked, in their order.

    Raises ValidationError where none is, or more than MOST were ticked.
    """
    known = list(dict.fromkeys(int(pk) for pk in ids if is_id(pk)))
    if len(known) > MOST:
        raise ValidationError(
            _("Tick %(most)d stories at most; you ticked %(n)d.") % {"most": MOST, "n": len(known)}
        )
    asked = rights.stories_for(by).select_related("section").defer("body", "standfirst")
    found = asked.in_bulk(known)
    if not found:
        raise ValidationError(_("Tick the stories first, then choose what to do with them."))
    return [found[pk] for pk in known if pk in found]


def each(articles: Sequence[Article], do: Callable[[int], object]) -> Outcome:
    """Do a verb (given a story's id) to each of the stories; what it refuses is said of that story.

    Nothing of one story's depends on another's.
    """
    done: list[str] = []
    refused: list[Refused] = []
    for article in articles:
        try:
            do(article.pk)
        except ValidationError as wrong:
            refused.append(Refused(article.headline, " ".join(wrong.messages)))
        except PermissionDenied as wrong:
            refused.append(Refused(article.headline, str(wrong)))
        except revisions.Stale:
            refused.append(
                Refused(article.headline, _("A colleague was quicker. Look at it again."))
            )
        except Article.DoesNotExist:
            refused.append(Refused(article.headline, _("It was deleted meanwhile.")))
        else:
            done.append(article.headline)
    return Outcome(tuple(done), tuple(refused))
