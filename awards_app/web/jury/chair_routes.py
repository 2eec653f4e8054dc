"""The chair's pages: progress without a value, the lock, the ranking, who gave what."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.queries.progress import progress
from awards_app.queries.ranking import ranking_of
from awards_app.services import scoring
from awards_app.services.advice import advice_beside, severities_of
from awards_app.services.attributions import read_attributed_scores
from awards_app.services.locking import SheetsAreMissing
from awards_app.web import advice, standings
from awards_app.web.doors import requires
from awards_app.web.jury import presenters
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint("jury_chair", __name__, url_prefix="/jury")
Page = str | tuple[str, int] | Response


def _own_round(seat_key: str) -> tuple[int, str]:
    """Return the round of the person's own seat and their function there."""
    for seat in a_holder().seats:
        if seat.key == seat_key:
            return seat.round_id, seat.function
    raise DoesNotExist


@blueprint.get("/<seat_key>/avancement")
@requires(Permission.READ_PROGRESS)
def progress_page(seat_key: str) -> str:
    """Show who has finished and how many sheets are complete."""
    return _progress_page(seat_key, ())


def _progress_page(seat_key: str, missing: tuple[tuple[str, str], ...]) -> str:
    round_id, function = _own_round(seat_key)
    found = progress(a_holder(), round_id, the_now())
    facts = found.room.round
    return render_template(
        "jury/progress.html",
        seat_key=seat_key,
        found=found,
        missing=missing,
        closing=presenters.closing(found.closes_at, facts.zone),
        tabs=presenters.seat_tabs(seat_key, function, facts.phase, "jury_chair.progress_page", leads=True),
        presenters=presenters,
    )


@blueprint.post("/<seat_key>/verrouiller")
@requires(Permission.LOCK_SCORING)
def lock(seat_key: str) -> Page:
    """Lock the round; what is missing comes back with the names."""
    round_id, _function = _own_round(seat_key)
    try:
        scoring.lock_scoring(a_holder(), round_id, the_now())
    except SheetsAreMissing as refusal:
        return _progress_page(seat_key, refusal.lines), 409
    flash(_("La notation est verrouillée. Le classement est établi."), "success")
    return redirect(url_for("jury_chair.ranking", seat_key=seat_key), 303)


@blueprint.post("/<seat_key>/dispenser")
@requires(Permission.WAIVE_SCORESHEET)
def waive(seat_key: str) -> Response:
    """Excuse a colleague's missing sheet, or confirm what the chamber proposed."""
    _own_round(seat_key)
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
        flash(_("Dispense proposée, en attente de confirmation par la CRESS."), "info")
    return redirect(url_for("jury_chair.progress_page", seat_key=seat_key), 303)


@blueprint.post("/<seat_key>/rouvrir")
@requires(Permission.REOPEN_SCORESHEET)
def reopen(seat_key: str) -> Response:
    """Reopen a colleague's final sheet, with a reason."""
    _own_round(seat_key)
    scoring.reopen_scoresheet(
        a_holder(),
        request.form.get("seat", ""),
        request.form.get("candidacy", ""),
        request.form.get("reason", ""),
        the_now(),
    )
    flash(_("La fiche est rouverte."), "success")
    return redirect(url_for("jury_chair.progress_page", seat_key=seat_key), 303)


@blueprint.get("/<seat_key>/classement")
@requires(Permission.READ_RANKING)
def ranking(seat_key: str) -> str:
    """Show the locked ranking in the themes the person may read."""
    round_id, function = _own_round(seat_key)
    found = ranking_of(a_holder(), round_id, the_now())
    facts = found.room.round
    start = max(request.args.get("depuis", 0, type=int), 0)
    return render_template(
        "jury/ranking.html",
        start=start,
        seat_key=seat_key,
        found=found,
        attributable=any(
            found.room.may(Permission.READ_ATTRIBUTED_SCORES, theme.id) for theme in found.themes
        ),
        may_unlock=any(found.room.may(Permission.LOCK_SCORING, theme.id) for theme in found.themes),
        tabs=presenters.seat_tabs(seat_key, function, facts.phase, "jury_chair.ranking"),
        presenters=presenters,
        standings=standings,
        advice=advice_beside(found),
        words=advice,
    )


@blueprint.get("/<seat_key>/attribution")
@requires(Permission.READ_ATTRIBUTED_SCORES)
def attribution(seat_key: str) -> str:
    """Show who gave what; the reading is kept in the journal."""
    round_id, function = _own_round(seat_key)
    room, sheets = read_attributed_scores(a_holder(), round_id, the_now())
    return render_template(
        "jury/attribution.html",
        seat_key=seat_key,
        room=room,
        tables=standings.attribution_tables(room, sheets),
        severities=advice.severities(room, severities_of(room, sheets)),
        tabs=presenters.seat_tabs(seat_key, function, room.round.phase, "jury_chair.ranking"),
        presenters=presenters,
    )


@blueprint.post("/<seat_key>/deverrouiller")
@requires(Permission.LOCK_SCORING)
def unlock(seat_key: str) -> Response:
    """Propose or confirm that scoring reopens."""
    round_id, _function = _own_round(seat_key)
    outcome = scoring.unlock_scoring(a_holder(), round_id, request.form.get("reason", ""), the_now())
    if outcome == "done":
        flash(_("La notation est rouverte."), "success")
        return redirect(url_for("jury_chair.progress_page", seat_key=seat_key), 303)
    flash(_("Réouverture proposée, en attente de confirmation par la CRESS."), "info")
    return redirect(url_for("jury_chair.ranking", seat_key=seat_key), 303)
