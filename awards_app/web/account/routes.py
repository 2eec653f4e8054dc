"""Coming in and going out: registering, confirming, signing in, choosing a password."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.refusals import Refusal
from awards_app.services import accounts, link_requests, sign_in
from awards_app.services.sign_in import LinkPurpose
from awards_app.web.account.forms import AskLinkForm, RegisterForm, ResetForm, SignInForm, SpendLinkForm
from awards_app.web.doors import open_to_all, signed_in
from awards_app.web.languages import LANGUAGES
from awards_app.web.limits import limiter
from awards_app.web.moment import the_now
from awards_app.web.people import safe_next, sign_in_browser, sign_out_browser, the_holder, the_token
from awards_app.web.phrases import sentence_of

blueprint = Blueprint("account", __name__, url_prefix="/compte")
FEW = "30 per 15 minutes"
LONGEST_WAY = 600
Page = str | tuple[str, int] | BaseResponse


def attach_error(form: FlaskForm, refusal: Refusal) -> None:
    """Put a refusal beside its field, or beside the first one."""
    name = refusal.field if refusal.field in form._fields else next(iter(form._fields))
    field = form[name]
    field.errors = [*field.errors, sentence_of(refusal)]


def home_of_person() -> str:
    """Return where a person lands after signing in: where most waits for them."""
    holder = the_holder()
    if holder is not None and holder.grants:
        return url_for("staff.home")
    if holder is not None and holder.seats:
        return url_for("jury.home")
    return url_for("structure.home")


def enter(token: str, suite: str | None = None) -> BaseResponse:
    """Give the browser its session and send the person home, or back to where they were going."""
    holder = accounts.holder_of_token(token, the_now())
    sign_in_browser(holder, token)
    return redirect(safe_next(suite, url_for("account.landing")), 303)


def agent() -> str:
    """Return how the browser names itself, shortened."""
    return (request.user_agent.string or "")[:200]


@blueprint.get("/arrivee")
@signed_in("sends each person to their own home")
def landing() -> BaseResponse:
    """Send a person home."""
    return redirect(home_of_person())


@blueprint.route("/connexion", endpoint="sign_in", methods=["GET", "POST"])
@open_to_all("people sign in here")
@limiter.limit(FEW, methods=["POST"])
def sign_in_page() -> Page:
    """Sign in with a password."""
    form = SignInForm(suite=request.args.get("suite", ""))
    if form.validate_on_submit():
        try:
            token = sign_in.sign_in_with_password(form.email.data, form.password.data, the_now(), agent())
            return enter(token, form.suite.data)
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            attach_error(form, refusal)
    return render_template("account/sign_in.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/inscription", methods=["GET", "POST"])
@open_to_all("people open their account here")
@limiter.limit(FEW, methods=["POST"])
def register() -> Page:
    """Open an account; the answer is the same whether the address is known."""
    form = RegisterForm(suite=request.args.get("suite", ""))
    if form.validate_on_submit():
        try:
            sign_in.register(form.email.data, form.name.data, form.password.data or None, the_now())
            # Where the person was going waits in this browser until the address is confirmed.
            session["suite"] = safe_next(form.suite.data, "")[:LONGEST_WAY]
            return redirect(url_for("account.sent", what="compte"), 303)
        except Refusal as refusal:
            attach_error(form, refusal)
    return render_template("account/register.html", form=form), 422 if form.is_submitted() else 200


@blueprint.get("/message-envoye/<any(compte, lien, reinitialisation):what>")
@open_to_all("says that a message is on its way, to whoever asked")
def sent(what: str) -> Page:
    """Say that a message has left, if there was anybody to write to."""
    return render_template("account/sent.html", what=what)


@blueprint.route("/lien", methods=["GET", "POST"])
@open_to_all("people ask for a sign-in link here")
@limiter.limit(FEW, methods=["POST"])
def ask_link() -> Page:
    """Ask for a link that signs in without a password."""
    return _ask(LinkPurpose.SIGN_IN, "lien", "account/ask_link.html")


@blueprint.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@open_to_all("people who forgot their password come here")
@limiter.limit(FEW, methods=["POST"])
def forgotten() -> Page:
    """Ask for a link to choose a new password."""
    return _ask(LinkPurpose.RESET, "reinitialisation", "account/forgotten.html")


def _ask(purpose: LinkPurpose, what: str, template: str) -> Page:
    form = AskLinkForm()
    if form.validate_on_submit():
        try:
            link_requests.request_link(form.email.data, purpose, the_now())
            session["suite"] = safe_next(request.args.get("suite"), "")[:LONGEST_WAY]
            return redirect(url_for("account.sent", what=what), 303)
        except Refusal as refusal:
            attach_error(form, refusal)
    return render_template(template, form=form), 422 if form.is_submitted() else 200


@blueprint.route("/confirmer/<token>", methods=["GET", "POST"])
@open_to_all("the link of a confirmation message opens here")
@limiter.limit(FEW)
def confirm(token: str) -> Page:
    """Show the button that confirms an address; pressing it spends the link."""
    form = SpendLinkForm()
    if form.validate_on_submit():
        entered = sign_in.confirm_address(token, the_now(), agent())
        way = session.get("suite")
        flash(_("Votre adresse est confirmée. Bienvenue."), "success")
        return enter(entered, way)
    sign_in.find_link(token, (LinkPurpose.CONFIRM,), the_now())
    return render_template(
        "account/spend.html",
        form=form,
        title=_("Confirmez votre adresse"),
        lead=_("Il reste un geste : confirmer que cette adresse est bien la vôtre."),
        button_label=_("Confirmer mon adresse"),
    )


@blueprint.route("/lien/<token>", methods=["GET", "POST"])
@open_to_all("the link of a sign-in message opens here")
@limiter.limit(FEW)
def use_link(token: str) -> Page:
    """Show the button that signs in; pressing it spends the link."""
    form = SpendLinkForm()
    if form.validate_on_submit():
        return enter(sign_in.sign_in_with_link(token, the_now(), agent()), session.get("suite"))
    sign_in.find_link(token, (LinkPurpose.SIGN_IN,), the_now())
    return render_template(
        "account/spend.html",
        form=form,
        title=_("Connexion"),
        lead=_("Ce lien vous connecte sans mot de passe. Il sert une seule fois."),
        button_label=_("Me connecter"),
    )


@blueprint.route("/reinitialiser/<token>", methods=["GET", "POST"])
@open_to_all("the link of a reset message opens here")
@limiter.limit(FEW)
def reset(token: str) -> Page:
    """Choose a new password."""
    form = ResetForm()
    if form.validate_on_submit():
        try:
            entered = sign_in.reset_password(token, form.password.data, the_now(), agent())
            flash(_("Votre mot de passe est changé. Vos autres connexions sont fermées."), "success")
            return enter(entered)
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            attach_error(form, refusal)
    sign_in.find_link(token, (LinkPurpose.RESET,), the_now())
    return render_template("account/reset.html", form=form), 422 if form.is_submitted() else 200


@blueprint.post("/deconnexion")
@open_to_all("leaving is always possible")
def sign_out() -> BaseResponse:
    """Leave: the session ends on the server too, and the browser forgets what it kept."""
    token = the_token()
    if token:
        accounts.end_session(token, the_now())
    sign_out_browser()
    flash(_("La connexion est fermée. À bientôt."), "info")
    response = redirect(url_for("public.home"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/langue/<code>")
@open_to_all("everybody chooses their language")
def set_language(code: str) -> BaseResponse:
    """Keep the language chosen in this browser and go back where the person was."""
    if code in LANGUAGES:
        session["locale"] = code
    return redirect(safe_next(request.args.get("suite"), url_for("public.home")))
