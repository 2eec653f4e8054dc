"""The coordination signs for a jury without a secretary, and adds to the frozen minutes."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.signatures import AlreadySigned
from awards_app.queries.juries import JuryRoom, open_room
from awards_app.queries.signatures import SignedMinutes, signed_minutes
from awards_app.services.signatures import addendum_paper
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.signing import AddendumForm, SignatureForm, added, page_values, signed

blueprint = Blueprint(
    "staff_signatures", __name__, url_prefix="/coordination/<round_key>/proces-verbal/signatures"
)
Page = str | tuple[str, int] | Response


def _room(round_key: str) -> tuple[JuryRoom, SignedMinutes]:
    holder = a_holder()
    room = open_room(holder, round_key, Permission.READ_MINUTES, the_now())
    minutes = signed_minutes(holder, room)
    if minutes is None:
        raise DoesNotExist
    return room, minutes


def _home(round_key: str, sign_form: SignatureForm, addendum_form: AddendumForm, status: int = 200) -> Page:
    room, minutes = _room(round_key)
    addresses = {
        "paper": url_for("decisions.minutes_pdf", round_key=round_key),
        "sign": url_for("staff_signatures.sign", round_key=round_key),
        "add": url_for("staff_signatures.add", round_key=round_key),
        "back": url_for("decisions.home", round_key=round_key),
    }
    values = page_values(
        minutes,
        sign_form,
        addendum_form,
        addresses,
        lambda key: url_for("staff_signatures.addendum", round_key=round_key, addendum_key=key),
    )
    return render_template("staff/signatures.html", round=room.round, **values), status


@blueprint.get("")
@requires(Permission.READ_MINUTES)
def home(round_key: str) -> Page:
    """Show who signed the minutes, and what was added since."""
    return _home(round_key, SignatureForm(), AddendumForm())


@blueprint.post("")
@requires(Permission.READ_MINUTES)
def sign(round_key: str) -> Page:
    """Sign, after saying again who one is."""
    room, _minutes = _room(round_key)
    form = SignatureForm()
    try:
        if not form.validate() or not signed(a_holder(), room.round.key, form, the_now()):
            return _home(round_key, form, AddendumForm(formdata=None), 422)
    except AlreadySigned as refusal:
        flash(sentence_of(refusal), "info")
        return _home(round_key, SignatureForm(formdata=None), AddendumForm(formdata=None), refusal.status)
    return redirect(url_for("staff_signatures.home", round_key=round_key), 303)


@blueprint.post("/additifs")
@requires(Permission.READ_MINUTES)
def add(round_key: str) -> Page:
    """Add to the minutes."""
    room, _minutes = _room(round_key)
    form = AddendumForm()
    if not form.validate() or not added(a_holder(), room.round.key, form, the_now()):
        return _home(round_key, SignatureForm(formdata=None), form, 422)
    return redirect(url_for("staff_signatures.home", round_key=round_key), 303)


@blueprint.get("/additifs/<addendum_key>.pdf")
@requires(Permission.READ_MINUTES)
def addendum(round_key: str, addendum_key: str) -> Response:
    """Give an addendum on paper."""
    room, _minutes = _room(round_key)
    name, paper = addendum_paper(a_holder(), room.round.key, addendum_key, the_now())
    disposition = f'inline; filename="{name}"'
    return Response(paper, mimetype="application/pdf", headers={"Content-Disposition": disposition})
