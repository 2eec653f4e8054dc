"""Refusals with pages of their own: the deadline has passed, the draft was deleted, the session ended under the writer.

Whatever refuses a section, what was typed in it comes back under its questions' own words.
"""

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError

from awards_app.domain.candidacies import CallIsClosed, CandidacyIsDeleted
from awards_app.domain.refusals import Refusal, SignInIsNeeded
from awards_app.web.doors import wants_json
from awards_app.web.forgery import FormIsForged
from awards_app.web.languages import closing_in_words
from awards_app.web.people import the_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.refused import answer_refusal
from awards_app.web.structure.given_back import SECTION, given_back
from awards_app.web.structure.latecomers import note_latecomers, remember

# What a form carries beside the answers, sent again with them but not shown.
_BESIDE = ("base-", "version", "formulaire")


def closed_sentence(refusal: CallIsClosed) -> str:
    """Return the refusal's sentence with the closing instant in words and its zone."""
    remember(refusal)
    refusal.values["closing"] = closing_in_words(refusal.closes_at, refusal.zone)
    return sentence_of(refusal)


def call_is_closed(refusal: CallIsClosed) -> Response:
    """Answer a refusal of the deadline in the routes of candidacies."""
    closed_sentence(refusal)
    return is_refused(refusal)


def is_refused(refusal: Refusal) -> Response:
    """Answer any other refusal: who is no member any more, who writes in what a colleague has just submitted."""
    kept = [] if wants_json() else [(one.label, one.words) for one in given_back()]
    return answer_refusal(refusal, kept)


def is_deleted(refusal: CandidacyIsDeleted) -> Response:
    """Offer to restore a deleted draft, with what was typed given back."""
    if wants_json():
        return make_response(jsonify(message=sentence_of(refusal)), 410)
    kept = [(one.label, one.words) for one in given_back()]
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
    if wants_json() or request.endpoint != SECTION:
        return answer_refusal(refusal)
    # A text that was emptied goes again too: left out, the former one would stand.
    beside = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name.startswith(_BESIDE) or not (value.strip() or name == "csrf_token")
    ]
    page = render_template(
        "structure/again.html", typed=given_back(), beside=beside, signed_in=the_holder() is not None
    )
    return make_response(page, status)


def answer_both(blueprint: Blueprint) -> None:
    """Give a blueprint of candidacies the pages of these refusals."""
    note_latecomers(blueprint)
    blueprint.register_error_handler(CallIsClosed, call_is_closed)
    blueprint.register_error_handler(CandidacyIsDeleted, is_deleted)
    blueprint.register_error_handler(SignInIsNeeded, session_ended)
    blueprint.register_error_handler(Refusal, is_refused)
    blueprint.register_error_handler(CSRFError, form_is_of_another_session)
