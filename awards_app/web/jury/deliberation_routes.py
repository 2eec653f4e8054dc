"""The deliberation of a jury: attendance, ties, proposals, minutes."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.deliberations import TieBreakIsInvalid, TieIsOpen
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.queries.deliberation_views import deliberation, round_of_seat, seated_round
from awards_app.queries.publication import waiting_acts
from awards_app.services import deliberations
from awards_app.services.minutes import minutes_paper
from awards_app.web.doors import requires
from awards_app.web.jury import deliberation_presenters as presenters
from awards_app.web.jury.deliberation_forms import NOBODY, MinutesForm, ProposalForm
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of

blueprint = Blueprint("deliberation", __name__, url_prefix="/jury/<seat_key>")
Page = str | tuple[str, int] | Response


def _round(seat_key: str) -> str:
    return round_of_seat(a_holder(), seat_key)[0]


@blueprint.get("/deliberation")
@requires(Permission.READ_RANKING)
def home(seat_key: str) -> Page:
    """Show the ranking, who is there, who leaves for which file, and the tie rule before any vote."""
    holder = a_holder()
    view = deliberation(holder, seated_round(holder, seat_key), the_now())
    return _home(seat_key, view)


def _home(seat_key: str, view: presenters.DeliberationView, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "jury/deliberation.html",
        seat_key=seat_key,
        view=view,
        themes=presenters.themes(view),
        seats=presenters.seats(view),
        methods=presenters.methods(),
        errors=errors or {},
        typed=request.form,
        writes=view.may(Permission.WRITE_MINUTES),
    )


@blueprint.post("/deliberation/presence")
@requires(Permission.WRITE_MINUTES)
def attendance(seat_key: str) -> Page:
    """Note who is there."""
    given = {
        name.removeprefix("seat-"): word
        for name, word in request.form.items()
        if name.startswith("seat-") and word
    }
    deliberations.record_attendance(a_holder(), _round(seat_key), given, the_now())
    flash(_("La présence est notée."), "success")
    return redirect(url_for("deliberation.home", seat_key=seat_key), 303)


@blueprint.post("/deliberation/departage")
@requires(Permission.PROPOSE_DECISION)
def tie_break(seat_key: str) -> Page:
    """Record how equal files are parted."""
    holder, now, key = a_holder(), the_now(), _round(seat_key)
    places = sorted((name for name in request.form if name.startswith("place-")), key=presenters.place_of)
    order = [request.form[name] for name in places]
    theme = request.form.get("theme", "")
    try:
        deliberations.break_tie(
            holder, key, theme, order, request.form.get("method", ""), request.form.get("reason", ""), now
        )
    except TieBreakIsInvalid as refusal:
        return _home(
            seat_key,
            deliberation(holder, key, now),
            {f"{theme}-{request.form.get('rank', '')}": sentence_of(refusal)},
        ), 422
    flash(_("Le départage est enregistré."), "success")
    return redirect(url_for("deliberation.home", seat_key=seat_key), 303)


@blueprint.get("/decisions")
@requires(Permission.READ_DECISION)
def decisions(seat_key: str) -> Page:
    """Show what is proposed or decided, prize by prize."""
    holder, now = a_holder(), the_now()
    view = deliberation(holder, seated_round(holder, seat_key), now, with_points=True)
    if not view.knows:
        raise DoesNotExist
    annuls = view.may(Permission.ANNUL_DECISION)
    acts = waiting_acts(holder, view.room.round.id, now) if annuls else ()
    return render_template(
        "jury/deliberation_decisions.html",
        seat_key=seat_key,
        view=view,
        slots=presenters.slots(view),
        annuls=annuls,
        waiting={act.object_key: act for act in acts if act.verb == "annul_decision"},
        points=[_(sentence) % values if values else _(sentence) for sentence, values in view.points],
    )


@blueprint.route("/decisions/proposer", methods=["GET", "POST"])
@requires(Permission.PROPOSE_DECISION)
def propose(seat_key: str) -> Page:
    """Propose who receives one prize of one theme."""
    holder, now, key = a_holder(), the_now(), _round(seat_key)
    view = deliberation(holder, key, now)
    prize, theme = request.values.get("prix", ""), request.values.get("thematique") or None
    slot = next((one for one in view.desk.slots() if one.prize == prize and one.theme == theme), None)
    if slot is None or not view.leads:
        raise DoesNotExist
    form = ProposalForm()
    form.candidacy.choices = presenters.choices(view, slot)
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        chosen = form.candidacy.data
        try:
            deliberations.propose_decision(
                holder,
                key,
                prize_code=prize,
                theme_code=theme,
                candidacy_key=None if chosen == NOBODY else chosen,
                citation=form.citation.data or "",
                reason=form.reason.data or "",
                now=now,
            )
        except (InputIsInvalid, TieIsOpen) as refusal:
            presenters.attach(form, refusal, "candidacy")
            status = refusal.status
        else:
            flash(_("La proposition est enregistrée."), "success")
            return redirect(url_for("deliberation.decisions", seat_key=seat_key), 303)
    page = render_template(
        "jury/deliberation_proposal.html", seat_key=seat_key, view=view, slot=slot, form=form
    )
    return page, status


@blueprint.post("/decisions/<decision_key>/retirer")
@requires(Permission.PROPOSE_DECISION)
def withdraw(seat_key: str, decision_key: str) -> Page:
    """Take a proposal back."""
    _round(seat_key)
    deliberations.withdraw_proposal(a_holder(), decision_key, the_now())
    flash(_("La proposition est retirée."), "success")
    return redirect(url_for("deliberation.decisions", seat_key=seat_key), 303)


@blueprint.post("/decisions/<decision_key>/annuler")
@requires(Permission.ANNUL_DECISION)
def annul(seat_key: str, decision_key: str) -> Page:
    """Propose, or confirm, that a decision is annulled."""
    _round(seat_key)
    outcome = deliberations.annul_decision(
        a_holder(), decision_key, request.form.get("reason", ""), the_now()
    )
    if outcome == "pending":
        flash(_("En attente de confirmation par la coordination."), "info")
        return redirect(url_for("deliberation.decisions", seat_key=seat_key), 303)
    flash(_("La décision est annulée : le jury délibère de nouveau."), "success")
    return redirect(url_for("deliberation.home", seat_key=seat_key), 303)


@blueprint.route("/proces-verbal", methods=["GET", "POST"])
@requires(Permission.WRITE_MINUTES)
def minutes(seat_key: str) -> Page:
    """Write the minutes."""
    holder, now, key = a_holder(), the_now(), _round(seat_key)
    view = deliberation(holder, key, now)
    if not view.may(Permission.WRITE_MINUTES):
        return redirect(url_for("deliberation.decisions", seat_key=seat_key), 303)
    form = MinutesForm(data=presenters.minutes_values(view, holder.name))
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        try:
            number = deliberations.write_minutes(holder, key, form.content(), now)
        except InputIsInvalid as refusal:
            presenters.attach(form, refusal, "notes")
        else:
            flash(_("Le procès-verbal %(number)s est enregistré.", number=number), "success")
            return redirect(url_for("deliberation.minutes", seat_key=seat_key), 303)
    page = render_template(
        "jury/deliberation_minutes.html", seat_key=seat_key, view=view, form=form, minutes=view.desk.minutes
    )
    return page, status


@blueprint.get("/proces-verbal.pdf")
@requires(Permission.READ_MINUTES)
def minutes_pdf(seat_key: str) -> Response:
    """Give the minutes on paper."""
    name, paper = minutes_paper(
        a_holder(), _round(seat_key), the_now(), number=request.args.get("numero") or None
    )
    return presenters.as_pdf(name, paper)
