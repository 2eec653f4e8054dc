"""The form of an edition, written by the national staff: its sections and questions, its preview, its versions."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from awards_app.domain.form_conditions import ConditionTurnsRound
from awards_app.domain.form_meanwhile import RowHasChanged, question_mark, section_mark
from awards_app.domain.permissions import Permission
from awards_app.domain.question_kinds import KINDS
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.queries.form_desk import (
    FormDesk,
    copy_sources,
    form_desk,
    form_to_change,
    frozen_version,
)
from awards_app.services import form_builder
from awards_app.web.doors import requires, signed_in
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff import form_forms as forms
from awards_app.web.staff import form_presenters as shown

blueprint = Blueprint(
    "staff_form", __name__, url_prefix="/coordination/editions/<int(fixed_digits=4):year>/formulaire"
)
Page = str | tuple[str, int] | Response
READING = "the query opens the form to people with a staff role"


@blueprint.get("")
@signed_in(READING)
def home(year: int) -> str:
    """Show the form: what is wrong with it, its sections and questions, its versions."""
    return _home(form_desk(a_holder(), year, the_now()), forms.ReasonForm(request.args))


def _home(desk: FormDesk, form: FlaskForm) -> str:
    return render_template(
        "staff/form.html", desk=desk, form=form, shown=shown, findings=shown.finding_items(desk)
    )


@blueprint.get("/apercu")
@signed_in(READING)
def preview(year: int) -> str:
    """Show the form as a candidate of a theme meets it."""
    desk = form_desk(a_holder(), year, the_now())
    theme = request.args.get("thematique", next(iter(desk.themes), ""))
    if theme not in desk.themes:
        raise DoesNotExist
    return render_template(
        "staff/form_preview.html", desk=desk, theme=theme, sections=shown.preview_of(desk, theme)
    )


@blueprint.get("/versions/<int:number>")
@signed_in(READING)
def version(year: int, number: int) -> str:
    """Show a version of the form: who, when, why, what changed, and its questions."""
    desk = form_desk(a_holder(), year, the_now())
    line, form = frozen_version(desk, number)
    sentences = [sentence_of(change.sentence) for change in line.changes]
    return render_template(
        "staff/form_version.html", desk=desk, line=line, form=form, sentences=sentences, kinds=KINDS
    )


@blueprint.route("/rubriques/nouvelle", methods=["GET", "POST"], defaults={"code": None})
@blueprint.route("/rubriques/<code>", methods=["GET", "POST"])
@requires(Permission.CHANGE_GRID)
def section(year: int, code: str | None) -> Page:
    """Add or change a section."""
    holder, now = a_holder(), the_now()
    desk = form_to_change(holder, year, now)
    found = desk.section(code) if code else None
    form = forms.section_form_of(desk, found)
    mark, met = request.form.get("empreinte", section_mark(desk.form, code or "")), ""
    if form.is_submitted():
        try:
            form_builder.save_section(
                holder, year, code, forms.typed_values(form), form.reason.data or "", now, seen=mark
            )
        except InputIsInvalid as refusal:
            forms.attach_faults(form, refusal.errors)
        except ConditionTurnsRound as refusal:
            form.condition_question.errors = [sentence_of(refusal)]
        except RowHasChanged as refusal:
            desk, met = form_to_change(holder, year, now), sentence_of(refusal)
            found, mark = desk.section(code or ""), section_mark(desk.form, code or "")
        else:
            flash(_("La rubrique est enregistrée."), "success")
            return redirect(url_for("staff_form.home", year=year), 303)
    page = render_template(
        "staff/form_section.html",
        desk=desk,
        section=found,
        form=form,
        mark=mark,
        met=met,
        stored=shown.stored_beside(form, forms.section_data(found)) if met and found else (),
    )
    return page, _status(form.is_submitted(), met)


@blueprint.route("/questions/nouvelle", methods=["GET", "POST"], defaults={"code": None})
@blueprint.route("/questions/<code>", methods=["GET", "POST"])
@requires(Permission.CHANGE_GRID)
def question(year: int, code: str | None) -> Page:
    """Add or change a question."""
    holder, now = a_holder(), the_now()
    desk = form_to_change(holder, year, now)
    found = desk.question(code) if code else None
    asked = request.args.get("forme", "")
    if found is None and asked not in KINDS and not request.form:
        return render_template(
            "staff/form_kinds.html", desk=desk, kinds=KINDS, section=request.args.get("rubrique", "")
        )
    form = forms.question_form_of(desk, found, section=request.args.get("rubrique", ""), kind=asked)
    faults: dict[str, str] = {}
    mark, met = request.form.get("empreinte", question_mark(desk.form, code or "")), ""
    is_saving = form.is_submitted() and "changer-forme" not in request.form
    if is_saving:
        try:
            form_builder.save_question(
                holder, year, code, forms.typed_values(form), form.reason.data or "", now, seen=mark
            )
        except InputIsInvalid as refusal:
            faults = forms.attach_faults(form, refusal.errors)
        except ConditionTurnsRound as refusal:
            form.condition_question.errors = [sentence_of(refusal)]
        except RowHasChanged as refusal:
            desk, met = form_to_change(holder, year, now), sentence_of(refusal)
            found, mark = desk.question(code or ""), question_mark(desk.form, code or "")
        else:
            flash(_("La question est enregistrée."), "success")
            anchor = f"rubrique-{(form.place.data or '').partition(':')[0]}"
            return redirect(url_for("staff_form.home", year=year, _anchor=anchor), 303)
    page = render_template(
        "staff/form_question.html",
        desk=desk,
        question=found,
        form=form,
        faults=faults,
        mark=mark,
        met=met,
        stored=shown.stored_beside(form, forms.question_data(desk, found)) if met and found else (),
        kind=KINDS.get(form.kind.data or "", KINDS["short_text"]),
        columns=forms.column_rows(found),
        column_kinds=forms.column_kinds(),
    )
    return page, _status(is_saving, met)


def _status(is_saving: bool, met: str) -> int:
    """Return what a page of the form answers: shown, refused, or refused because somebody else was there."""
    return (409 if met else 422) if is_saving else 200


@blueprint.post("/ordre")
@requires(Permission.CHANGE_GRID)
def order(year: int) -> Page:
    """Move a section or a question one step: « deplacer » is « questions:code:haut »."""
    holder, now = a_holder(), the_now()
    desk = form_to_change(holder, year, now)
    form = forms.ReasonForm()
    reason = form.reason.data or ""
    what, _one, rest = request.form.get("deplacer", "").partition(":")
    code, _two, way = rest.partition(":")
    if what not in ("questions", "rubriques") or way not in ("haut", "bas"):
        raise DoesNotExist
    try:
        form_builder.move(holder, year, what, code, way, reason, now)
    except InputIsInvalid as refusal:
        forms.attach_faults(form, refusal.errors)
        return _home(desk, form), 422
    anchor = f"{'question' if what == 'questions' else 'rubrique'}-{code}"
    # The reason serves again for the next step.
    return redirect(url_for("staff_form.home", year=year, reason=reason or None) + f"#{anchor}", 303)


@blueprint.route("/<any(rubriques, questions):what>/<code>/retrait", methods=["GET", "POST"])
@requires(Permission.CHANGE_GRID)
def removal(year: int, what: str, code: str) -> Page:
    """Retire a question or a section, or delete what nobody was asked, after saying what it does."""
    holder, now = a_holder(), the_now()
    desk = form_to_change(holder, year, now)
    row = desk.section(code) if what == "rubriques" else desk.question(code)
    form = forms.ReasonForm()
    if form.is_submitted():
        act = form_builder.remove if "supprimer" in request.form else form_builder.retire
        try:
            act(holder, year, what, code, form.reason.data or "", now)
        except InputIsInvalid as refusal:
            forms.attach_faults(form, refusal.errors)
        else:
            flash(_("C’est supprimé.") if "supprimer" in request.form else _("C’est retiré."), "success")
            return redirect(url_for("staff_form.home", year=year), 303)
    page = render_template(
        "staff/form_removal.html",
        desk=desk,
        what=what,
        row=row,
        form=form,
        effects=shown.removal_effects(desk, what, row),
        may_delete=shown.may_delete(desk, what, row),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/<any(rubriques, questions):what>/<code>/retablir")
@requires(Permission.CHANGE_GRID)
def restore(year: int, what: str, code: str) -> Page:
    """Ask a retired question or section again."""
    holder, now = a_holder(), the_now()
    desk = form_to_change(holder, year, now)
    form = forms.ReasonForm()
    try:
        form_builder.restore(holder, year, what, code, form.reason.data or "", now)
    except InputIsInvalid as refusal:
        forms.attach_faults(form, refusal.errors)
        return _home(desk, form), 422
    flash(_("C’est rétabli, avec les réponses conservées."), "success")
    return redirect(url_for("staff_form.home", year=year), 303)


@blueprint.route("/copie", methods=["GET", "POST"])
@requires(Permission.CHANGE_GRID)
def copy(year: int) -> Page:
    """Take up the form of another edition, after saying what comes along and what is replaced."""
    holder, now = a_holder(), the_now()
    desk = form_to_change(holder, year, now)
    if request.method == "POST":
        source = request.form.get("edition", "")
        if not (source.isascii() and source.isdigit() and len(source) == 4):
            raise DoesNotExist
        report = form_builder.copy_form(holder, year, int(source), now)
        flash(
            ngettext("%(num)s question reprise.", "%(num)s questions reprises.", report.questions), "success"
        )
        return redirect(url_for("staff_form.home", year=year), 303)
    return render_template("staff/form_copy.html", desk=desk, sources=copy_sources(desk))
