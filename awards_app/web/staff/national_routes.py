"""From the regions to the nation: the board of regions, and one region's page with what it sends up."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.csv_cells import csv_lines
from awards_app.domain.deadlines import DeadlineIsInvalid
from awards_app.domain.deliberations import DecisionsAreBlocked
from awards_app.domain.national import ABSENCE_LABELS
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.queries.national_board import NationalBoard, national_board
from awards_app.queries.region_to_nation import region_to_nation
from awards_app.services import national_board as acts
from awards_app.services.agreements import AnotherProposalWaits
from awards_app.services.national_entries import replace_entry
from awards_app.web.doors import requires, signed_in
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of, sentences_of
from awards_app.web.staff import national_words as words
from awards_app.web.staff.national_forms import AbsenceForm, CalendarForm, ReplacementForm

blueprint = Blueprint("staff_national", __name__, url_prefix="/coordination")
Page = str | tuple[str, int] | BaseResponse


@blueprint.get("/national")
@signed_in("the query gives the board to the national staff and to nobody else")
def board() -> str:
    """Show the regions on one page and on the map."""
    return _board(national_board(a_holder(), the_now()), None)


def _board(found: NationalBoard, form: CalendarForm | None, problem: str = "") -> str:
    filters = words.Filters.of(request.args)
    kept = [line for line in found.regions if filters.keeps(line)]
    if form is None:
        form = CalendarForm(formdata=None)
        form.due_day.data, _t, form.due_hour.data = found.entries_due_local.partition("T")
        form.additions_day.data, _t, form.additions_hour.data = found.additions_close_local.partition("T")
    return render_template(
        "staff/national.html",
        board=found,
        lines=kept,
        filters=filters,
        form=form,
        problem=problem,
        words=words,
        states=words.state_words(),
        export=url_for("staff_national.table", **_arguments(filters)),
    )


def _arguments(filters: words.Filters) -> dict[str, Any]:
    return dict(filters.arguments())


@blueprint.get("/national.csv")
@signed_in("the query gives the board to the national staff and to nobody else")
def table() -> Response:
    """Send the same lines as a table."""
    found = national_board(a_holder(), the_now())
    filters = words.Filters.of(request.args)
    rows = [words.csv_row(line) for line in found.regions if filters.keeps(line)]
    response = Response(
        "".join(csv_lines(words.csv_header(found), rows)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="regions-{found.year}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/national/calendrier")
@signed_in(
    "the query gives the board to the national staff, and the service asks for the right over the embargo"
)
def calendar() -> Page:
    """Say when the regions' decisions are expected, and until when candidates may add."""
    holder, now = a_holder(), the_now()
    found = national_board(holder, now)
    form = CalendarForm()
    try:
        due, additions = form.instants()
    except ValueError:
        return _board(found, form, _("Indiquez un jour et une heure, ou laissez les deux vides.")), 422
    try:
        acts.set_calendar(holder, found.national_key, due, additions, now)
    except DeadlineIsInvalid as refusal:
        return _board(found, form, sentence_of(refusal)), 422
    flash(_("Les échéances sont enregistrées."), "success")
    return redirect(url_for("staff_national.board"), 303)


@blueprint.get("/<round_key>/national")
@requires(Permission.READ_MESSAGES)
def region(round_key: str) -> str:
    """Show what a region sends up, theme by theme, and what came before."""
    return _region(round_key)


def _region(round_key: str, errors: dict[str, str] | None = None, where: str = "") -> str:
    found = region_to_nation(a_holder(), round_key, the_now())
    return render_template(
        "staff/national_region.html",
        view=found,
        facts=found.facts,
        absences=ABSENCE_LABELS,
        absence_kinds=AbsenceForm(formdata=None).kind.choices,
        errors=errors or {},
        where=where,
        typed=request.form,
        is_national=a_holder().is_national_staff,
    )


def _said(refusal: Refusal, default: str) -> dict[str, str]:
    """Return what a refusal says of each field of the form; of ``default`` where it names none of them."""
    errors = getattr(refusal, "errors", {})
    found = {name: sentence_of(errors[name]) for name in ("candidacy", "kind", "reason") if name in errors}
    return found or {default: sentences_of(refusal)}


@blueprint.post("/<round_key>/national/absence")
@requires(Permission.SET_EMBARGO)
def absence(round_key: str) -> Page:
    """Say that the region sends nobody up in a theme."""
    form = AbsenceForm()
    theme = form.theme.data or ""
    try:
        acts.set_absence(
            a_holder(), round_key, theme, form.kind.data or "", form.reason.data or "", the_now()
        )
    except InputIsInvalid as refusal:
        return _region(round_key, _said(refusal, "reason"), theme), 422
    flash(_("C’est noté sur le tableau des régions."), "success")
    return redirect(url_for("staff_national.region", round_key=round_key), 303)


@blueprint.post("/<round_key>/national/absence/lever")
@requires(Permission.SET_EMBARGO)
def presence(round_key: str) -> BaseResponse:
    """Take back that the region sends nobody up in a theme."""
    acts.lift_absence(a_holder(), round_key, request.form.get("theme", ""), the_now())
    flash(_("La mention est levée : une candidature est de nouveau attendue."), "success")
    return redirect(url_for("staff_national.region", round_key=round_key), 303)


@blueprint.post("/<round_key>/national/<decision_key>/remplacer")
@requires(Permission.ANNUL_DECISION)
def replace(round_key: str, decision_key: str) -> Page:
    """Propose, or confirm, that another file is sent up, or none."""
    form = ReplacementForm()
    try:
        outcome = replace_entry(
            a_holder(), decision_key, form.candidacy.data or None, form.reason.data or "", the_now()
        )
    except (InputIsInvalid, AnotherProposalWaits, DecisionsAreBlocked) as refusal:
        return _region(round_key, _said(refusal, "candidacy"), decision_key), refusal.status
    if outcome == "pending":
        flash(_("En attente de confirmation par une autre personne."), "info")
    else:
        flash(_("Le jury national reçoit la nouvelle décision."), "success")
    return redirect(url_for("staff_national.region", round_key=round_key), 303)


@blueprint.post("/<round_key>/national/relancer")
@requires(Permission.SEND_BULK_MESSAGE)
def chase(round_key: str) -> BaseResponse:
    """Put a letter to each person who coordinates a late region in its outbox, to be read first."""
    letters = acts.chase_region(a_holder(), round_key, the_now())
    flash(
        ngettext(
            "%(num)s lettre attend d’être relue avant de partir.",
            "%(num)s lettres attendent d’être relues avant de partir.",
            letters,
        ),
        "success",
    )
    return redirect(url_for("staff_messages.outbox", round_key=round_key, etat="held"), 303)
