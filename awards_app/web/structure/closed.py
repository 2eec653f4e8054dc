"""Two refusals with pages of their own: the deadline has passed, the draft was deleted."""

from flask import Blueprint, Response, jsonify, make_response, render_template

from awards_app.domain.candidacies import CallIsClosed, CandidacyIsDeleted
from awards_app.web.doors import wants_json
from awards_app.web.languages import closing_in_words
from awards_app.web.phrases import sentence_of
from awards_app.web.refused import answer_refusal, typed_text


def closed_sentence(refusal: CallIsClosed) -> str:
    """Return the refusal's sentence with the closing instant in words and its zone."""
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


def answer_both(blueprint: Blueprint) -> None:
    """Give a blueprint of candidacies the pages of these refusals."""
    blueprint.register_error_handler(CallIsClosed, call_is_closed)
    blueprint.register_error_handler(CandidacyIsDeleted, is_deleted)
