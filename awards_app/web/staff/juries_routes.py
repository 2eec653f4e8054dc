"""The chamber's desk of the jury: who sits, which ties, how far, the ranking once locked."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from awards_app.domain.permissions import Permission, is_allowed
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.queries.assignments import reading_load
from awards_app.queries.compositions import jury_of
from awards_app.queries.editions import regions, themes_of
from awards_app.queries.interests import interests_register
from awards_app.services import juries
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff import juries_presenters as presenters
from awards_app.web.staff.assignment_presenters import hours
from awards_app.web.staff.juries_forms import InvitationForm

blueprint = Blueprint("staff_juries", __name__, url_prefix="/coordination/<round_key>")
Page = str | tuple[str, int] | Response


@blueprint.get("/jury")
@requires(Permission.READ_JURY)
def jury(round_key: str) -> str:
    """Show who sits, who is invited, who left; with a form where people may be added."""
    return _jury_page(round_key, InvitationForm(formdata=None))


@blueprint.post("/jury", endpoint="invite")
@requires(Permission.COMPOSE_JURY)
def invite_juror(round_key: str) -> Page:
    """Invite a person to a seat."""
    form = InvitationForm()
    facts, _seats = jury_of(a_holder(), round_key, the_now())
    _fill_choices(form, facts.edition_id, is_national=facts.region_code is None)
    if form.validate():
        try:
            juries.invite_juror(
                a_holder(),
                round_key,
                email=form.email.data or "",
                name=form.name.data or "",
                function=form.function.data,
                theme_code=form.theme_code.data or None,
                college=form.college.data or "",
                region_code=form.region_code.data or None,
                is_substitute=bool(form.is_substitute.data),
                now=the_now(),
            )
        except Refusal as refusal:
            if refusal.status not in (409, 422):
                raise
            _attach(form, refusal)
            return _jury_page(round_key, form), refusal.status
        flash(_("L’invitation part à l’adresse de %(name)s.", name=form.name.data), "success")
        return redirect(url_for("staff_juries.jury", round_key=round_key), 303)
    return _jury_page(round_key, form), 422


@blueprint.post("/jury/<seat_key>/relancer")
@requires(Permission.COMPOSE_JURY)
def remind(round_key: str, seat_key: str) -> Response:
    """Send the invitation again."""
    juries.remind_invitation(a_holder(), seat_key, the_now())
    flash(_("L’invitation repart, avec un nouveau lien."), "success")
    return redirect(url_for("staff_juries.jury", round_key=round_key), 303)


@blueprint.post("/jury/<seat_key>/retirer")
@requires(Permission.COMPOSE_JURY)
def remove(round_key: str, seat_key: str) -> Response:
    """End a seat, with a reason."""
    juries.remove_juror(a_holder(), seat_key, request.form.get("reason", ""), the_now())
    flash(_("Le siège est retiré. Les fiches déjà remplies sont écartées et conservées."), "success")
    return redirect(url_for("staff_juries.jury", round_key=round_key), 303)


@blueprint.get("/liens")
@requires(Permission.READ_INTEREST)
def interests(round_key: str) -> str:
    """Show the register of ties: doubts to settle first, then recusals."""
    register = interests_register(a_holder(), round_key, the_now())
    facts = register.room.round
    return render_template(
        "staff/interests.html",
        register=register,
        round_key=round_key,
        doubts=[line for line in register.lines if line.verdict == "unsure"],
        recusals=[line for line in register.lines if line.verdict == "recused"],
        settled=sum(line.verdict == "none" for line in register.lines),
        may_settle=is_allowed(Permission.DECLARE_INTEREST, facts.phase, facts.subjects),
        may_lift=is_allowed(Permission.LIFT_RECUSAL, facts.phase, facts.subjects),
        presenters=presenters,
    )


@blueprint.post("/liens", endpoint="settle")
@requires(Permission.DECLARE_INTEREST)
def settle_interest(round_key: str) -> Response:
    """Settle a doubt, or declare a tie for a juror."""
    juries.declare_interest_for(
        a_holder(),
        request.form.get("seat", ""),
        request.form.get("candidacy", ""),
        request.form.get("verdict", ""),
        request.form.get("reason", ""),
        the_now(),
    )
    flash(_("C’est enregistré."), "success")
    return redirect(url_for("staff_juries.interests", round_key=round_key), 303)


@blueprint.post("/liens/lever")
@requires(Permission.LIFT_RECUSAL)
def lift(round_key: str) -> Response:
    """Propose or confirm that a recusal is lifted."""
    outcome = juries.lift_recusal(
        a_holder(),
        request.form.get("seat", ""),
        request.form.get("candidacy", ""),
        request.form.get("reason", ""),
        the_now(),
    )
    if outcome == "done":
        flash(_("Le déport est levé."), "success")
    else:
        flash(_("Levée proposée, en attente de confirmation par une seconde personne."), "info")
    return redirect(url_for("staff_juries.interests", round_key=round_key), 303)


def _jury_page(round_key: str, form: InvitationForm) -> str:
    facts, seats = jury_of(a_holder(), round_key, the_now())
    _fill_choices(form, facts.edition_id, is_national=facts.region_code is None)
    may_compose = is_allowed(Permission.COMPOSE_JURY, facts.phase, facts.subjects)
    return render_template(
        "staff/jury.html",
        facts=facts,
        form=form,
        live=[seat for seat in seats if seat.left_at is None],
        gone=[seat for seat in seats if seat.left_at is not None],
        may_compose=may_compose,
        load=reading_load(facts) if may_compose else None,
        hours=hours,
        reads_addresses=is_allowed(Permission.COMPOSE_JURY, Phase.PREPARATION, facts.subjects),
        presenters=presenters,
    )


def _fill_choices(form: InvitationForm, edition_id: int, *, is_national: bool) -> None:
    themes = [SelectChoice(theme.code, theme.name) for theme in themes_of(edition_id)]
    form.theme_code.choices = [SelectChoice("", _("Toutes")), *themes]
    homes = [SelectChoice(region.code, region.name) for region in regions()] if is_national else []
    form.region_code.choices = [SelectChoice("", _("Sans objet")), *homes]


def _attach(form: FlaskForm, refusal: Refusal) -> None:
    errors = refusal.errors if isinstance(refusal, InputIsInvalid) else {}
    if not errors:
        errors = {refusal.field or "email": sentence_of(refusal)}
    for name, words in errors.items():
        field = form[name] if name in form else form["email"]
        field.errors = [*field.errors, sentence_of(words)]
