"""The forms of the form's own builder: a section, a question of a kind, the reason of a change."""

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from awards_app.domain.filed_identifiers import REGISTERS
from awards_app.domain.form_conditions import codes_of, may_control
from awards_app.domain.form_edits import MOST_COLUMNS
from awards_app.domain.form_shapes import QuestionFacts, SectionFacts, questions_of
from awards_app.domain.question_kinds import AUDIENCES, COLUMN_KINDS, FILE_TYPES, KINDS
from awards_app.queries.form_desk import FormDesk
from awards_app.web.phrases import sentence_of
from awards_app.web.question_fields import Boxes

Choices = list[SelectChoice]
_ROWS = 5


class ReasonForm(FlaskForm):
    """Why the form of an open call changes."""

    reason = TextAreaField(_l("Motif du changement"))


class PlacedForm(ReasonForm):
    """What sections and questions have in common: whom they are put to."""

    theme_code = SelectField(_l("Thématique"), [Optional()], validate_choice=False)
    condition_question = SelectField(
        _l("Posée seulement si on répond à"), [Optional()], validate_choice=False
    )
    condition_answers = Boxes(_l("Et si la réponse est"), [Optional()], validate_choice=False)


class SectionForm(PlacedForm):
    """A section."""

    title = StringField(_l("Titre de la rubrique"))
    lead = TextAreaField(_l("Présentation"), [Optional()])


class QuestionForm(PlacedForm):
    """A question; each kind shows its own fields only."""

    kind = SelectField(_l("Forme de la réponse"), validate_choice=False)
    label = StringField(_l("Intitulé"))
    help = TextAreaField(_l("Aide, en une ou deux phrases"), [Optional()])
    example = TextAreaField(_l("Exemple"), [Optional()])
    place = SelectField(_l("Place"), validate_choice=False)
    required = BooleanField(_l("La réponse est obligatoire pour déposer."))
    audience = RadioField(_l("La réponse est lue par"), validate_choice=False, default="jury")
    criterion_code = SelectField(_l("Critère du jury qu’elle éclaire"), [Optional()], validate_choice=False)
    limit = StringField(_l("Limite"), [Optional()], render_kw={"inputmode": "numeric"})
    unit = StringField(_l("Unité"), [Optional()])
    min = StringField(_l("Minimum"), [Optional()], render_kw={"inputmode": "decimal"})
    max = StringField(_l("Maximum"), [Optional()], render_kw={"inputmode": "decimal"})
    decimals = StringField(_l("Décimales"), [Optional()], render_kw={"inputmode": "numeric"})
    choices = TextAreaField(_l("Réponses proposées, une par ligne"))
    max_count = StringField(_l("Nombre maximal"), [Optional()], render_kw={"inputmode": "numeric"})
    registers = Boxes(_l("Numéros acceptés"), [Optional()], validate_choice=False)
    accepts = Boxes(_l("Formats acceptés"), validate_choice=False)
    max_mib = StringField(_l("Poids maximal d’un fichier"), [Optional()], render_kw={"inputmode": "numeric"})
    max_rows = StringField(_l("Nombre maximal de lignes"), [Optional()], render_kw={"inputmode": "numeric"})


def section_form_of(desk: FormDesk, section: SectionFacts | None) -> SectionForm:
    """Return the form of a section, filled with what it is."""
    data: dict[str, Any] = {}
    if section is not None:
        data = section_data(section)
    form = SectionForm(data=data)
    own = {question.code for question in section.questions} if section else set()
    _offer_conditions(form, desk, own)
    return form


def question_form_of(
    desk: FormDesk, question: QuestionFacts | None, *, section: str, kind: str
) -> QuestionForm:
    """Return the form of a question, filled with what it is, or empty for a new one of a kind in a section."""
    data = question_data(desk, question) if question else {"kind": kind, "place": _last_place(desk, section)}
    form = QuestionForm(data=data)
    form.kind.choices = [SelectChoice(code, _(one.label)) for code, one in KINDS.items()]
    form.place.choices = list(_places(desk, question.code if question else ""))
    form.audience.choices = [SelectChoice(code, _(words)) for code, words in AUDIENCES.items()]
    form.criterion_code.choices = [
        SelectChoice("", _("aucun")),
        *(SelectChoice(code, name) for code, name in desk.criterion_names.items()),
    ]
    form.registers.choices = [SelectChoice(code, _(words)) for code, words in REGISTERS.items()]
    form.accepts.choices = [SelectChoice(code, code.upper()) for code in FILE_TYPES]
    _offer_conditions(form, desk, {question.code} if question else set())
    return form


def typed_values(form: FlaskForm) -> dict[str, Any]:
    """Return what was typed, as the services read it."""
    return {field.name: field.data for field in form} | {"columns": typed_columns()}


