"""The exports of a round, as files that a spreadsheet or an independent program reads."""

from flask import Blueprint, Response, request

from awards_app.domain.permissions import Permission
from awards_app.services import exports
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint("staff_exports", __name__, url_prefix="/coordination/<round_key>/exports")

CSV = "text/csv; charset=utf-8"


@blueprint.get("/candidatures")
@requires(Permission.EXPORT_CANDIDACIES)
def candidacies(round_key: str) -> Response:
    """Send the candidacies of the round, without any score."""
    return _sent(exports.export_candidacies(a_holder(), round_key, the_now()), CSV)


@blueprint.get("/agregats")
@requires(Permission.EXPORT_AGGREGATES)
def aggregates(round_key: str) -> Response:
    """Send the ranking and the unattributed levels."""
    return _sent(exports.export_aggregates(a_holder(), round_key, the_now()), CSV)


@blueprint.get("/notes")
@requires(Permission.EXPORT_ATTRIBUTED)
def attributed(round_key: str) -> Response:
    """Send who gave what, in the snapshot that holds or in a former one by its number."""
    number = request.args.get("instantane", type=int)
    return _sent(exports.export_attributed(a_holder(), round_key, the_now(), number=number), CSV)


@blueprint.get("/archive")
@requires(Permission.EXPORT_ATTRIBUTED)
def sealed(round_key: str) -> Response:
    """Send the sealed archive."""
    return _sent(exports.export_sealed(a_holder(), round_key, the_now()), "application/zip")


def _sent(export: exports.Export, media_type: str) -> Response:
    response = Response(export.pieces, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{export.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
