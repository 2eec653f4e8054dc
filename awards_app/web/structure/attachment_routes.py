"""The attachments of a candidacy: sent one by one, downloaded inert, taken away."""

from flask import Blueprint, flash, jsonify, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.candidacies import CallIsClosed
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.queries.drafts import own_draft
from awards_app.services import candidacies
from awards_app.services.attachments import read_attachment
from awards_app.web.attached import attached_file
from awards_app.web.doors import requires, wants_json
from awards_app.web.moment import the_arrival, the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.structure.closed import answer_both
from awards_app.web.structure.section_page import back_to_question, one_value, section_page

blueprint = Blueprint("attachments", __name__, url_prefix="/candidatures")
answer_both(blueprint)
Page = str | tuple[str, int] | BaseResponse | tuple[BaseResponse, int]


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
        own_draft(holder, key, arrived)
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


@blueprint.post("/<key>/pieces/<attachment_key>/supprimer")
@requires(Permission.CHANGE_ATTACHMENT)
def detach(key: str, attachment_key: str) -> BaseResponse:
    """Take an attachment from the draft."""
    arrived, question = the_arrival(), one_value("question")
    candidacies.remove_attachment(a_holder(), key, attachment_key, arrived)
    flash(_("Fichier supprimé."), "success")
    return back_to_question(key, question, arrived)
