"""The advice beside the ranking, for the chamber, the national staff and the auditor."""

from flask import Blueprint, render_template, request

from awards_app.domain.permissions import Permission
from awards_app.services.advice import advice_of
from awards_app.web import advice, standings
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.staff import juries_presenters as presenters

blueprint = Blueprint("staff_advice", __name__, url_prefix="/coordination/<round_key>")


@blueprint.get("/avis")
@requires(Permission.READ_RANKING)
def page(round_key: str) -> str:
    """Show what the locked marks let one say."""
    found = advice_of(a_holder(), round_key, the_now())
    return render_template(
        "staff/advice.html",
        page=found,
        facts=found.ranking.room.round,
        start=max(request.args.get("depuis", 0, type=int), 0),
        words=advice,
        standings=standings,
        presenters=presenters,
    )
