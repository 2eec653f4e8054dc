"""One seat of a jury at the chamber's desk: its personal link, its address, and a substitute called in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission, is_allowed
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.queries.access import RoundFacts
from awards_app.queries.compositions import SeatLine, jury_of
from awards_app.services import juries
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff import juries_presenters as presenters
from awards_app.web.staff.juries_forms import CallForm, ReaddressForm

blueprint = Blueprint("staff_seats", __name__, url_prefix="/coordination/<round_key>/jury/<seat_key>")
Page = str | tuple[str, int] | Response


@blueprint.get("")
@requires(Permission.READ_JURY)
def seat(round_key: str, seat_key: str) -> Page:
    """Show a seat: what its person sees, its link, its address."""
    return _page(round_key, seat_key, ReaddressForm(formdata=None), CallForm(formdata=None))


def _line(round_key: str, seat_key: str) -> tuple[RoundFacts, SeatLine]:
    facts, seats = jury_of(a_holder(), round_key, the_now())
    found = next((line for line in seats if line.key == seat_key and line.left_at is None), None)
    if found is None:
        raise DoesNotExist
    return facts, found


def _page(round_key: str, seat_key: str, address_form: ReaddressForm, call_form: CallForm) -> str:
    facts, line = _line(round_key, seat_key)
    return render_template(
        "staff/seat.html",
        facts=facts,
        seat=line,
        may_compose=is_allowed(Permission.COMPOSE_JURY, facts.phase, facts.subjects),
        address_form=address_form,
        call_form=call_form,
        presenters=presenters,
    )


def _attach(form: FlaskForm, refusal: Refusal, name: str) -> None:
    errors = refusal.errors if isinstance(refusal, InputIsInvalid) else {}
    form[name].errors = [*form[name].errors, sentence_of(errors.get(name) or refusal)]


def _back(round_key: str, seat_key: str) -> Response:
    return redirect(url_for("staff_seats.seat", round_key=round_key, seat_key=seat_key), 303)


@blueprint.post("/lien")
@requires(Permission.COMPOSE_JURY)
def send(round_key: str, seat_key: str) -> Page:
    """Send a new personal link; the former one ends."""
    juries.send_pass(a_holder(), seat_key, the_now())
    flash(_("Un nouveau lien part par courriel ; l’ancien ne s’ouvre plus."), "success")
    return _back(round_key, seat_key)


@blueprint.post("/lien/revoquer")
@requires(Permission.COMPOSE_JURY)
def revoke(round_key: str, seat_key: str) -> Page:
    """End the personal link."""
    juries.revoke_pass(a_holder(), seat_key, the_now())
    flash(_("Le lien personnel ne s’ouvre plus."), "success")
    return _back(round_key, seat_key)


@blueprint.post("/adresse")
@requires(Permission.COMPOSE_JURY)
def readdress(round_key: str, seat_key: str) -> Page:
    """Move the seat to another address, which is invited anew."""
    form = ReaddressForm()
    if form.validate():
        try:
            juries.readdress_seat(a_holder(), seat_key, form.email.data or "", the_now())
        except Refusal as refusal:
            if refusal.status not in (409, 422) or "phase" in refusal.values:
                raise
            _attach(form, refusal, "email")
            return _page(round_key, seat_key, form, CallForm(formdata=None)), refusal.status
        flash(_("Le siège passe à cette adresse, qui reçoit une invitation."), "success")
        return _back(round_key, seat_key)
    return _page(round_key, seat_key, form, CallForm(formdata=None)), 422


@blueprint.post("/appel")
@requires(Permission.COMPOSE_JURY)
def call(round_key: str, seat_key: str) -> Page:
    """Call a substitute in."""
    form = CallForm()
    if form.validate():
        juries.call_substitute(a_holder(), seat_key, form.reason.data or "", the_now())
        flash(_("La personne siège désormais ; un courriel le lui dit."), "success")
        return _back(round_key, seat_key)
    return _page(round_key, seat_key, ReaddressForm(formdata=None), form), 422
