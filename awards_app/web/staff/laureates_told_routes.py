"""Telling laureates under embargo, and whether the edition lets it be done."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission
from awards_app.services import embargo_notices
from awards_app.web.doors import requires, signed_in
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint("laureates_told", __name__, url_prefix="/coordination")


@blueprint.post("/<round_key>/publication/prevenir")
@requires(Permission.PREVIEW_HONOURS)
def tell(round_key: str) -> Response:
    """Write to the laureates of a decided round that something waits."""
    count = embargo_notices.tell_laureates(a_holder(), round_key, the_now())
    if count:
        flash(
            ngettext("%(num)s personne est prévenue.", "%(num)s personnes sont prévenues.", count), "success"
        )
    else:
        flash(_("Toutes les personnes joignables sont déjà prévenues."), "info")
    return redirect(url_for("publication.home", round_key=round_key), 303)


@blueprint.post("/editions/<int(fixed_digits=4):year>/laureats-prevenus")
@signed_in("the service lets the national staff change it, and nobody else know of it")
def setting(year: int) -> Response:
    """Say whether laureates of the edition may be told under embargo."""
    tells = request.form.get("tells") == "y"
    embargo_notices.set_telling(a_holder(), year, tells, the_now())
    flash(_("Le réglage de l’édition est enregistré."), "success")
    round_key = request.form.get("round", "")
    if round_key:
        return redirect(url_for("publication.home", round_key=round_key), 303)
    return redirect(url_for("staff_editions.settings", year=year), 303)
