"""What stories and pages are called outside the site: identifiers and absolute addresses."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import punycode

# Since when names under the host are the paper's to give (RFC 4151, section 2.1). Another year
# would give every story another identifier.
_SINCE = "2026"


def story_uri(article_id: int) -> str:
    """Return a story's identifier, the same for ever: a tag URI (RFC 4151).

    It holds neither path nor version; it is made of SITE_URL's host, and would change with it.
    """
    return tag_uri(f"story/{article_id}")


def picture_uri(image_id: int) -> str:
    """Return a picture's identifier, the same for ever, as that of a story."""
    return tag_uri(f"picture/{image_id}")


def tag_uri(what: str) -> str:
    """Return the identifier of something of the site's, by what it is called within it."""
    host = punycode(urlsplit(settings.SITE_URL).hostname or "")
    return f"tag:{host},{_SINCE}:{what}"


def absolute(path: str) -> str:
    """Return the address on SITE_URL of a path of the site."""
    return f"{settings.SITE_URL}{path}"
