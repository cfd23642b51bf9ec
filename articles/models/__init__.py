"""The tables, a file a noun: taxonomy, the working copy, what readers see, the lists."""

from articles.models.article import AlsoRead, Article, ArticleTag, Byline, Move, Revision
from articles.models.listing import Edition, ListKind, ListRow
from articles.models.publication import (
    Publication,
    PublicationText,
    SlugClaim,
    state_after,
)
from articles.models.taxonomy import RESERVED_SLUGS, Author, Section, SectionMember, Tag

__all__ = [
    "RESERVED_SLUGS",
    "AlsoRead",
    "Article",
    "ArticleTag",
    "Author",
    "Byline",
    "Edition",
    "ListKind",
    "ListRow",
    "Move",
    "Publication",
    "PublicationText",
    "Revision",
    "Section",
    "SectionMember",
    "SlugClaim",
    "Tag",
    "state_after",
]
