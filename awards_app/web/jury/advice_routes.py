"""The advice beside the ranking, for the jury: estimates, chances, agreement."""

from flask import Blueprint, render_template, request

from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.services.advice import advice_of
from awards_app.web import advice, standings
from awards_app.web.doors import requires
from awards_app.web.jury import presenters
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint("jury_advice", __name__, url_prefix="/jury")


@blueprint.get("/<seat_key>/avis")
@requires(Permission.READ_RANKING)
def page(seat_key: str) -> str:
    """Show what the locked marks let one say."""
    seat = next((seat for seat in a_holder().seats if seat.key == seat_key), None)
    if seat is None:
        raise DoesNotExist
    found = advice_of(a_holder(), seat.round_id, the_now())
    phase = found.ranking.room.round.phase
    return render_template(
        "jury/advice.html",
        page=found,
        start=max(request.args.get("depuis", 0, type=int), 0),
        tabs=presenters.seat_tabs(seat_key, seat.function, phase, "jury_chair.ranking"),
        words=advice,
        standings=standings,
        presenters=presenters,
    )
