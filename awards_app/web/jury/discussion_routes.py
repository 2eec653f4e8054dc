"""The session of a jury: the chair goes from file to file, and those in the room or far away follow."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from awards_app.domain.permissions import Permission
from awards_app.queries.deliberation_views import round_of_seat, seated_round
from awards_app.queries.discussion import DiscussionView, discussion_view, standing_of
from awards_app.queries.juries import open_room
from awards_app.services import discussion
from awards_app.services.discussion import NoteIsTooLong
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of

blueprint = Blueprint("discussion", __name__, url_prefix="/jury/<seat_key>/seance")
Page = str | tuple[str, int] | Answer


def _view(seat_key: str) -> DiscussionView:
    holder = a_holder()
    return discussion_view(holder, seated_round(holder, seat_key), the_now())


def _round(seat_key: str) -> str:
    return round_of_seat(a_holder(), seat_key)[0]


@blueprint.get("")
@requires(Permission.READ_JURY)
def home(seat_key: str) -> Page:
    """Show the file in discussion, the order of the next ones, and who leaves for each."""
    return _home(seat_key, _view(seat_key))


def _home(seat_key: str, view: DiscussionView, error: str | None = None) -> str:
    current = view.current
    return render_template(
        "jury/session.html",
        seat_key=seat_key,
        view=view,
        current=current,
        following=_following(view),
        leads=any(view.leads(theme.id) for theme in view.desk.themes),
        error=error,
        typed=request.form,
        token=view.standing.token(view.room),
        absent=_absent(view),
    )


def _following(view: DiscussionView) -> Any:
    """Return the next file that has not been discussed, None after the last."""
    keys = [line.file.key for line in view.lines]
    start = keys.index(view.current.file.key) + 1 if view.current else 0
    return next((line for line in [*view.lines[start:], *view.lines[:start]] if not line.is_done), None)


def _absent(view: DiscussionView) -> list[dict[str, Any]]:
    """Return the members present who may be noted out of the room for the file in discussion."""
    current = view.current
    if current is None:
        return []
    out = view.desk.absences.get(current.file.key, ())
    aside = view.desk.standing_aside(current.file)
    return [
        {"key": seat.key, "name": seat.name, "out": seat.key in out}
        for seat in view.desk.seats
        if seat.attendance == "present" and seat.is_called(current.file.theme_id) and seat.id not in aside
    ]


@blueprint.get("/etat")
@requires(Permission.READ_JURY)
def state(seat_key: str) -> Answer:
    """Say, for a page that asks every few seconds, whether it is behind (a few bytes, nothing when it is not)."""
    holder = a_holder()
    room, standing = standing_of(holder, seated_round(holder, seat_key), the_now())
    answer: Response = jsonify({"token": standing.token(room, counts_votes="vote" in request.args)})
    return answer


@blueprint.post("/dossier")
@requires(Permission.PROPOSE_DECISION)
def move(seat_key: str) -> Page:
    """Go to a file, or leave the one in discussion."""
    key = request.form.get("candidacy", "") or None
    discussion.move_discussion(a_holder(), _round(seat_key), key, the_now())
    return _back(seat_key)


@blueprint.post("/ordre")
@requires(Permission.PROPOSE_DECISION)
def arrange(seat_key: str) -> Page:
    """Move a file one place up or down, or go back to the order computed."""
    open_room(a_holder(), _round(seat_key), Permission.PROPOSE_DECISION, the_now())
    view = _view(seat_key)
    keys = [line.file.key for line in view.lines]
    key, way = request.form.get("candidacy", ""), request.form.get("way", "")
    if way in ("up", "down") and key in keys:
        place = keys.index(key)
        other = place - 1 if way == "up" else place + 1
        if 0 <= other < len(keys):
            keys[place], keys[other] = keys[other], keys[place]
        discussion.arrange_discussion(a_holder(), view.room.round.key, keys, the_now())
    elif way == "reset":
        discussion.arrange_discussion(a_holder(), view.room.round.key, [], the_now())
        flash(_("L’ordre calculé est rétabli."), "success")
    return _back(seat_key)


@blueprint.post("/note")
@requires(Permission.WRITE_MINUTES)
def note(seat_key: str) -> Page:
    """Keep the chair's note on a file."""
    try:
        discussion.note_discussion(
            a_holder(),
            _round(seat_key),
            request.form.get("candidacy", ""),
            request.form.get("body", ""),
            the_now(),
            in_minutes="in_minutes" in request.form,
        )
    except NoteIsTooLong as refusal:
        return _home(seat_key, _view(seat_key), sentence_of(refusal)), 422
    flash(_("La note est enregistrée."), "success")
    return _back(seat_key)


@blueprint.post("/absents")
@requires(Permission.WRITE_MINUTES)
def absences(seat_key: str) -> Page:
    """Note who is out of the room for a file."""
    key, out = request.form.get("candidacy", ""), request.form.getlist("seat")
    discussion.record_absences(a_holder(), _round(seat_key), key, out, the_now())
    flash(_("Les absences pour ce dossier sont notées."), "success")
    return _back(seat_key)


def _back(seat_key: str) -> Answer:
    return redirect(url_for("discussion.home", seat_key=seat_key), 303)
