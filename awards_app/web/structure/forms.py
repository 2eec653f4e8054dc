"""Forms of a structure's room: shape only, and a form made from the questions of a section."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Email, InputRequired, Length, Optional

from awards_app.queries.drafts import AnswerFacts
from awards_app.queries.editions import QuestionFacts
from awards_app.web.question_fields import MODES, posted_values, question_form

__all__ = ["posted_values"]

NEEDED = _l("Cette réponse est attendue.")


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


class MessageForm(FlaskForm):
    """A message to the chamber, in the thread of a request."""

    body = TextAreaField(_l("Votre message à la CRESS"))


class ReasonForm(FlaskForm):
    """A reason, for a withdrawal."""

    reason = TextAreaField(_l("Motif du retrait"))


def section_form(questions: Iterable[QuestionFacts], answers: Mapping[str, AnswerFacts]) -> Form:
    """Return a form with one field a question of text, filled with the answers of the draft."""
    return question_form(questions, {code: answer.value for code, answer in answers.items()})
