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
class Ticked:
    """A story, and what it was on the page where it was ticked.

    Nobody has looked at what it became since: whatever is decided is decided on these.
    """

    article: Article
    version: int
    pressed: int

    @property
    def value(self) -> str:
        """What its tick says on a page, so that the next one still knows what was looked at."""
        return f"{self.article.pk}:{self.version}:{self.pressed}"


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


def tick(article: Article) -> str:
    """What the tick of a story says on a page that shows it as it is now."""
    return Ticked(article, article.version, article.pressed).value


def stories(ticks: Sequence[str], *, by: Actor) -> list[Ticked]:
    """The stories that an actor may open among those ticked, in their order.

    Raises ValidationError where none is, or more than MOST were ticked.
    """
    known = {tick[0]: tick[1:] for tick in map(_read, ticks) if tick}
    if len(known) > MOST:
        raise ValidationError(
            _("Tick %(most)d stories at most; you ticked %(n)d.") % {"most": MOST, "n": len(known)}
        )
    asked = rights.stories_for(by).select_related("section").defer("body", "standfirst")
    found = asked.in_bulk(known)
    if not found:
        raise ValidationError(_("Tick the stories first, then choose what to do with them."))
    return [Ticked(found[pk], *counts) for pk, counts in known.items() if pk in found]


def _read(tick: str) -> tuple[int, int, int] | None:
    """The three numbers of a tick: id, version, pressed; None of what no page has written."""
    parts = tick.split(":", 3)
    if len(parts) != 3 or not all(map(is_id, parts)):
        return None
    pk, version, pressed = map(int, parts)
    return pk, version, pressed


def each(ticked: Sequence[Ticked], do: Callable[[Ticked], object]) -> Outcome:
    """Do a verb to each of the stories as it was ticked; what is refused is said of that story.

    Nothing of one story's depends on another's.
    """
    done: list[str] = []
    refused: list[Refused] = []
    for one in ticked:
        article = one.article
        try:
            do(one)
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
