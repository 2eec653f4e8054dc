"""People, for the national staff: finding one, seeing what their erasure takes and leaves, erasing them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from awards_app.domain.erasures import AddressIsNotTheirs, ErasureMustWait, StructureIsLeftAlone
from awards_app.domain.permissions import Permission
from awards_app.queries.erasures import find_people, person_to_erase
from awards_app.services import erasures
from awards_app.web.doors import requires, signed_in
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff.erasure_words import remaining_lines

blueprint = Blueprint("staff_erasures", __name__, url_prefix="/coordination/personnes")
MOST_WORDS = 320


class ErasureForm(FlaskForm):
    """Erase a person."""

    email = StringField(
        _l("Adresse électronique de la personne, pour confirmer"),
        [InputRequired(_l("Cette réponse est attendue.")), Length(max=320)],
        render_kw={"type": "email", "autocomplete": "off"},
    )
    told = BooleanField(_l("J’ai prévenu la structure qui n’aura plus de responsable."))


@blueprint.get("")
@signed_in("a search of people, which the query opens to the national staff alone (PRG-1)")
def people() -> str:
    """Find a person by name or address."""
    words = request.args.get("q", "")[:MOST_WORDS]
    return render_template("staff/people.html", words=words, found=find_people(a_holder(), words))


@blueprint.route("/<account_key>", methods=["GET", "POST"])
@requires(Permission.ERASE_PERSON)
def person(account_key: str) -> tuple[str, int] | Response:
    """Say what an erasure takes and leaves, and do it."""
    found = person_to_erase(a_holder(), account_key)
    form = ErasureForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            erasures.erase_person(
                a_holder(), account_key, form.email.data or "", the_now(), structure_is_told=form.told.data
            )
            flash(_("La personne est effacée."), "success")
            return redirect(url_for("staff_erasures.person", account_key=account_key), 303)
        except ErasureMustWait as refusal:
            # The request is kept: the page says so, rather than that nothing was.
            status, found = refusal.status, person_to_erase(a_holder(), account_key)
        except (AddressIsNotTheirs, StructureIsLeftAlone) as refusal:
            status = refusal.status
            field = form.told if isinstance(refusal, StructureIsLeftAlone) else form.email
            field.errors = [*field.errors, sentence_of(refusal)]
    lines = remaining_lines(found.remaining)
    return render_template("staff/person.html", person=found, form=form, lines=lines), status


@blueprint.post("/<account_key>/renoncer")
@requires(Permission.ERASE_PERSON)
def withdraw(account_key: str) -> Response:
    """Take back an erasure that waits."""
    erasures.withdraw_erasure(a_holder(), account_key, the_now())
    flash(_("L’effacement en attente est annulé."), "success")
    return redirect(url_for("staff_erasures.person", account_key=account_key), 303)
