"""Refusals with pages of their own: the deadline has passed, the draft was deleted, the session ended under the writer."""

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError

from awards_app.domain.candidacies import CallIsClosed, CandidacyIsDeleted
from awards_app.domain.refusals import SignInIsNeeded
from awards_app.web.doors import wants_json
from awards_app.web.forgery import FormIsForged
from awards_app.web.languages import closing_in_words
from awards_app.web.people import the_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.refused import answer_refusal, typed_text
from awards_app.web.structure.latecomers import note_latecomers, remember

# What a form carries beside the answers, sent again with them but not shown.
_BESIDE = ("base-", "version")


def closed_sentence(refusal: CallIsClosed) -> str:
    """Return the refusal's sentence with the closing instant in words and its zone."""
    remember(refusal)
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


def session_ended(refusal: SignInIsNeeded) -> Response:
    """Give back what was typed when nobody is signed in any more, ready to be sent again after signing in."""
    return _again(refusal, 401)


def form_is_of_another_session(_error: CSRFError) -> Response:
    """Give back what was typed when the form is of a session that ended, ready to be sent again with a new token."""
    return _again(FormIsForged(), 400)


def _again(refusal: SignInIsNeeded | FormIsForged, status: int) -> Response:
    if wants_json() or request.endpoint != "candidacies.save_section":
        return answer_refusal(refusal)
    typed = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    page = render_template(
        "structure/again.html",
        typed=[pair for pair in typed if pair[1].strip() and not pair[0].startswith(_BESIDE)],
        beside=[pair for pair in typed if pair[0].startswith(_BESIDE)],
        signed_in=the_holder() is not None,
    )
    return make_response(page, status)


def answer_both(blueprint: Blueprint) -> None:
    """Give a blueprint of candidacies the pages of these refusals."""
    note_latecomers(blueprint)
    blueprint.register_error_handler(CallIsClosed, call_is_closed)
    blueprint.register_error_handler(CandidacyIsDeleted, is_deleted)
    blueprint.register_error_handler(SignInIsNeeded, session_ended)
    blueprint.register_error_handler(CSRFError, form_is_of_another_session)
