"""Files that come in pieces and go on after a cut: the tus protocol 1.0 (creation, checksum, expiration, termination).

A piece is a few hundred kilobytes, so that no thread of the server waits long for a slow line. Each request passes the
form token (`X-CSRFToken`), the door, the candidacy's lock and the rules, as a whole file would.
"""

import base64
import hashlib
from datetime import UTC

from flask import Blueprint, Response, abort, jsonify, make_response, request, url_for
from werkzeug.http import http_date

from awards_app.domain.permissions import Permission
from awards_app.domain.uploads import MIB, ChecksumDiffers
from awards_app.services import uploads
from awards_app.web.doors import requires
from awards_app.web.moment import the_arrival
from awards_app.web.people import a_holder
from awards_app.web.structure.closed import answer_both

blueprint = Blueprint("uploads", __name__, url_prefix="/candidatures/<key>/envois")
answer_both(blueprint)

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration,termination"
LARGEST_PIECE = MIB
HASHES = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}


@blueprint.after_request
def say_protocol(response: Response) -> Response:
    """Name the protocol in each answer, and what it can do to whoever asks."""
    response.headers["Tus-Resumable"] = VERSION
    if request.method == "OPTIONS" or response.status_code == 412:
        response.headers["Tus-Version"] = VERSION
        response.headers["Tus-Extension"] = EXTENSIONS
        response.headers["Tus-Checksum-Algorithm"] = ",".join(HASHES)
    return response


@blueprint.post("")
@requires(Permission.CHANGE_ATTACHMENT)
def begin(key: str) -> Response:
    """Begin an upload: `Upload-Length`, `Upload-Metadata` with filename and question. 201 and its address."""
    holder, arrived = a_holder(), the_arrival()
    uploads.check_may_attach(holder, key, arrived)
    _check_version()
    length = _whole_number("Upload-Length")
    given = _metadata(request.headers.get("Upload-Metadata", ""))
    begun = uploads.begin_upload(
        holder, key, given.get("question", ""), given.get("filename", ""), length, arrived
    )
    response = make_response("", 201)
    response.headers["Location"] = url_for("uploads.append", key=key, upload_key=begun.key)
    return _with_place(response, begun)


@blueprint.route("/<upload_key>", methods=["HEAD"])
@requires(Permission.CHANGE_ATTACHMENT)
def ask(key: str, upload_key: str) -> Response:
    """Say how far the upload is."""
    facts = uploads.upload_facts(a_holder(), key, upload_key, the_arrival())
    _check_version()
    response = _with_place(make_response("", 200), facts)
    response.headers["Upload-Length"] = str(facts.length)
    return response


@blueprint.route("/<upload_key>", methods=["PATCH"])
@requires(Permission.CHANGE_ATTACHMENT)
def append(key: str, upload_key: str) -> Response:
    """Receive the next piece; the last one makes the file an attachment, whose key `Attachment-Key` gives."""
    holder, arrived = a_holder(), the_arrival()
    uploads.upload_facts(holder, key, upload_key, arrived)
    _check_version()
    if request.mimetype != "application/offset+octet-stream":
        abort(415)
    offset = _whole_number("Upload-Offset")
    facts = uploads.append_piece(holder, key, upload_key, offset, _piece(), arrived)
    response = _with_place(make_response("", 204), facts)
    if facts.is_whole:
        response.headers["Attachment-Key"] = uploads.finish_upload(holder, key, upload_key, arrived)
    return response


@blueprint.route("/<upload_key>", methods=["DELETE"])
@requires(Permission.CHANGE_ATTACHMENT)
def end(key: str, upload_key: str) -> Response:
    """Give up an upload."""
    uploads.end_upload(a_holder(), key, upload_key, the_arrival())
    return make_response("", 204)


@blueprint.errorhandler(ChecksumDiffers)
def checksum_differs(refusal: ChecksumDiffers) -> Response:
    """Answer with the protocol's own status."""
    return make_response(jsonify(message=str(refusal)), 460)


def _check_version() -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        abort(412)


def _whole_number(header: str) -> int:
    value = request.headers.get(header, "")
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        abort(400)
    return int(value)


def _metadata(header: str) -> dict[str, str]:
    found = {}
    for pair in header.split(","):
        name, _space, value = pair.strip().partition(" ")
        if not name:
            continue
        try:
            found[name] = base64.b64decode(value, validate=True).decode("utf-8")
        except ValueError:
            abort(400)
    return found


def _piece() -> bytes:
    """Return the body, 413 when it is longer than a piece may be, 460 when it is not the one that was announced."""
    request.max_content_length = LARGEST_PIECE
    content = request.get_data(cache=False)
    announced = request.headers.get("Upload-Checksum")
    if announced:
        name, _space, value = announced.partition(" ")
        if name not in HASHES:
            abort(400)
        if base64.b64encode(HASHES[name](content).digest()).decode() != value.strip():
            raise ChecksumDiffers
    return content


def _with_place(response: Response, facts: uploads.UploadFacts) -> Response:
    response.headers["Upload-Offset"] = str(facts.received)
    response.headers["Upload-Expires"] = http_date(facts.expires_at.astimezone(UTC))
    return response
