"""The files of a candidacy for the jurors whom it is open to: read in the page, no download needed."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.permissions import Permission
from awards_app.domain.uploads import PreviewIsMissing
from awards_app.queries.attachments import jury_attachment_facts, marks_of
from awards_app.services.previews import read_jury_picture
from awards_app.web.attached import Reading, attached_picture, shown_pages
from awards_app.web.doors import requires
from awards_app.web.jury.kept import may_be_kept
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint(
    "jury_attachments", __name__, url_prefix="/jury/<seat_key>/candidatures/<candidacy_key>/pieces"
)


@blueprint.get("/<attachment_key>/pages/<int(max=100000):number>")
@requires(Permission.READ_ATTACHMENT)
def picture(seat_key: str, candidacy_key: str, attachment_key: str, number: int) -> BaseResponse:
    """Show the picture of a page; 0 is the thumbnail."""
    found = read_jury_picture(a_holder(), seat_key, candidacy_key, attachment_key, number, the_now())
    return may_be_kept(attached_picture(found))


@blueprint.get("/<attachment_key>/lire")
@requires(Permission.READ_ATTACHMENT)
def read(seat_key: str, candidacy_key: str, attachment_key: str) -> BaseResponse:
    """Read an attachment in the page."""
    facts = jury_attachment_facts(a_holder(), seat_key, candidacy_key, attachment_key, the_now())
    reading = reading_of(seat_key, candidacy_key)
    first = request.args.get("page", 1, type=int)
    pages = shown_pages(reading.mark(attachment_key).pages, first)
    if first != 1 and not pages:
        raise PreviewIsMissing
    page = render_template(
        "jury/attachment.html",
        seat_key=seat_key,
        candidacy_key=candidacy_key,
        attachment_key=attachment_key,
        name=facts.name,
        reading=reading,
        pages=pages,
    )
    return may_be_kept(page)


def reading_of(seat_key: str, candidacy_key: str, *, has_files: bool = True) -> Reading:
    """Return how a juror reads the files of a candidacy (one query, none without any)."""
    where: dict[str, Any] = {"seat_key": seat_key, "candidacy_key": candidacy_key}
    return Reading(
        marks=marks_of(candidacy_key) if has_files else {},
        href=lambda one: url_for("jury_file.attachment", attachment_key=one, **where),
        picture=lambda one, number: url_for(
            "jury_attachments.picture", attachment_key=one, number=number, **where
        ),
        reader=lambda one, page: url_for(
            "jury_attachments.read", attachment_key=one, page=page if page > 1 else None, **where
        ),
    )
