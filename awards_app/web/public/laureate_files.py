"""The pictures of a laureate's page: the photo in each of its sizes, and the card of a shared link."""

from flask import Blueprint, Response, request

from awards_app.domain.permissions import Permission
from awards_app.services.honour_photos import read_photo
from awards_app.services.share_cards import share_card
from awards_app.web.doors import open_to_all
from awards_app.web.public.honours_routes import PUBLISHED

blueprint = Blueprint("laureates", __name__, url_prefix="/laureats/<slug>")
# A correction is seen everywhere within a minute.
KEPT_SECONDS = 60


@blueprint.get("/photo/<photo_key>-<int(max=10000):width>.jpg")
@open_to_all(PUBLISHED, Permission.READ_HONOURS)
def photo(slug: str, photo_key: str, width: int) -> Response:
    """Give the photo of a laureate at one of its widths; a photo that was replaced or taken off is not there."""
    content, sha256 = read_photo(slug, photo_key, width)
    return inert(Response(content, mimetype="image/jpeg"), sha256)


@blueprint.get("/carte.png")
@open_to_all(PUBLISHED, Permission.READ_HONOURS)
def card(slug: str) -> Response:
    """Give the card that a shared link shows."""
    content, version = share_card(slug)
    return inert(Response(content, mimetype="image/png"), version)


def inert(response: Response, etag: str) -> Response:
    """Return a published file that a browser shows, never runs, and asks for again within a minute."""
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    # Social sites and other pages may show it.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(etag)
    response.make_conditional(request)
    return response
