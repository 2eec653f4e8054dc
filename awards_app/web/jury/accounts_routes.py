"""What the jury tells each candidate: the chair reads the drafted accounts, edits and approves them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import IntegerField, TextAreaField

from awards_app.domain.candidate_accounts import AccountHasChanged, AccountIsInvalid, NamesAreFound
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import Refusal
from awards_app.queries.candidate_accounts import OpenAccount, accounts_desk, open_account
from awards_app.services.candidate_accounts import Blocked, approve_account, approve_all, save_account
from awards_app.web.doors import requires
from awards_app.web.jury import presenters
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of

blueprint = Blueprint("candidate_accounts", __name__, url_prefix="/jury/<seat_key>/comptes-rendus")
Page = str | tuple[str, int] | Response


class AccountForm(FlaskForm):
    """The text, and the version it was read in."""

    body = TextAreaField(_l("Compte rendu"))
    version = IntegerField()


@blueprint.get("")
@requires(Permission.READ_ATTRIBUTED_SCORES)
def home(seat_key: str) -> Page:
    """List the accounts of the round with what is left to approve."""
    return _home(seat_key)


def _home(seat_key: str, blocked: list[Blocked] | None = None) -> str:
    desk = accounts_desk(a_holder(), seat_key, the_now())
    function = next(seat.function for seat in a_holder().seats if seat.key == seat_key)
    states = {
        "drafted": (_("proposé"), "neutral"),
        "edited": (_("modifié"), "info"),
        "approved": (_("approuvé"), "success"),
        "stale": (_("à revoir"), "waiting"),
    }
    return render_template(
        "jury/accounts.html",
        seat_key=seat_key,
        desk=desk,
        states=states,
        blocked=[
            (
                url_for(".show", seat_key=seat_key, candidacy_key=one.line.candidacy_key),
                _why(one),
            )
            for one in blocked or ()
        ],
        themes={theme.id: theme for theme in desk.room.themes},
        tabs=presenters.seat_tabs(seat_key, function, desk.room.round.phase, "candidate_accounts.home"),
        presenters=presenters,
    )


def _why(one: Blocked) -> str:
    if one.found:
        return _("%(structure)s : %(found)s", structure=one.line.structure, found=", ".join(one.found))
    return _("%(structure)s : la décision ou les notes ont changé depuis", structure=one.line.structure)


@blueprint.post("/approuver")
@requires(Permission.READ_ATTRIBUTED_SCORES)
def approve_them(seat_key: str) -> Page:
    """Approve every account that nothing keeps back."""
    count, blocked = approve_all(a_holder(), seat_key, the_now())
    said = ngettext("%(num)s compte rendu approuvé.", "%(num)s comptes rendus approuvés.", count)
    if blocked:
        flash(said, "success" if count else "info")
        return _home(seat_key, blocked), 422
    flash(said, "success")
    return redirect(url_for(".home", seat_key=seat_key), 303)


@blueprint.get("/<candidacy_key>")
@requires(Permission.READ_ATTRIBUTED_SCORES)
def show(seat_key: str, candidacy_key: str) -> Page:
    """Show one account, to read and edit."""
    opened = open_account(a_holder(), seat_key, candidacy_key, the_now())
    form = AccountForm(formdata=None, data={"body": opened.body, "version": opened.version})
    chosen = {one.sheet for one in opened.comments if one.chosen}
    return _page(seat_key, opened, form, chosen)


def _page(
    seat_key: str, opened: OpenAccount, form: AccountForm, chosen: set[str], names: tuple[str, ...] = ()
) -> str:
    keys = [line.candidacy_key for line in opened.desk.lines]
    place = keys.index(opened.line.candidacy_key)
    return render_template(
        "jury/account.html",
        seat_key=seat_key,
        opened=opened,
        line=opened.line,
        form=form,
        chosen=chosen,
        names=names,
        place=place + 1,
        total=len(keys),
        before=keys[place - 1] if place else None,
        after=keys[place + 1] if place + 1 < len(keys) else None,
        theme=next(theme for theme in opened.desk.room.themes if theme.id == opened.line.theme_id),
        presenters=presenters,
    )


@blueprint.post("/<candidacy_key>")
@requires(Permission.READ_ATTRIBUTED_SCORES)
def write(seat_key: str, candidacy_key: str) -> Page:
    """Keep or approve one account; names found come back with the list, to confirm or edit."""
    holder, now, form = a_holder(), the_now(), AccountForm()
    body, version = form.body.data or "", form.version.data or 0
    shared = set(request.form.getlist("shared"))
    # What was confirmed is what was on the screen: a name typed since is asked about again.
    confirmed = request.form.getlist("seen") if request.form.get("confirmed") == "y" else []
    approves = request.form.get("act") == "approve"
    try:
        if approves:
            approve_account(holder, seat_key, candidacy_key, body, shared, version, now, confirmed=confirmed)
        else:
            save_account(holder, seat_key, candidacy_key, body, shared, version, now)
    except (NamesAreFound, AccountIsInvalid, AccountHasChanged) as refusal:
        return _refused(seat_key, candidacy_key, form, shared, refusal), refusal.status
    flash(_("Le compte rendu est approuvé.") if approves else _("Le texte est gardé."), "success")
    desk = accounts_desk(holder, seat_key, now)
    left = next((line.candidacy_key for line in desk.lines if line.state != "approved"), None)
    if approves and left is not None and request.form.get("next") == "y":
        return redirect(url_for(".show", seat_key=seat_key, candidacy_key=left), 303)
    return redirect(url_for(".home", seat_key=seat_key), 303)


def _refused(seat_key: str, candidacy_key: str, form: AccountForm, chosen: set[str], refusal: Refusal) -> str:
    opened = open_account(a_holder(), seat_key, candidacy_key, the_now())
    names: tuple[str, ...] = ()
    if isinstance(refusal, NamesAreFound):
        names = refusal.names
    sentence = refusal.errors["body"] if isinstance(refusal, AccountIsInvalid) else refusal.sentence
    form.body.errors = [_(sentence) % refusal.values if refusal.values else sentence_of(sentence)]
    form.version.data = opened.version
    return _page(seat_key, opened, form, chosen, names)
