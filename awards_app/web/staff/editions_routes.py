"""An edition for staff: the board of its regions, its settings, and the closing of a round's call."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.deadlines import DeadlineIsInvalid, LocalTimeHappensTwice
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid
from awards_app.queries.deadlines import changes_of, late_attempts
from awards_app.queries.settings import open_grid, settings_of
from awards_app.queries.staff import rounds_of_year, staff_round
from awards_app.services import deadlines, grids
from awards_app.web.doors import requires, signed_in
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff import boards, desk
from awards_app.web.staff.deadline_lines import change_lines, late_lines
from awards_app.web.staff.forms import DeadlineForm, ParticipationForm, typed_weights, weights_form

blueprint = Blueprint("staff_editions", __name__, url_prefix="/coordination")

CONFIRMATIONS = "staff.confirmations_page"


@blueprint.get("/editions/<int(fixed_digits=4):year>")
@signed_in("the query shows each person the rounds of their own scope")
def edition(year: int) -> str:
    """Show where each region stands, as a board and as a map."""
    holder, now = a_holder(), the_now()
    rounds = rounds_of_year(holder, year, now)
    regions = [line for line in rounds if not line.is_national]
    return render_template(
        "staff/edition.html",
        rounds=rounds,
        national=next((line for line in rounds if line.is_national), None),
        cells=[boards.board_cell(line) for line in regions],
        shapes=[boards.map_region(line) for line in regions],
        legend=boards.map_legend(),
        figures=boards.edition_figures(rounds),
        states={line.key: (boards.state_name(line), boards.state_kind(line)) for line in rounds},
        deadlines={line.key: desk.deadline_of(line, now) for line in rounds},
    )


@blueprint.get("/editions/<int(fixed_digits=4):year>/reglages")
@signed_in("the query opens the settings to people with a staff role")
def settings(year: int) -> str:
    """Show the grids, the prizes and the calendar."""
    return render_template(
        "staff/edition_settings.html",
        found=settings_of(a_holder(), year, the_now()),
        levels=boards.level_names(),
    )


@blueprint.route("/editions/<int(fixed_digits=4):year>/grille/<level>", methods=["GET", "POST"])
@requires(Permission.CHANGE_GRID)
def grid(year: int, level: str) -> tuple[str, int] | Response:
    """Change the weights of a grid."""
    holder, now = a_holder(), the_now()
    found = settings_of(holder, year, now)
    table = open_grid(found, holder, level)
    codes = tuple(theme.code for theme in found.themes)
    form = weights_form(table, codes)
    faults: dict[str, str] = {}
    if form.is_submitted():
        try:
            form.validate()
            grids.change_weights(holder, year, level, typed_weights(form, table, codes), now)
        except grids.GridDoesNotHold as refusal:
            faults = {code: sentence_of(fault) for code, fault in refusal.faults.items()}
        else:
            flash(_("La grille est enregistrée."), "success")
            return redirect(url_for("staff_editions.settings", year=year), 303)
    page = render_template(
        "staff/edition_grid.html",
        found=found,
        table=table,
        form=form,
        faults=faults,
        levels=boards.level_names(),
    )
    return page, 422 if faults else 200


@blueprint.route("/<round_key>/echeance", methods=["GET", "POST"])
@requires(Permission.EXTEND_DEADLINE)
def deadline(round_key: str) -> tuple[str, int] | Response:
    """Move the closing of the call."""
    holder, now = a_holder(), the_now()
    deadlines.check_may_change(holder, round_key, now)
    line = staff_round(holder, round_key, now)
    form = DeadlineForm(line.zone)
    if not form.is_submitted() and line.closes_local:
        form.day.data, _sep, form.hour.data = line.closes_local.partition("T")
    twice = None
    if form.is_submitted() and form.validate():
        local = form.local()
        if local is None:
            form.day.errors = [_("Indiquez un jour et une heure.")]
        else:
            try:
                outcome = deadlines.change_deadline(
                    holder,
                    round_key,
                    local,
                    form.reason.data or "",
                    now,
                    fold=form.chosen_fold(),
                    zone=form.zone.data,
                )
            except InputIsInvalid as refusal:
                _attach(form, refusal)
            except LocalTimeHappensTwice as refusal:
                twice = refusal
                form.hour.errors = [sentence_of(refusal)]
            except DeadlineIsInvalid as refusal:
                form.hour.errors = [sentence_of(refusal)]
            else:
                return _after_deadline(outcome, round_key)
    page = render_template(
        "staff/deadline.html",
        line=line,
        name=desk.round_name(line),
        form=form,
        twice=twice,
        closing=desk.closing_of(line),
        changes=change_lines(changes_of(line.id)),
        late=late_lines(late_attempts(holder, round_key, now), line.zone),
    )
    return page, 422 if form.is_submitted() else 200


def _attach(form: DeadlineForm, refusal: InputIsInvalid) -> None:
    for name, sentence in refusal.errors.items():
        field = form.reason if name == "reason" else form.day
        field.errors = [_(sentence)]


def _after_deadline(outcome: str, round_key: str) -> Response:
    if outcome == deadlines.PENDING:
        flash(_("En attente de confirmation par une autre personne, dans les 24 heures."), "info")
        return redirect(url_for(CONFIRMATIONS), 303)
    flash(_("La date limite est déplacée ; chaque structure concernée reçoit un message."), "success")
    return redirect(url_for("staff.round", round_key=round_key), 303)


@blueprint.post("/<round_key>/participation")
@requires(Permission.EXTEND_DEADLINE)
def participation(round_key: str) -> Response:
    """Say whether the region takes part."""
    form = ParticipationForm()
    form.validate()
    deadlines.set_participation(
        a_holder(), round_key, form.takes_part.data == "oui", form.reason.data or "", the_now()
    )
    flash(_("C’est enregistré."), "success")
    return redirect(url_for("staff.round", round_key=round_key), 303)
