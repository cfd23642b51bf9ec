"""What kind of text a story is, as readers, search engines and other systems are told it; and the
address that follows from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoryKind(models.TextChoices):
    """The type of an article, and the one text that is none: a page of the site itself."""

    NEWS = "news", _("news")
    ANALYSIS = "analysis", _("analysis")
    OPINION = "opinion", _("opinion")
    REVIEW = "review", _("review")
    EXPLAINER = "explainer", _("explainer")
    PAGE = "page", _("page of the site")


# What a text is taken for that was typed before there were kinds, and that says nothing of it.
USUAL = StoryKind.NEWS


def path_of(kind: str, section: str, slug: str) -> str:
    """Return a text's address: a story stands in its section, a page of the site by itself.

    `section` and `slug` are the slugs of both.
    """
    return f"/{slug}/" if kind == StoryKind.PAGE else f"/{section}/{slug}/"


class ListKind(models.TextChoices):
    """What a list is of; `what` is the id of the section, author, tag or picture, 0 for all.

    Of a picture it is which stories show it: while one does, its files are public.
    """

    ALL = "all"
    SECTION = "section"
    AUTHOR = "author"
    TAG = "tag"
    PICTURE = "picture"
