"""The door of the demonstration: enter as any role, move the clock. Served in that mode only."""

from importlib import import_module

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.services import accounts, demonstration
from awards_app.services.demonstration.clock import moments_to_see, move_clock, step_of_clock
from awards_app.web.demo.forms import ClockForm, EnterForm
from awards_app.web.doors import open_to_all
from awards_app.web.moment import the_now
from awards_app.web.people import sign_in_browser, the_holder

blueprint = Blueprint("demo", __name__, url_prefix="/demonstration")
REASON = "the demonstration's people are imaginary; no other mode serves this page"
Page = str | tuple[str, int] | BaseResponse


@blueprint.get("")
@open_to_all(REASON)
def door() -> Page:
    """List the roles to enter as, and the clock."""
    return _door(ClockForm(formdata=None))


@blueprint.post("/entrer")
@open_to_all(REASON)
def enter() -> BaseResponse:
    """Sign the browser in as a role and go to that role's home."""
    role = demonstration.role_of(EnterForm().role.data or "")
    account = accounts.account_by_address(role.email) if role else None
    if role is None or account is None:
        raise DoesNotExist
    _sign_in(account.id)
    home = role.home if role.home in current_app.view_functions else "account.landing"
    return redirect(url_for(home), 303)


@blueprint.post("/horloge")
@open_to_all(REASON)
def clock() -> Page:
    """Move the clock forward and let what is due happen."""
    form = ClockForm()
    # Read before the clock moves: a session lives two weeks without use, and a longer jump must not sign anybody out.
    holder = the_holder()
    try:
        move_clock(step_of_clock(form.step.data or "", form.day.data or "", the_now()))
    except Refusal as refusal:
        sentence = (
            refusal.errors["day"] if isinstance(refusal, InputIsInvalid) and refusal.errors else str(refusal)
        )
        form.day.errors = [_(sentence)]
        return _door(form), 422
    if holder is not None:
        _sign_in(holder.account_id)
    import_module("awards_app.jobs.sweep").sweep()
    flash(_("L’horloge a avancé. Ce qui devait arriver entre-temps est arrivé."), "success")
    return redirect(url_for("demo.door"), 303)


def _sign_in(account_id: int) -> None:
    now = the_now()
    token = accounts.start_session(account_id, now, (request.user_agent.string or "")[:200])
    sign_in_browser(accounts.holder_of_token(token, now), token)


def _door(form: ClockForm) -> str:
    holder = the_holder()
    names = {
        "call_opens": _("L’appel vient d’ouvrir"),
        "eve_of_closing": _("La veille de la clôture"),
        "call_closed": _("L’appel vient de clore"),
        "publication": _("La publication du palmarès"),
        "national_embargo": _("La veille de la levée de l’embargo national"),
    }
    return render_template(
        "demo/door.html",
        roles=demonstration.ROLES,
        password=demonstration.PASSWORD,
        mine=holder.email if holder else "",
        form=form,
        moments=[(names[one.code], one.region, one.at) for one in moments_to_see(the_now())],
    )
