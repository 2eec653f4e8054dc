"""Every refusal becomes a page (or JSON) with a sentence, and gives back what was typed."""

import logging
import secrets
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from awards_app.database import db
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.domain.words import N_
from awards_app.web.doors import wants_json
from awards_app.web.phrases import sentence_of

log = logging.getLogger("awards_app.refused")
# What is never shown back: secrets, and what is not text of the person (what a form carries beside it, its buttons).
_BESIDE = ("base-", "garder-", "garde-")
_NEVER_KEPT = {
    "csrf_token",
    "password",
    "new_password",
    "current_password",
    "token",
    "version",
    "suite",
    "cle",
    "empreinte",
    "formulaire",
    "suivante",
    "rester",
}

TITLES = {
    400: N_("Cette demande n’a pas pu être lue"),
    401: N_("Connectez-vous pour continuer"),
    403: N_("Cette action ne vous est pas ouverte"),
    404: N_("Page introuvable"),
    405: N_("Cette adresse n’accepte pas cette action"),
    409: N_("Cette action n’est pas possible maintenant"),
    410: N_("Ce lien n’est plus valable"),
    413: N_("Envoi trop volumineux"),
    415: N_("Format non accepté"),
    422: N_("Certaines réponses sont à corriger"),
    429: N_("Trop de tentatives"),
    500: N_("Un incident nous a empêchés de répondre"),
    503: N_("Réessayez dans un instant"),
}
SENTENCES = {
    400: N_("La demande est incomplète ou mal formée."),
    405: N_("Revenez à la page précédente et utilisez ses boutons."),
    413: N_("L’envoi est trop volumineux : %(limit)s Mio au plus."),
    415: N_("Format non accepté."),
    429: N_("Trop de tentatives. Patientez quelques minutes, puis réessayez."),
    500: N_("L’incident est enregistré. Rien de ce qui était enregistré n’est perdu."),
    503: N_("Réessayez : votre texte est conservé ci-dessous."),
}


def answer_refusal(refusal: Refusal, kept: list[tuple[str, str]] | None = None) -> Response:
    """Return the answer for a rule that said no; ``kept`` is what was typed, where a room names its fields better."""
    errors = {field: sentence_of(words) for field, words in getattr(refusal, "errors", {}).items()}
    return _answer(refusal.status, sentence_of(refusal), errors=errors, kept=kept)


def _answer(
    status: int,
    sentence: str,
    *,
    errors: dict[str, str] | None = None,
    incident: str = "",
    kept: list[tuple[str, str]] | None = None,
) -> Response:
    if wants_json():
        body: dict[str, Any] = {"status": status, "message": sentence}
        if errors:
            body["errors"] = errors
        if incident:
            body["incident"] = incident
        response = make_response(jsonify(body), status)
    else:
        page = render_template(
            "errors/error.html",
            status=status,
            title=_(TITLES.get(status, TITLES[400])),
            sentence=sentence,
            errors=errors or {},
            kept=typed_text() if kept is None else kept,
            incident=incident,
        )
        response = make_response(page, status)
    if status in (429, 503):
        response.headers["Retry-After"] = "60" if status == 429 else "5"
    return response


def typed_text() -> list[tuple[str, str]]:
    """Return what the person typed in this request, by field, secrets left out."""
    if request.method in ("GET", "HEAD") or request.mimetype not in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        return []
    try:
        typed = list(request.form.items(multi=True))
    except HTTPException:
        return []
    return [
        (name, value)
        for name, value in typed
        if value.strip() and name not in _NEVER_KEPT and not name.startswith(_BESIDE)
    ]


def attach(app: Flask) -> None:
    """Answer refusals, HTTP errors, a busy database and the unexpected."""
    limit = app.config["MAX_CONTENT_LENGTH"] // (1024 * 1024)

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        return answer_refusal(refusal)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        if isinstance(error, SecurityError):
            # The host is not ours: no page can be made, since its links would be of that host.
            return make_response(_(SENTENCES[400]), 400, {"Content-Type": "text/plain; charset=utf-8"})
        if error.response is not None:
            return error.response  # type: ignore[return-value]  # werkzeug's response
        if status == 404:
            return answer_refusal(DoesNotExist())
        if status == 422:
            return answer_refusal(InputIsInvalid())
        sentence = SENTENCES.get(status, SENTENCES[400])
        response = _answer(status, _(sentence, limit=limit) if status == 413 else _(sentence))
        if status == 405 and getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]  # MethodNotAllowed has it
        return response

    @app.errorhandler(OperationalError)
    def database_is_busy(error: OperationalError) -> Response:
        db.session.rollback()
        log.warning("the database did not answer: %s", type(error.orig).__name__)
        return _answer(503, _(SENTENCES[503]))

    @app.before_request
    def refuse_addresses_with_a_nul() -> None:
        # No identifier holds one, and PostgreSQL refuses to be asked for it.
        if "\x00" in request.path:
            raise DoesNotExist

    @app.errorhandler(DataError)
    def value_is_unreadable(error: DataError) -> Response:
        """A value that no column can hold (a NUL, a number without end): the request is malformed, nothing was done."""
        db.session.rollback()
        log.warning("a value was refused by the database: %s", type(error.orig).__name__)
        return _answer(400, _(SENTENCES[400]))

    @app.errorhandler(InternalServerError)
    def unexpected(error: InternalServerError) -> Response:
        incident = secrets.token_hex(4)
        log.error("incident %s", incident, exc_info=error.original_exception or error)
        return _answer(500, _(SENTENCES[500]), incident=incident)
