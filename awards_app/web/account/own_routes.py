"""A person's own account, and the invitations they receive."""

import json

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import Refusal
from awards_app.queries.people import own_data, profile_of
from awards_app.services import accounts, invitations, sign_in
from awards_app.web.account.forms import ChangePasswordForm, ProfileForm, SpendLinkForm
from awards_app.web.account.routes import Page, agent, attach_error
from awards_app.web.doors import open_to_all, requires
from awards_app.web.limits import limiter
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder, sign_in_browser, the_holder

blueprint = Blueprint("own_account", __name__)


@blueprint.route("/compte", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def home() -> Page:
    """Show and change the person's own name and language."""
    profile = profile_of(a_holder(), the_now())
    form = ProfileForm(name=profile.name, locale=profile.locale)
    if form.validate_on_submit():
        try:
            accounts.change_profile(a_holder(), form.name.data, form.locale.data, the_now())
            flash(_("Vos informations sont enregistrées."), "success")
            return redirect(url_for("own_account.home"), 303)
        except Refusal as refusal:
            attach_error(form, refusal)
    status = 422 if form.is_submitted() else 200
    return render_template("account/home.html", form=form, profile=profile), status


@blueprint.route("/compte/mot-de-passe", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
@limiter.limit("30 per 15 minutes", methods=["POST"])
def password() -> Page:
    """Replace the person's own password."""
    profile = profile_of(a_holder(), the_now())
    form = ChangePasswordForm()
    if not profile.has_password:
        del form.current_password
    if form.validate_on_submit():
        current = form.current_password.data if profile.has_password else ""
        holder = a_holder()
        try:
            sign_in.change_password(
                holder.account_id, holder.session_id, current or "", form.password.data, the_now()
            )
            flash(_("Votre mot de passe est changé. Vos autres connexions sont fermées."), "success")
            return redirect(url_for("own_account.home"), 303)
        except Refusal as refusal:
            attach_error(form, refusal)
    return render_template("account/password.html", form=form), 422 if form.is_submitted() else 200


@blueprint.post("/compte/sessions/fermer")
@requires(Permission.OWN_ACCOUNT)
def end_sessions() -> BaseResponse:
    """End every session but this one."""
    holder = a_holder()
    accounts.end_other_sessions(holder, the_now())
    flash(_("Vos autres connexions sont fermées."), "success")
    return redirect(url_for("own_account.home"), 303)


@blueprint.get("/compte/mes-donnees.json")
@requires(Permission.OWN_ACCOUNT)
def data() -> Response:
    """Give the person what the platform knows of them."""
    body = json.dumps(own_data(a_holder()), ensure_ascii=False, indent=1)
    response = make_response(body)
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = 'attachment; filename="mes-donnees-prix-ess.json"'
    return response


@blueprint.route("/invitations/<token>", methods=["GET", "POST"])
@open_to_all("the link of an invitation opens here")
@limiter.limit("30 per 15 minutes")
def invitation(token: str) -> Page:
    """Show an invitation and its button; pressing it accepts, and signs in whoever was not."""
    form = SpendLinkForm()
    if form.validate_on_submit():
        what, entered = invitations.accept_invitation(the_holder(), token, the_now(), agent())
        if entered is not None:
            sign_in_browser(accounts.holder_of_token(entered, the_now()), entered)
        flash(_("Invitation acceptée. Bienvenue."), "success")
        return redirect(url_for("jury.home" if what == "jury" else "structure.home"), 303)
    found = invitations.read_invitation(the_holder(), token, the_now())
    return render_template("account/invitation.html", form=form, invitation=found)
