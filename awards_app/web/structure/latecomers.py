"""Who was refused because the call had closed: noted after the answer, whichever route of candidacies refused."""

from flask import Blueprint, Response, g, request

from awards_app.domain.candidacies import CallIsClosed
from awards_app.services.late_attempts import note_late_attempt
from awards_app.web.moment import the_arrival
from awards_app.web.people import the_holder


def remember(refusal: CallIsClosed) -> None:
    """Keep the refusal until the answer is made."""
    g.call_is_closed = refusal


def note_who_came_late(response: Response) -> Response:
    """Note once the refused act has left nothing: staff read it, and the person is told if the call reopens."""
    refusal: CallIsClosed | None = g.pop("call_is_closed", None)
    holder = the_holder()
    if refusal is not None and holder is not None and request.method not in ("GET", "HEAD"):
        note_late_attempt(
            holder,
            (request.endpoint or "").rpartition(".")[2][:20],
            refusal.closes_at,
            the_arrival(),
            candidacy=str((request.view_args or {}).get("key", "")),
            structure=request.form.get("structure", ""),
        )
    return response


def note_latecomers(blueprint: Blueprint) -> None:
    """Note who comes too late to the routes of a blueprint."""
    blueprint.after_request(note_who_came_late)
