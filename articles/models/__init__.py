"""The tables, a file a noun: taxonomy, the working copy and its revisions, what readers see, the
lists, the words of names, the fronts, the pictures, the audit, notes and notices, what is shown
outside, how often it is read, what a hub is told, and where old addresses lead."""

from articles.kinds import ListKind
from articles.models.article import AlsoRead, Article, ArticleTag, Byline
from articles.models.front import Banner, Front, Pin
from articles.models.listing import Edition, ListRow
from articles.models.move import Move
from articles.models.name_word import NameWord
from articles.models.notes import Note, Notice, NoticeChoice, Reason
from articles.models.picture import Image, Rendition
from articles.models.publication import (
    Publication,
    PublicationText,
    SlugClaim,
    state_after,
)
from articles.models.reads import LastRanking, MostRead, ReadsADay, ReadsAnHour
from articles.models.redirects import LeadsTo, Redirect
from articles.models.revision import OpenForm, Revision, RevisionKind
from articles.models.saved_filter import SavedFilter
from articles.models.sharing import Receipt, ShareLink, ShareView
from articles.models.taxonomy import RESERVED_SLUGS, Author, Section, SectionMember, Tag
from articles.models.websub import FeedTopic, HubLook

__all__ = [
    "RESERVED_SLUGS",
    "AlsoRead",
    "Article",
    "ArticleTag",
    "Author",
    "Banner",
    "Byline",
    "Edition",
    "FeedTopic",
    "Front",
    "HubLook",
    "Image",
    "LastRanking",
    "LeadsTo",
    "ListKind",
    "ListRow",
    "MostRead",
    "Move",
    "NameWord",
    "Note",
    "Notice",
    "NoticeChoice",
    "OpenForm",
    "Pin",
    "Publication",
    "PublicationText",
    "ReadsADay",
    "ReadsAnHour",
    "Reason",
    "Receipt",
    "Redirect",
    "Rendition",
    "Revision",
    "RevisionKind",
    "SavedFilter",
    "Section",
    "SectionMember",
    "ShareLink",
    "ShareView",
    "SlugClaim",
    "Tag",
    "state_after",
]
