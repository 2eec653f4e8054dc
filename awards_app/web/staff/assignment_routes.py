"""The chamber's page of who reads what: hours, a plan, its reasons, adjusting by hand."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid
from awards_app.queries.access import RoundFacts
from awards_app.queries.assignments import Assignments, assignments_for
from awards_app.services import assignments
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff import assignment_presenters as words
from awards_app.web.staff import juries_presenters as presenters
from awards_app.web.staff.assignment_forms import DemandForm, PairForm

blueprint = Blueprint("staff_assignments", __name__, url_prefix="/coordination/<round_key>/repartition")
Page = str | tuple[str, int] | Response


@blueprint.get("")
@requires(Permission.COMPOSE_JURY)
def home(round_key: str) -> str:
    """Show who reads what, how long it takes, and what to ask."""
    facts, state = assignments_for(a_holder(), round_key, the_now())
    return _page(facts, state, None)


@blueprint.post("/calculer")
@requires(Permission.COMPOSE_JURY)
def ask(round_key: str) -> Page:
    """Ask for a plan."""
    form = DemandForm()
    if form.validate():
        try:
            assignments.ask_assignment(
                a_holder(),
                round_key,
                form.theme.data or "",
                readers=form.readers.data or 0,
                most=form.most.data,
                spread=form.spread.data or 1,
                from_scratch=bool(form.from_scratch.data),
                now=the_now(),
            )
        except InputIsInvalid as refusal:
            for name, sentence in refusal.errors.items():
                field = form[name if name in form else "readers"]
                field.errors = [*field.errors, sentence_of(sentence)]
        else:
            return _back(round_key, form.theme.data)
    facts, state = assignments_for(a_holder(), round_key, the_now())
    return _page(facts, state, form), 422


@blueprint.post("/ajouter")
@requires(Permission.COMPOSE_JURY)
def add(round_key: str) -> Response:
    """Give one more person a file."""
    form = PairForm()
    assignments.add_reader(a_holder(), round_key, form.seat.data or "", form.candidacy.data or "", the_now())
    flash(_("La lecture est ajoutée."), "success")
    return _back(round_key, request.form.get("theme"), form.candidacy.data)


@blueprint.post("/retirer")
@requires(Permission.COMPOSE_JURY)
def remove(round_key: str) -> Response:
    """Take a file back from a person."""
    form = PairForm()
    assignments.remove_reader(
        a_holder(), round_key, form.seat.data or "", form.candidacy.data or "", the_now()
    )
    flash(_("La lecture est retirée."), "success")
    return _back(round_key, request.form.get("theme"), form.candidacy.data)


@blueprint.post("/tous")
@requires(Permission.COMPOSE_JURY)
def to_all(round_key: str) -> Response:
    """Let everybody read every file of a theme again."""
    assignments.give_to_all(a_holder(), round_key, request.form.get("theme", ""), the_now())
    flash(_("Tout le jury lit de nouveau tous les dossiers de la thématique."), "success")
    return _back(round_key, request.form.get("theme"))


def _back(round_key: str, theme: str | None, file: str | None = None) -> Response:
    page = request.form.get("page") or None
    return redirect(url_for(".home", round_key=round_key, theme=theme, dossier=file, page=page), 303)


def _page(facts: RoundFacts, state: Assignments, typed: DemandForm | None) -> str:
    asked = (typed.theme.data if typed else None) or request.args.get("theme")
    theme = next((one for one in state.themes if one.code == asked), next(iter(state.themes), None))
    view = words.theme_view(state, theme) if theme else None
    page = max(request.args.get("page", 1, type=int), 1)
    return render_template(
        "staff/assignment.html",
        facts=facts,
        state=state,
        view=view,
        form=typed or _form(view),
        page=page,
        pages=-(-len(view.rows) // words.PER_PAGE) if view else 0,
        opened=request.args.get("dossier", ""),
        may_take_away=words.may_take_away(facts.phase),
        forecast=words.forecast(state, request.args),
        words=words,
        presenters=presenters,
    )


def _form(view: words.ThemeView | None) -> DemandForm:
    """Return what was asked last for this theme."""
    if view is None:
        return DemandForm(formdata=None)
    plan = view.plan
    return DemandForm(
        formdata=None,
        theme=view.theme.code,
        readers=plan.readers if plan else max(1, min(5, len(view.people))),
        most=plan.most if plan else None,
        spread=plan.spread if plan else 1,
    )
