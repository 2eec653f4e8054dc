"""The chamber's desk of scoring: opening it, its progress without a value, the locked ranking."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission, is_allowed
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.queries.access import find_round
from awards_app.queries.progress import progress
from awards_app.queries.ranking import ranking_of
from awards_app.services import juries, scoring
from awards_app.services.advice import advice_beside, severities_of
from awards_app.services.attributions import read_attributed_scores
from awards_app.web import advice, standings
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.staff import juries_presenters as presenters

blueprint = Blueprint("staff_scoring", __name__, url_prefix="/coordination/<round_key>")


@blueprint.get("/avancement")
@requires(Permission.READ_PROGRESS)
def progress_page(round_key: str) -> str:
    """Show the button that opens scoring, then how far the jury is."""
    holder, now = a_holder(), the_now()
    facts = find_round(holder, round_key, now)
    if facts is None:
        raise DoesNotExist
    early = facts.phase is Phase.ADMISSIBILITY or (
        facts.region_code is None and facts.phase is Phase.PREPARATION
    )
    if early and is_allowed(Permission.OPEN_SCORING, Phase.ADMISSIBILITY, facts.subjects):
        return render_template("staff/open_scoring.html", facts=facts, presenters=presenters)
    found = progress(holder, round_key, now)
    return render_template(
        "staff/progress.html",
        found=found,
        facts=found.room.round,
        may_waive=is_allowed(Permission.WAIVE_SCORESHEET, facts.phase, found.room.round.subjects),
        closing=presenters.closing(found.closes_at, facts.zone),
        presenters=presenters,
    )


@blueprint.post("/ouvrir-notation")
@requires(Permission.OPEN_SCORING)
def open_scoring(round_key: str) -> Response:
    """Open scoring."""
    scoring.open_scoring(a_holder(), round_key, the_now())
    flash(_("La notation est ouverte. Les membres du jury sont prévenus par courriel."), "success")
    return redirect(url_for("staff_scoring.progress_page", round_key=round_key), 303)


@blueprint.post("/relancer")
@requires(Permission.SEND_BULK_MESSAGE)
def remind(round_key: str) -> Response:
    """Remind those who have sheets left."""
    sent = juries.remind_jurors(a_holder(), round_key, the_now())
    if sent:
        flash(
            ngettext("%(num)s rappel part par courriel.", "%(num)s rappels partent par courriel.", sent),
            "success",
        )
    else:
        flash(_("Personne à relancer : chacun a fini, ou a déjà été relancé aujourd’hui."), "info")
    return redirect(url_for("staff_scoring.progress_page", round_key=round_key), 303)


@blueprint.post("/dispenser")
@requires(Permission.WAIVE_SCORESHEET)
def waive(round_key: str) -> Response:
    """Propose or confirm a waiver."""
    outcome = scoring.waive_scoresheet(
        a_holder(),
        request.form.get("seat", ""),
        request.form.get("candidacy", ""),
        request.form.get("reason", ""),
        the_now(),
    )
    if outcome == "done":
        flash(_("La dispense est enregistrée."), "success")
    else:
        flash(_("Dispense proposée, en attente de confirmation par la présidence du jury."), "info")
    return redirect(url_for("staff_scoring.progress_page", round_key=round_key), 303)


@blueprint.get("/classement")
@requires(Permission.READ_RANKING)
def ranking(round_key: str) -> str:
    """Show the locked ranking, without who gave what."""
    found = ranking_of(a_holder(), round_key, the_now())
    facts = found.room.round
    start = max(request.args.get("depuis", 0, type=int), 0)
    return render_template(
        "staff/ranking.html",
        start=start,
        found=found,
        facts=facts,
        attributable=is_allowed(Permission.READ_ATTRIBUTED_SCORES, facts.phase, facts.subjects),
        may_unlock=facts.phase in (Phase.DELIBERATION, Phase.DECIDED)
        and is_allowed(Permission.LOCK_SCORING, facts.phase, facts.subjects),
        presenters=presenters,
        standings=standings,
        advice=advice_beside(found),
        words=advice,
    )


@blueprint.get("/attribution")
@requires(Permission.READ_ATTRIBUTED_SCORES)
def attribution(round_key: str) -> str:
    """Show who gave what to the auditor; the reading is kept in the journal."""
    room, sheets = read_attributed_scores(a_holder(), round_key, the_now())
    return render_template(
        "staff/attribution.html",
        facts=room.round,
        tables=standings.attribution_tables(room, sheets),
        severities=advice.severities(room, severities_of(room, sheets)),
        presenters=presenters,
    )


@blueprint.post("/deverrouiller")
@requires(Permission.LOCK_SCORING)
def unlock(round_key: str) -> Response:
    """Propose or confirm that scoring reopens."""
    outcome = scoring.unlock_scoring(a_holder(), round_key, request.form.get("reason", ""), the_now())
    if outcome == "done":
        flash(_("La notation est rouverte."), "success")
        return redirect(url_for("staff_scoring.progress_page", round_key=round_key), 303)
    flash(_("Réouverture proposée, en attente de confirmation par une seconde personne."), "info")
    return redirect(url_for("staff_scoring.ranking", round_key=round_key), 303)
