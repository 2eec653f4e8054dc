"""Forms of a structure's room: shape only, and a form made from the questions of a section."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Email, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from awards_app.queries.drafts import AnswerFacts
from awards_app.queries.editions import QuestionFacts

NEEDED = _l("Cette réponse est attendue.")
MODES: dict[str, dict[str, Any]] = {
    "integer": {"inputmode": "numeric"},
    "money": {"inputmode": "decimal"},
    "date": {"inputmode": "numeric", "placeholder": "jj/mm/aaaa"},
    "phone": {"type": "tel", "autocomplete": "tel"},
    "email": {"type": "email", "autocomplete": "email"},
    "url": {"type": "url", "inputmode": "url"},
}


class StructureForm(FlaskForm):
    """The record of a structure."""

    name = StringField(_l("Nom de la structure"), render_kw={"autocomplete": "organization"})
    acronym = StringField(_l("Sigle"), [Optional()])
    legal_family = SelectField(_l("Famille juridique"), validate_choice=False)
    legal_form = SelectField(_l("Forme juridique"), [Optional()], validate_choice=False)
    identifier = StringField(_l("Un numéro qui identifie la structure"))
    founded_on = StringField(_l("Date de création"), render_kw=MODES["date"])
    address = TextAreaField(
        _l("Adresse du siège"), [Optional()], render_kw={"autocomplete": "street-address"}
    )
    postcode = StringField(
        _l("Code postal"), render_kw={"autocomplete": "postal-code", "inputmode": "numeric"}
    )
    city = StringField(_l("Commune"), render_kw={"autocomplete": "address-level2"})
    department = SelectField(_l("Département"), [Optional()], validate_choice=False)
    region_code = SelectField(_l("Région"), [Optional()], validate_choice=False)
    website = StringField(_l("Site internet"), [Optional()], render_kw=MODES["url"])
    network = StringField(_l("Réseau ou fédération"), [Optional()])
    is_esus = BooleanField(_l("La structure a l’agrément Esus (entreprise solidaire d’utilité sociale)."))
    version = HiddenField()
    # The region of each department, for the page that shows the form.
    regions_of_departments: Mapping[str, str] = {}


class InviteForm(FlaskForm):
    """Invite a colleague."""

    email = StringField(
        _l("Adresse électronique"),
        [InputRequired(NEEDED), Length(max=320), Email(_l("Cette adresse n’est pas valable."))],
        render_kw=MODES["email"],
    )
    standing = RadioField(
        _l("Ce que cette personne pourra faire"),
        choices=[
            SelectChoice("member", _l("Écrire la candidature")),
            SelectChoice("responsible", _l("Écrire, déposer et gérer les membres")),
        ],
        default="member",
    )


class ReasonForm(FlaskForm):
    """A reason, for a withdrawal."""

    reason = TextAreaField(_l("Motif du retrait"))


class Boxes(SelectMultipleField):
    """Several answers, each with its box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def section_form(questions: Iterable[QuestionFacts], answers: Mapping[str, AnswerFacts]) -> Form:
    """Return a form with one field a question of text, filled with the answers of the draft."""
    asked = list(questions)
    fields = {question.code: _field(question) for question in asked}
    form_class = type("SectionForm", (Form,), fields)
    data = {
        question.code: _data(question, answers[question.code].value)
        for question in asked
        if question.code in answers
    }
    form: Form = form_class(data=data)
    return form


def _data(question: QuestionFacts, value: str) -> object:
    if question.kind == "checkbox":
        return bool(value)
    return value.split(",") if question.kind == "multiple_choice" and value else value


def _field(question: QuestionFacts) -> Any:
    needs = [] if question.required else [Optional()]
    choices = [SelectChoice(code, label) for code, label in question.choices]
    match question.kind:
        case "long_text":
            return TextAreaField(question.label, needs)
        case "checkbox":
            return BooleanField(question.label, needs)
        case "single_choice":
            return RadioField(question.label, needs, choices=choices)
        case "multiple_choice":
            return Boxes(question.label, needs, choices=choices)
        case "yes_no":
            answers = [SelectChoice("yes", _l("Oui")), SelectChoice("no", _l("Non"))]
            return RadioField(question.label, needs, choices=answers)
        case _:
            return StringField(question.label, needs, render_kw=MODES.get(question.kind, {}))


def posted_values(questions: Iterable[QuestionFacts], form: Any) -> dict[str, str]:
    """Return what a section's form sent, by question; an unticked box is an empty answer.

    Raises ValueError when a field of one value came twice.
    """
    found = {}
    for question in questions:
        sent = form.getlist(question.code)
        if question.kind == "multiple_choice":
            found[question.code] = ",".join(sent)
        elif len(sent) > 1:
            raise ValueError(question.code)
        elif sent or question.kind in ("checkbox", "single_choice", "yes_no"):
            found[question.code] = sent[0] if sent else ""
    return found
