"""The attachments of a candidacy by its own people: sent by a plain form, read, downloaded inert, taken away."""

from flask import Blueprint, flash, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.candidacies import CallIsClosed
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.domain.uploads import PreviewIsMissing
from awards_app.queries.attachments import attachment_facts, marks_of
from awards_app.queries.drafts import own_draft
from awards_app.services import candidacies
from awards_app.services.attachments import read_attachment
from awards_app.services.previews import read_picture
from awards_app.services.uploads import check_may_attach
from awards_app.web.attached import Reading, attached_file, attached_picture, shown_pages
from awards_app.web.doors import requires, wants_json
from awards_app.web.moment import the_arrival, the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.structure.closed import answer_both
from awards_app.web.structure.section_page import back_to_question, one_value, section_page

blueprint = Blueprint("attachments", __name__, url_prefix="/candidatures")
answer_both(blueprint)
Page = str | tuple[str, int] | BaseResponse | tuple[BaseResponse, int]
# A form that sends files holds little else.
FIELD_BYTES, PARTS = 100_000, 50


@blueprint.url_value_preprocessor
def expect_little_beside_files(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Lower the limits of forms before anything of this one is read."""
    request.max_form_memory_size, request.max_form_parts = FIELD_BYTES, PARTS


@blueprint.post("/<key>/pieces")
@requires(Permission.CHANGE_ATTACHMENT)
def attach(key: str) -> Page:
    """Receive one or several files for a question."""
    holder, arrived = a_holder(), the_arrival()
    code = one_value("question")
    files = [file for file in request.files.getlist("file") if file.filename]
    kept, refused = [], []
    for file in files:
        with file.stream as stream:
            content = stream.read()
        try:
            kept.append(candidacies.add_attachment(holder, key, code, file.filename or "", content, arrived))
        except Refusal as refusal:
            if refusal.status in (403, 404, 409) and isinstance(refusal, CallIsClosed | DoesNotExist):
                raise
            refused.append((file.filename or "", refusal))
    if not files:
        # Nothing was tried that would have asked whether this person may: ask it.
        check_may_attach(holder, key, arrived)
    if wants_json():
        status = refused[0][1].status if refused else 200 if files else 422
        messages = [{"name": name, "message": sentence_of(refusal)} for name, refusal in refused]
        message = messages[0]["message"] if messages else ""
        return jsonify(kept=kept, refused=messages, message=message), status
    if refused or not files:
        draft = own_draft(holder, key, arrived)
        progress = next((p for p in draft.sections if any(q.code == code for q in p.questions)), None)
        if progress is None:
            raise refused[0][1] if refused else DoesNotExist()
        sentences = [f"{name} : {sentence_of(refusal)}" for name, refusal in refused]
        errors = {code: sentences or [_("Choisissez un fichier.")]}
        page = section_page(draft, progress, file_errors=errors)
        return page, refused[0][1].status if refused else 422
    flash(_("Fichier reçu.") if len(kept) == 1 else _("Fichiers reçus."), "success")
    return back_to_question(key, code, arrived)


@blueprint.get("/<key>/pieces/<attachment_key>")
@requires(Permission.READ_ATTACHMENT)
def attachment(key: str, attachment_key: str) -> BaseResponse:
    """Download an attachment."""
    return attached_file(read_attachment(a_holder(), key, attachment_key, the_now()))


@blueprint.get("/<key>/pieces/<attachment_key>/pages/<int(max=100000):number>")
@requires(Permission.READ_ATTACHMENT)
def picture(key: str, attachment_key: str, number: int) -> BaseResponse:
    """Show the picture of a page; 0 is the thumbnail."""
    return attached_picture(read_picture(a_holder(), key, attachment_key, number, the_now()))


@blueprint.get("/<key>/pieces/<attachment_key>/lire")
@requires(Permission.READ_ATTACHMENT)
def read(key: str, attachment_key: str) -> Page:
    """Read an attachment in the page."""
    facts = attachment_facts(a_holder(), key, attachment_key, the_now())
    reading = reading_of(key)
    first = request.args.get("page", 1, type=int)
    pages = shown_pages(reading.mark(attachment_key).pages, first)
    if first != 1 and not pages:
        raise PreviewIsMissing
    return render_template(
        "structure/attachment.html",
        key=key,
        attachment_key=attachment_key,
        name=facts.name,
        reading=reading,
        pages=pages,
    )


def reading_of(key: str) -> Reading:
    """Return how the people of a candidacy read its files (one query)."""
    return Reading(
        marks=marks_of(key),
        href=lambda one: url_for("attachments.attachment", key=key, attachment_key=one),
        picture=lambda one, number: url_for(
            "attachments.picture", key=key, attachment_key=one, number=number
        ),
        reader=lambda one, page: url_for(
            "attachments.read", key=key, attachment_key=one, page=page if page > 1 else None
        ),
    )


@blueprint.post("/<key>/pieces/<attachment_key>/supprimer")
@requires(Permission.CHANGE_ATTACHMENT)
def detach(key: str, attachment_key: str) -> BaseResponse:
    """Take an attachment from the draft."""
    arrived, question = the_arrival(), one_value("question")
    candidacies.remove_attachment(a_holder(), key, attachment_key, arrived)
    flash(_("Fichier supprimé."), "success")
    return back_to_question(key, question, arrived)
