"""Two refusals with pages of their own: the deadline has passed, the draft was deleted."""

from flask import Blueprint, Response, g, jsonify, make_response, render_template, request

from awards_app.domain.candidacies import CallIsClosed, CandidacyIsDeleted
from awards_app.services.late_attempts import note_late_attempt
from awards_app.web.doors import wants_json
from awards_app.web.languages import closing_in_words
from awards_app.web.moment import the_arrival
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.refused import answer_refusal, typed_text


def closed_sentence(refusal: CallIsClosed) -> str:
    """Return the refusal's sentence with the closing instant in words and its zone; who came too late is noted."""
    g.call_is_closed = refusal
    refusal.values["closing"] = closing_in_words(refusal.closes_at, refusal.zone)
    return sentence_of(refusal)


def call_is_closed(refusal: CallIsClosed) -> Response:
    """Answer a refusal of the deadline in the routes of candidacies."""
    closed_sentence(refusal)
    return answer_refusal(refusal)


def is_deleted(refusal: CandidacyIsDeleted) -> Response:
    """Offer to restore a deleted draft, with what was typed given back."""
    if wants_json():
        return make_response(jsonify(message=sentence_of(refusal)), 410)
    kept = typed_text()
    page = render_template(
        "structure/deleted.html", sentence=sentence_of(refusal), key=refusal.key, kept=kept
    )
    return make_response(page, 410)


def note_who_came_late(response: Response) -> Response:
    """Note once the refused act has left nothing: staff read it, and the person is told if the call reopens."""
    refusal: CallIsClosed | None = g.pop("call_is_closed", None)
    if refusal is not None and request.method == "POST":
        note_late_attempt(
            a_holder(),
            (request.endpoint or "").rpartition(".")[2][:20],
            refusal.closes_at,
            the_arrival(),
            candidacy=str((request.view_args or {}).get("key", "")),
            structure=request.form.get("structure", ""),
        )
    return response


def answer_both(blueprint: Blueprint) -> None:
    """Give a blueprint of candidacies the pages of these refusals."""
    blueprint.after_request(note_who_came_late)
    blueprint.register_error_handler(CallIsClosed, call_is_closed)
    blueprint.register_error_handler(CandidacyIsDeleted, is_deleted)
