"""The chamber's side of a deliberation: what the jury proposes, its confirmation, its correction once published."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.deliberations import DecisionsAreBlocked, Point
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import InputIsInvalid
from awards_app.queries.deliberation_views import deliberation, former_minutes
from awards_app.queries.publication import WaitingAct, waiting_acts
from awards_app.services import deliberations
from awards_app.services.agreements import AnotherProposalWaits
from awards_app.services.minutes import minutes_paper
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentences_of
from awards_app.web.staff.pending_words import replacement_words

blueprint = Blueprint("decisions", __name__, url_prefix="/coordination/<round_key>")
Page = str | tuple[str, int] | Response


@blueprint.get("/decisions")
@requires(Permission.READ_DECISION)
def home(round_key: str) -> Page:
    """Show what is proposed or decided, and what keeps it from being confirmed."""
    return _home(round_key), 200


@dataclass(frozen=True, slots=True)
class Refused:
    """The annulment that was refused: of which decision, and why."""

    key: str
    sentence: str


def _home(round_key: str, points: tuple[Point, ...] = (), refused: Refused | None = None) -> str:
    holder, now = a_holder(), the_now()
    view = deliberation(holder, round_key, now, with_points=True)
    acts = waiting_acts(holder, view.room.round.id, now) if view.knows else ()
    waiting = {act.object_key: act for act in acts if act.verb == "annul_decision"}
    names = {file.key: file.structure for file in view.desk.files}
    return render_template(
        "staff/decisions.html",
        view=view,
        confirms=view.may(Permission.CONFIRM_DECISION),
        annuls=view.may(Permission.ANNUL_DECISION),
        publishes=view.may(Permission.SET_EMBARGO),
        points=[
            _(sentence) % values if values else _(sentence) for sentence, values in points or view.points
        ],
        waiting=waiting,
        refused=refused,
        typed=request.form,
        changes=_changes(waiting, names) if view.room.round.phase >= Phase.PUBLISHED else {},
        former=former_minutes(view.room.round.id) if view.may(Permission.READ_MINUTES) else (),
        prizes={prize.id: prize for prize in view.desk.prizes},
        themes={theme.id: theme.name for theme in view.desk.themes},
    )


def _changes(waiting: dict[str, WaitingAct], names: dict[str, str]) -> dict[str, str]:
    """Say who would bear each distinction whose correction waits: another structure, the same, or nobody."""
    found = {}
    for key, act in waiting.items():
        given = act.arguments.get("replacement")
        taker, citation = (given["candidacy_key"], given["citation"]) if isinstance(given, dict) else ("", "")
        found[key] = replacement_words(str(taker), str(citation), names)
    return found


@blueprint.post("/decisions/confirmer")
@requires(Permission.CONFIRM_DECISION)
def confirm(round_key: str) -> Page:
    """Confirm the whole set."""
    try:
        deliberations.confirm_decisions(a_holder(), round_key, the_now())
    except DecisionsAreBlocked as refusal:
        return _home(round_key, refusal.said), refusal.status
    flash(_("Les décisions sont confirmées. Elles restent sous embargo."), "success")
    return redirect(url_for("decisions.home", round_key=round_key), 303)


@blueprint.post("/decisions/<decision_key>/annuler")
@requires(Permission.ANNUL_DECISION)
def annul(round_key: str, decision_key: str) -> Page:
    """Propose, or confirm, that a decision is annulled; once published, another may take its place at once."""
    chosen = request.form.get("candidacy", "")
    citation = request.form.get("citation", "")
    try:
        outcome = deliberations.annul_decision(
            a_holder(),
            decision_key,
            request.form.get("reason", ""),
            the_now(),
            replacement={"candidacy_key": chosen, "citation": citation} if chosen else None,
        )
    except (InputIsInvalid, AnotherProposalWaits, DecisionsAreBlocked) as refusal:
        return _home(round_key, refused=Refused(decision_key, sentences_of(refusal))), refusal.status
    if outcome == "pending":
        flash(_("En attente de confirmation par une autre personne."), "info")
    else:
        flash(_("La décision est rectifiée.") if chosen else _("La décision est annulée."), "success")
    return redirect(url_for("decisions.home", round_key=round_key), 303)


@blueprint.get("/proces-verbal.pdf")
@requires(Permission.READ_MINUTES)
def minutes_pdf(round_key: str) -> Response:
    """Give the minutes on paper, or former ones by their number."""
    number = request.args.get("numero") or None
    name, paper = minutes_paper(a_holder(), round_key, the_now(), number=number)
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(paper, mimetype="application/pdf", headers=headers)
