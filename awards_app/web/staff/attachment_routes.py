"""The files of candidacies on the chamber's desk: read in the page, downloaded one by one or together."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.permissions import Permission
from awards_app.domain.uploads import PreviewIsMissing
from awards_app.queries.attachments import attachment_facts, marks_of
from awards_app.services.bundles import bundle_of_candidacy, bundle_of_round
from awards_app.services.previews import read_picture
from awards_app.web.attached import Reading, attached_bundle, attached_picture, shown_pages
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint("staff_attachments", __name__, url_prefix="/coordination/<round_key>")


@blueprint.get("/recevabilite/<key>/pieces/<attachment_key>/pages/<int(max=100000):number>")
@requires(Permission.READ_ATTACHMENT)
def picture(round_key: str, key: str, attachment_key: str, number: int) -> BaseResponse:
    """Show the picture of a page; 0 is the thumbnail."""
    holder, now = a_holder(), the_now()
    return attached_picture(read_picture(holder, key, attachment_key, number, now, desk_of=round_key))


@blueprint.get("/recevabilite/<key>/pieces/<attachment_key>/lire")
@requires(Permission.READ_ATTACHMENT)
def read(round_key: str, key: str, attachment_key: str) -> str:
    """Read an attachment in the page."""
    facts = attachment_facts(a_holder(), key, attachment_key, the_now(), desk_of=round_key)
    reading = reading_of(round_key, key)
    first = request.args.get("page", 1, type=int)
    pages = shown_pages(reading.mark(attachment_key).pages, first)
    if first != 1 and not pages:
        raise PreviewIsMissing
    return render_template(
        "staff/attachment.html",
        round_key=round_key,
        key=key,
        attachment_key=attachment_key,
        name=facts.name,
        reading=reading,
        pages=pages,
    )


@blueprint.get("/recevabilite/<key>/pieces.zip")
@requires(Permission.READ_ATTACHMENT)
def bundle(round_key: str, key: str) -> BaseResponse:
    """Download the files of a candidacy together."""
    found = bundle_of_candidacy(a_holder(), round_key, key, the_now())
    return attached_bundle(found.name, found.pieces)


@blueprint.get("/pieces.zip")
@requires(Permission.READ_ATTACHMENT)
def bundle_of_all(round_key: str) -> BaseResponse:
    """Download the files of every candidacy of the round together."""
    found = bundle_of_round(a_holder(), round_key, the_now())
    return attached_bundle(found.name, found.pieces)


def reading_of(round_key: str, key: str) -> Reading:
    """Return how the chamber reads the files of a candidacy (one query)."""
    where: dict[str, Any] = {"round_key": round_key, "key": key}
    return Reading(
        marks=marks_of(key),
        href=lambda one: url_for("admissibility.attachment", attachment_key=one, **where),
        picture=lambda one, number: url_for(
            "staff_attachments.picture", attachment_key=one, number=number, **where
        ),
        reader=lambda one, page: url_for(
            "staff_attachments.read", attachment_key=one, page=page if page > 1 else None, **where
        ),
    )
