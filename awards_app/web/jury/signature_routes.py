"""The chair and the secretary sign the frozen minutes, and add to them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.signatures import AlreadySigned
from awards_app.queries.deliberation_views import seated_round
from awards_app.queries.juries import JuryRoom, open_room
from awards_app.queries.signatures import SignedMinutes, signed_minutes
from awards_app.services.signatures import addendum_paper
from awards_app.web.doors import requires
from awards_app.web.jury.deliberation_presenters import as_pdf
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.signing import AddendumForm, SignatureForm, added, page_values, signed

blueprint = Blueprint("signatures", __name__, url_prefix="/jury/<seat_key>/proces-verbal/signatures")
Page = str | tuple[str, int] | Response


def _room(seat_key: str) -> tuple[JuryRoom, SignedMinutes]:
    holder = a_holder()
    room = open_room(holder, seated_round(holder, seat_key), Permission.READ_MINUTES, the_now())
    minutes = signed_minutes(holder, room)
    if minutes is None:
        raise DoesNotExist
    return room, minutes


def _home(seat_key: str, sign_form: SignatureForm, addendum_form: AddendumForm, status: int = 200) -> Page:
    room, minutes = _room(seat_key)
    addresses = {
        "paper": url_for("deliberation.minutes_pdf", seat_key=seat_key),
        "sign": url_for("signatures.sign", seat_key=seat_key),
        "add": url_for("signatures.add", seat_key=seat_key),
        "back": url_for("deliberation.decisions", seat_key=seat_key),
    }
    values = page_values(
        minutes,
        sign_form,
        addendum_form,
        addresses,
        lambda key: url_for("signatures.addendum", seat_key=seat_key, addendum_key=key),
    )
    return render_template("jury/signatures.html", round=room.round, **values), status


@blueprint.get("")
@requires(Permission.READ_MINUTES)
def home(seat_key: str) -> Page:
    """Show who signed the minutes, and what was added since."""
    return _home(seat_key, SignatureForm(), AddendumForm())


@blueprint.post("")
@requires(Permission.READ_MINUTES)
def sign(seat_key: str) -> Page:
    """Sign, after saying again who one is."""
    room, _minutes = _room(seat_key)
    form = SignatureForm()
    try:
        if not form.validate() or not signed(a_holder(), room.round.key, form, the_now()):
            return _home(seat_key, form, AddendumForm(formdata=None), 422)
    except AlreadySigned as refusal:
        flash(sentence_of(refusal), "info")
        return _home(seat_key, SignatureForm(formdata=None), AddendumForm(formdata=None), refusal.status)
    return redirect(url_for("signatures.home", seat_key=seat_key), 303)


@blueprint.post("/additifs")
@requires(Permission.READ_MINUTES)
def add(seat_key: str) -> Page:
    """Add to the minutes."""
    room, _minutes = _room(seat_key)
    form = AddendumForm()
    if not form.validate() or not added(a_holder(), room.round.key, form, the_now()):
        return _home(seat_key, SignatureForm(formdata=None), form, 422)
    return redirect(url_for("signatures.home", seat_key=seat_key), 303)


@blueprint.get("/additifs/<addendum_key>.pdf")
@requires(Permission.READ_MINUTES)
def addendum(seat_key: str, addendum_key: str) -> Response:
    """Give an addendum on paper."""
    room, _minutes = _room(seat_key)
    return as_pdf(*addendum_paper(a_holder(), room.round.key, addendum_key, the_now()))
