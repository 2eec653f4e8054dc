"""Requests forged by another site: a hidden token in each form, that never expires under its writer."""

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

protection = CSRFProtect()


class FormIsForged(Refusal):
    """The form's token is missing or is not of this session."""

    sentence = N_(
        "Ce formulaire n’a pas pu être vérifié. Votre texte est conservé ci-dessous ; rouvrez la page et envoyez-le à nouveau."
    )
    status = 400


def attach(app: Flask) -> None:
    """Check the token, and the site the request comes from, on each writing request."""
    protection.init_app(app)

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method in ("POST", "PUT", "PATCH", "DELETE"):
            if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
                raise FormIsForged
            origin = request.headers.get("Origin")
            if origin and origin != "null" and origin.rstrip("/") != request.host_url.rstrip("/"):
                raise FormIsForged

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> Response:
        from awards_app.web.refused import answer_refusal

        return answer_refusal(FormIsForged())
