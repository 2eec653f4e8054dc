"""Asking the public register of one's own structure, and taking over what it says, field by field."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.identifiers import register_number
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.structures import IDENTIFIER_MISSING, RecordHasChanged
from awards_app.queries.structures import open_structure
from awards_app.services import register, structures
from awards_app.web.doors import requires, signed_in
from awards_app.web.limits import limiter
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.structure.record_page import (
    new_form,
    new_page,
    read_version,
    take_offers,
)

blueprint = Blueprint("register", __name__)
FEW = "30 per 15 minutes"
Page = str | tuple[str, int] | BaseResponse


@blueprint.post("/structure/nouvelle/registre")
@signed_in("whoever registers a structure may look it up in the public register")
@limiter.limit(FEW)
def look_up() -> Page:
    """Show what the register says of the number, beside what was typed; take over what was ticked. Nothing is saved."""
    form = new_form()
    if not register.register_is_on():
        return new_page(form)
    try:
        number = register_number(form.identifier.data or "")
    except Refusal as refusal:
        typed = (form.identifier.data or "").strip()
        form.identifier.errors = [sentence_of(refusal if typed else IDENTIFIER_MISSING)]
        return new_page(form), 422
    if not number:
        form.identifier.errors = [
            _(
                "Le registre public ne contient pas les inscriptions du tribunal : remplissez la fiche vous-même."
            )
        ]
        return new_page(form), 422
    reading = register.read_register(number, the_now())
    taken = take_offers(form, reading, request.form.getlist("reprendre")) if "reprise" in request.form else 0
    return new_page(form, reading=reading, taken=taken)


@blueprint.post("/structure/<key>/registre")
@requires(Permission.OWN_STRUCTURE)
@limiter.limit(FEW)
def ask(key: str) -> BaseResponse:
    """Ask the register of a structure; what it says is kept beside the record."""
    if not register.register_is_on():
        open_structure(a_holder(), key, Permission.OWN_STRUCTURE)
        flash(_("Aucun registre public n’est consulté ici : remplissez la fiche vous-même."), "info")
    elif register.read_for_structure(a_holder(), key, the_now()) is None:
        flash(
            _("Indiquez d’abord un Siren, un Siret ou un numéro RNA : le registre se lit par son numéro."),
            "info",
        )
    return redirect(url_for("structure.record", key=key, _anchor="registre"), 303)


@blueprint.post("/structure/<key>/registre/reprendre")
@requires(Permission.OWN_STRUCTURE)
@limiter.limit(FEW)
def take(key: str) -> BaseResponse:
    """Write into the record what the person ticked of what the register said."""
    fields = frozenset(request.form.getlist("reprendre"))
    try:
        taken = structures.take_from_register(a_holder(), key, fields, the_now(), version=read_version())
    except (InputIsInvalid, RecordHasChanged) as refusal:
        flash(sentence_of(refusal), "warning")
        return redirect(url_for("structure.record", key=key, _anchor="registre"), 303)
    if taken:
        flash(
            ngettext(
                "%(num)s information reprise du registre.",
                "%(num)s informations reprises du registre.",
                taken,
            ),
            "success",
        )
    else:
        flash(_("Rien n’a été repris : cochez ce que vous voulez reprendre du registre."), "info")
    return redirect(url_for("structure.record", key=key), 303)
