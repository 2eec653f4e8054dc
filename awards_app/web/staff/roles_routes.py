"""Roles: who coordinates which region, who is of the national staff, who audits."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import Refusal
from awards_app.queries.editions import regions
from awards_app.queries.roles import grants_seen_by
from awards_app.services import roles
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of

blueprint = Blueprint("staff_roles", __name__, url_prefix="/coordination/roles")


class RoleForm(FlaskForm):
    """Give a role."""

    email = StringField(
        _l("Adresse électronique de la personne"),
        [InputRequired(_l("Cette réponse est attendue.")), Length(max=320)],
        render_kw={"type": "email"},
    )
    role = SelectField(
        _l("Rôle"),
        choices=[
            SelectChoice("coordinator", _l("coordination d’une région")),
            SelectChoice("national_staff", _l("équipe nationale")),
            SelectChoice("auditor", _l("audit, en lecture seule")),
        ],
    )
    region = SelectField(_l("Région"), [Optional()])


def role_labels() -> dict[str, str]:
    """Return the words of each role."""
    return {
        "coordinator": _("coordination"),
        "national_staff": _("équipe nationale"),
        "auditor": _("audit"),
    }


@blueprint.route("", methods=["GET", "POST"])
@requires(Permission.GRANT_ROLE)
def roles_page() -> tuple[str, int] | Response:
    """List the roles of one's scope and give one."""
    holder = a_holder()
    lines = grants_seen_by(holder)
    form = RoleForm()
    mine = [(place.code, place.name) for place in regions()]
    if not holder.is_national_staff:
        mine = [(code, name) for code, name in mine if code in holder.coordinated_regions]
        form.role.choices = [SelectChoice("coordinator", _("coordination d’une région"))]
    form.region.choices = [
        SelectChoice("", _("toutes (rôle national)")),
        *(SelectChoice(code, name) for code, name in mine),
    ]
    if form.validate_on_submit():
        try:
            outcome = roles.give_role(
                holder, form.email.data, form.role.data, form.region.data or None, the_now()
            )
            _say(outcome, _("Le rôle est donné : il vaut dès la prochaine page de la personne."))
            return redirect(url_for("staff_roles.roles_page"), 303)
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            field = form[refusal.field] if refusal.field in ("email", "role") else form.email
            field.errors = [*field.errors, sentence_of(refusal)]
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "staff/roles.html",
        form=form,
        lines=lines,
        labels=role_labels(),
        erases=holder.is_national_staff,
    )
    return page, status


@blueprint.post("/<grant_key>/retirer")
@requires(Permission.GRANT_ROLE)
def take(grant_key: str) -> Response:
    """Take a role back."""
    outcome = roles.take_role(a_holder(), grant_key, the_now())
    _say(outcome, _("Le rôle est retiré."))
    return redirect(url_for("staff_roles.roles_page"), 303)


def _say(outcome: str, done: str) -> None:
    if outcome == "pending":
        flash(_("Demande enregistrée, en attente de confirmation par une seconde personne."), "info")
    else:
        flash(done, "success")