def typed_columns() -> list[dict[str, str]]:
    """Return the columns of a table as they were typed."""
    return [
        {
            part: request.form.get(f"column-{place}-{part}", "")
            for part in ("code", "label", "kind", "unit", "required")
        }
        for place in range(MOST_COLUMNS)
    ]


def column_rows(question: QuestionFacts | None) -> list[dict[str, Any]]:
    """Return the rows of columns to draw: those typed or kept, then blank ones."""
    if request.method == "POST":
        rows: list[dict[str, Any]] = [row for row in typed_columns() if row["label"]]
    else:
        rows = [dict(column) for column in (question.settings.get("columns", ()) if question else ())]
    blank = {"code": "", "label": "", "kind": "text", "unit": "", "required": ""}
    wanted = min(max(len(rows) + 2, _ROWS), MOST_COLUMNS)
    return rows + [dict(blank) for _place in range(wanted - len(rows))]


def column_kinds() -> list[tuple[str, str]]:
    """Return the kinds of column with their words."""
    return [(code, _(words)) for code, words in COLUMN_KINDS.items()]


def attach_faults(form: FlaskForm, errors: dict[str, str]) -> dict[str, str]:
    """Put each sentence by its field; return those of what is no field of the form."""
    others = {}
    for name, sentence in errors.items():
        if name in form:
            form[name].errors = [sentence_of(sentence)]
        else:
            others[name] = sentence_of(sentence)
    return others


def _offer_conditions(form: PlacedForm, desk: FormDesk, own: set[str]) -> None:
    form.theme_code.choices = [
        SelectChoice("", _("toutes les thématiques")),
        *(SelectChoice(code, name) for code, name in desk.themes.items()),
    ]
    controls = [q for q in questions_of(desk.form).values() if may_control(q) and q.code not in own]
    form.condition_question.choices = [
        SelectChoice("", _("rien : elle est toujours posée")),
        *(SelectChoice(question.code, question.label) for question in controls),
    ]
    form.condition_answers.choices = [
        SelectChoice(f"{question.code}={code}", f"{_(words)} – {question.label}")
        for question in controls
        # Of a box to tick, that it is ticked is all there is to say: it has an answer.
        if question.kind != "checkbox"
        for code, words in codes_of(question)
    ]


def _asked_data(row: SectionFacts | QuestionFacts) -> dict[str, Any]:
    condition = row.condition
    return {
        "theme_code": row.theme_code or "",
        "condition_question": condition.question if condition else "",
        "condition_answers": [f"{condition.question}={code}" for code in condition.one_of]
        if condition
        else [],
    }


def section_data(section: SectionFacts) -> dict[str, Any]:
    """Return what the fields of a section hold as it stands."""
    return {"title": section.title, "lead": section.lead, **_asked_data(section)}


def question_data(desk: FormDesk, question: QuestionFacts) -> dict[str, Any]:
    """Return what the fields of a question hold as it stands."""
    settings = question.settings
    return {
        **{
            name: getattr(question, name) for name in ("kind", "label", "help", "example", "required", "unit")
        },
        **_asked_data(question),
        "audience": question.audience,
        "criterion_code": question.criterion_code or "",
        "place": _place_of(desk, question),
        "choices": "\n".join(label for _code, label in question.choices),
        "accepts": list(question.accepts),
        "registers": list(settings.get("registers", ())),
        **{name: _text(getattr(question, name)) for name in ("limit", "max_count", "max_mib")},
        **{name: _text(settings.get(name)) for name in ("min", "max", "decimals", "max_rows")},
    }


def _text(value: object) -> str:
    return "" if value is None else str(value).replace(".", ",")


def _places(desk: FormDesk, own: str) -> Iterable[SelectChoice]:
    for section in desk.form:
        if section.retired:
            continue
        yield SelectChoice(f"{section.code}:", _("« %(title)s », en premier", title=section.title))
        for question in section.questions:
            if not question.retired and question.code != own:
                words = _("« %(title)s », après « %(label)s »", title=section.title, label=question.label)
                yield SelectChoice(f"{section.code}:{question.code}", words)


def _place_of(desk: FormDesk, question: QuestionFacts) -> str:
    before = ""
    for other in desk.section(question.section).questions:
        if other.code == question.code:
            break
        if not other.retired:
            before = other.code
    return f"{question.section}:{before}"


def _last_place(desk: FormDesk, section_code: str) -> str:
    live = [section for section in desk.form if not section.retired]
    section = next((one for one in live if one.code == section_code), live[-1] if live else None)
    if section is None:
        return ""
    last = [question.code for question in section.questions if not question.retired]
    return f"{section.code}:{last[-1] if last else ''}"
