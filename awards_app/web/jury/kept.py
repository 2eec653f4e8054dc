"""The mark by which a browser may keep an answer for reading without a network (decision 0016)."""

from flask import Response, make_response

from awards_app.domain.phases import Phase
from awards_app.web.people import a_holder

MARK = "Awards-Offline"


def may_be_kept(answer: str | Response, phase: Phase | None = None) -> Response:
    """Return ``answer`` marked with the account it is for, while the jury scores; unmarked in any other ``phase``.

    Without a phase it belongs to a file, and the worker keeps it where it keeps the file.

    `Cache-Control` stays « no-store »: only the worker of the jury's pages reads the mark.
    """
    response = make_response(answer)
    if phase in (None, Phase.SCORING):
        response.headers[MARK] = a_holder().key
    return response
