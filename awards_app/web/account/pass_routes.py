"""The personal link of a juror opens here: a page with one button, which mail scanners do not press."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from awards_app.services import accounts, juries
from awards_app.web.account.forms import SpendLinkForm
from awards_app.web.account.routes import Page, agent
from awards_app.web.doors import open_to_all
from awards_app.web.limits import limiter
from awards_app.web.moment import the_now
from awards_app.web.people import sign_in_browser, sign_out_browser, the_holder

blueprint = Blueprint("seat_pass", __name__)


@blueprint.route("/jury/entree/<token>", methods=["GET", "POST"])
@open_to_all("the personal link of a juror opens here")
@limiter.limit("30 per 15 minutes")
def enter(token: str) -> Page:
    """Show whose link it is; pressing the button enters, after choosing who when somebody else is signed in."""
    form, holder = SpendLinkForm(), the_holder()
    if form.validate_on_submit():
        if holder is not None and "changer" in request.form:
            facts = juries.read_pass(token, the_now())
            if holder.account_id != facts.account_id:
                sign_out_browser()
                holder = None
        entered = juries.use_pass(holder, token, the_now(), agent())
        if entered is not None:
            sign_in_browser(accounts.holder_of_token(entered, the_now()), entered)
            flash(_("Bienvenue."), "success")
        return redirect(url_for("jury.home"), 303)
    found = juries.read_pass(token, the_now())
    is_other = holder is not None and holder.account_id != found.account_id
    return render_template("account/pass.html", form=form, found=found, is_other=is_other)
