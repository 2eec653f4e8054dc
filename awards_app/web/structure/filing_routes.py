"""Reading a candidacy again, submitting it, its receipt; taking it back, withdrawing, deleting, restoring."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.candidacies import CandidacyIsIncomplete, ReasonIsMissing
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.queries.deadlines import closings_until
from awards_app.queries.drafts import own_draft
from awards_app.queries.filed_copies import filed_bytes, filed_copy
from awards_app.services import candidacies
from awards_app.services.receipt_papers import draft_copy, receipt_pdf
from awards_app.web.doors import requires, wants_json
from awards_app.web.languages import closing_in_words
from awards_app.web.moment import the_arrival, the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.structure.attachment_routes import reading_of
from awards_app.web.structure.closed import answer_both
from awards_app.web.structure.forms import ReasonForm
from awards_app.web.structure.presenters import closing_times, countdown_to, instant_times, missing_items
from awards_app.web.structure.rights import rights_of

blueprint = Blueprint("filings", __name__, url_prefix="/candidatures")
answer_both(blueprint)
Page = str | tuple[str, int] | BaseResponse | tuple[BaseResponse, int]


@blueprint.get("/<key>/relecture")
@requires(Permission.READ_OWN_CANDIDACY)
def review(key: str) -> Page:
    """Show the candidacy as the jury will read it, and what is missing."""
    return _review_page(key)


@blueprint.post("/<key>/deposer")
@requires(Permission.SUBMIT_CANDIDACY)
def submit(key: str) -> Page:
    """Submit the candidacy and show the receipt."""
    client_key = request.form.get("cle") or None
    try:
        receipt = candidacies.submit_candidacy(a_holder(), key, the_arrival(), client_key=client_key)
    except CandidacyIsIncomplete as refusal:
        if wants_json():
            errors = {code: sentence_of(sentence) for code, sentence in refusal.errors.items()}
            return jsonify(message=sentence_of(refusal), errors=errors), 422
        return _review_page(key), 422
    if wants_json():
        answer = {
            "receipt": receipt.number,
            "sha256": receipt.sha256,
            "submitted_at": receipt.submitted_at.isoformat(),
        }
        return jsonify(answer)
    return redirect(url_for("filings.receipt", key=key), 303)


@blueprint.get("/<key>/accuse")
@requires(Permission.READ_OWN_CANDIDACY)
def receipt(key: str) -> Page:
    """Show the receipt of the submission that stands."""
    holder, now = a_holder(), the_now()
    draft = own_draft(holder, key, now)
    if draft.filing is None:
        raise DoesNotExist
    calendar = draft.calendar
    return render_template(
        "structure/receipt.html",
        draft=draft,
        copy=filed_copy(holder, key, now, "own"),
        reading=reading_of(key),
        received=instant_times(draft.filing.submitted_at, calendar.zone),
        closing=closing_times(draft.closes_at, calendar.zone),
        closings=[
            closing_in_words(at, zone)
            for at, zone in closings_until(draft.facts.own_round_id, draft.filing.submitted_at)
        ],
        calendar=calendar,
        may=rights_of(draft),
    )


@blueprint.get("/<key>/accuse.pdf")
@requires(Permission.READ_OWN_CANDIDACY)
def receipt_paper(key: str) -> Response:
    """Download the receipt with the submitted answers."""
    number, content = receipt_pdf(a_holder(), key, the_now())
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.pdf"'
    return response


@blueprint.get("/<key>/depot.json")
@requires(Permission.READ_OWN_CANDIDACY)
def filed_content(key: str) -> Response:
    """Download what was submitted, byte for byte: its SHA-256 is the fingerprint of the receipt."""
    number, content = filed_bytes(a_holder(), key, the_now())
    response = Response(content, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.json"'
    return response


@blueprint.post("/<key>/reprendre")
@requires(Permission.SUBMIT_CANDIDACY)
def take_back(key: str) -> BaseResponse:
    """Open a submitted candidacy for changes."""
    candidacies.take_back_candidacy(a_holder(), key, the_arrival())
    flash(
        _(
            "Vous pouvez modifier vos réponses. Votre version déposée reste valable tant qu’une autre ne la remplace pas."
        ),
        "info",
    )
    return redirect(url_for("candidacies.show", key=key), 303)


@blueprint.get("/<key>/retirer")
@requires(Permission.READ_OWN_CANDIDACY)
def withdrawal(key: str) -> Page:
    """Show the page that withdraws a submitted candidacy."""
    draft = own_draft(a_holder(), key, the_now())
    if not rights_of(draft)["withdraw"]:
        return redirect(url_for("candidacies.show", key=key))
    return render_template("structure/withdraw.html", draft=draft, form=ReasonForm())


@blueprint.post("/<key>/retirer")
@requires(Permission.WITHDRAW_CANDIDACY)
def withdraw(key: str) -> Page:
    """Withdraw a submitted candidacy, with its reason."""
    form = ReasonForm()
    try:
        candidacies.withdraw_candidacy(a_holder(), key, form.reason.data or "", the_arrival())
    except ReasonIsMissing as refusal:
        form.reason.errors = [sentence_of(refusal)]
        draft = own_draft(a_holder(), key, the_now())
        return render_template("structure/withdraw.html", draft=draft, form=form), 422
    flash(_("Votre candidature est retirée."), "success")
    return redirect(url_for("candidacies.show", key=key), 303)


@blueprint.post("/<key>/suppression")
@requires(Permission.SAVE_DRAFT)
def delete(key: str) -> BaseResponse:
    """Delete a draft."""
    candidacies.delete_draft(a_holder(), key, the_arrival())
    flash(
        _("Le brouillon est supprimé. Vous pouvez le restaurer pendant 30 jours, au bas de cette page."),
        "success",
    )
    return redirect(url_for("structure.home"), 303)


@blueprint.post("/<key>/restaurer")
@requires(Permission.SAVE_DRAFT)
def restore(key: str) -> BaseResponse:
    """Bring a deleted draft back."""
    candidacies.restore_draft(a_holder(), key, the_arrival())
    flash(_("Le brouillon est restauré."), "success")
    return redirect(url_for("candidacies.show", key=key), 303)


def _review_page(key: str) -> str:
    holder, now = a_holder(), the_now()
    draft = own_draft(holder, key, now)
    criteria = {found.code: found.name for found in draft.criteria}
    return render_template(
        "structure/review.html",
        draft=draft,
        copy=draft_copy(draft),
        reading=reading_of(key),
        clock=countdown_to(draft.closes_at, draft.facts.round.zone, now),
        missing=missing_items(draft),
        criteria=criteria,
        closing=closing_times(draft.closes_at, draft.facts.round.zone),
        may=rights_of(draft),
    )
