"""The home of chambers and of the national staff, a round, and what waits for a second person."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.phases import Phase
from awards_app.queries.pending import pending_acts
from awards_app.queries.staff import rounds_in_scope, staff_round
from awards_app.services import confirmations
from awards_app.web.doors import signed_in
from awards_app.web.moment import the_doubt, the_now
from awards_app.web.people import a_holder
from awards_app.web.staff import boards, desk, desks, pending_words

blueprint = Blueprint("staff", __name__, url_prefix="/coordination")


@blueprint.get("")
@signed_in("the home shows each person the rounds of their own roles, and does not exist without one")
def home() -> str:
    """Show what waits, and where each round stands."""
    holder, now = a_holder(), the_now()
    rounds = rounds_in_scope(holder, now)
    return render_template(
        "staff/home.html",
        doubt=the_doubt(),
        rounds=rounds,
        lines=desk.waiting_lines(rounds),
        steps=[(line, step) for line in rounds if (step := desk.step_of(line, holder, now))],
        pending=[act for act in pending_acts(holder, now) if not act.is_mine],
        acts=holder.is_national_staff or bool(holder.coordinated_regions),
        deadlines={line.key: desk.deadline_of(line, now) for line in rounds},
        cells=[boards.board_cell(line) for line in rounds if not line.is_national],
        shapes=[boards.map_region(line) for line in rounds if not line.is_national],
        legend=boards.map_legend(),
        names={line.key: desk.round_name(line) for line in rounds},
        states={line.key: (boards.state_name(line), boards.state_kind(line)) for line in rounds},
    )


@blueprint.get("/<round_key>", endpoint="round")
@signed_in("the query opens a round to those who coordinate or audit it, and to nobody else")
def round_page(round_key: str) -> str:
    """Show one round: where it stands, what comes next, and its desks."""
    holder, now = a_holder(), the_now()
    line = staff_round(holder, round_key, now)
    acts = desk.acts_on(line, holder)
    return render_template(
        "staff/round.html",
        line=line,
        name=desk.round_name(line),
        lines=desk.waiting_lines((line,)),
        step=desk.step_of(line, holder, now),
        deadline=desk.deadline_of(line, now),
        steps=boards.phase_steps(line),
        desks=desks.desks_of(line, holder),
        exports=desks.exports_of(line, holder),
        may_move=acts and desk.may_move_deadline(line, now),
        may_choose=acts and not line.is_national and line.phase is Phase.PREPARATION,
        state=(boards.state_name(line), boards.state_kind(line)),
    )


@blueprint.get("/confirmations")
@signed_in("lists only the acts of the rounds where the person has a say")
def confirmations_page() -> str:
    """List the acts that wait for a second person."""
    holder = a_holder()
    lines = confirmations.pending_lines(holder, the_now())
    return render_template(
        "staff/confirmations.html", said=pending_words.words_of(holder, lines), is_staff=bool(holder.grants)
    )


@blueprint.post("/confirmations/<key>/confirmer")
@signed_in("the room's own service asks for the permission of the act again")
def confirm(key: str) -> Response:
    """Do the act, as its second person."""
    outcome = confirmations.confirm(a_holder(), key, the_now())
    if outcome == confirmations.DONE:
        flash(_("C’est confirmé."), "success")
    else:
        flash(_("En attente de confirmation par une autre personne."), "info")
    return redirect(url_for("staff.confirmations_page"), 303)


@blueprint.post("/confirmations/<key>/refuser")
@signed_in("the service asks whether the person has a say in the act's round")
def refuse(key: str) -> Response:
    """Refuse the act, or take back one's own proposal."""
    confirmations.refuse(a_holder(), key, the_now())
    flash(_("La proposition est écartée."), "success")
    return redirect(url_for("staff.confirmations_page"), 303)
