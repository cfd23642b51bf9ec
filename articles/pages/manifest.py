"""The web app manifest: what a device calls the site, and shows, once it is put on its screen."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

# The paper's own ground, as static/site/site.css says it: a manifest knows one scheme only.
PAPER = "#f9faf8"
# Seconds: names and icons change with a release, and a device asks again in its own time.
KEPT_FOR = 3600
_SIZES = (192, 512)  # pixels, square; what browsers ask of a site that can be installed


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    answer = JsonResponse(_members(), content_type="application/manifest+json")
    answer["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return answer


def _members() -> dict[str, Any]:
    """The manifest's members (W3C Web Application Manifest, section 1)."""
    return {
        "id": "/",
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "lang": settings.LANGUAGE_CODE,
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": "/",
        "scope": "/",
        # With the browser's way back: stories link to the world outside.
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {
                "src": static(f"site/icon-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any",
            }
            for size in _SIZES
        ],
    }
