"""The forms of a deliberation: a proposal, a tie-break, the minutes."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from awards_app.domain.deliberations import CITATION_LIMIT, REASON_LIMIT

NOBODY = "aucune"
_NEEDED = InputRequired(_l("Cette réponse est attendue."))


class ProposalForm(FlaskForm):
    """Who receives a prize, what the public will read, and why when it departs from the ranking."""

    candidacy = SelectField(_l("La distinction revient à"), [_NEEDED], validate_choice=False)
    citation = TextAreaField(
        _l("Motivation du jury, pour le public"), [Optional(), Length(max=CITATION_LIMIT)]
    )
    reason = TextAreaField(_l("Motif, pour le procès-verbal"), [Optional(), Length(max=REASON_LIMIT)])


class MinutesForm(FlaskForm):
    """What the chair types of the minutes; the rest is assembled from what was recorded."""

    place = StringField(_l("Lieu"), [_NEEDED, Length(max=200)])
    held_on = StringField(_l("Jour de la délibération"), [_NEEDED])
    chair = StringField(_l("Présidence"), [_NEEDED, Length(max=200)])
    secretary = StringField(_l("Secrétariat"), [Optional(), Length(max=200)])
    question = StringField(_l("Question mise au vote"), [Optional(), Length(max=300)])
    ballot = SelectField(
        _l("Scrutin"),
        choices=[SelectChoice("open", _l("à main levée")), SelectChoice("secret", _l("à bulletin secret"))],
    )
    in_favour = StringField(_l("Pour"), [Optional()])
    against = StringField(_l("Contre"), [Optional()])
    abstained = StringField(_l("Abstentions"), [Optional()])
    outcome = StringField(_l("Résultat du vote"), [Optional(), Length(max=200)])
    notes = TextAreaField(_l("Observations"), [Optional(), Length(max=5000)])

    def content(self) -> dict[str, object]:
        """Return what the service writes; a vote without a question is none."""
        values: dict[str, object] = {
            name: self[name].data or "" for name in ("place", "held_on", "chair", "secretary", "notes")
        }
        names = ("question", "ballot", "in_favour", "against", "abstained", "outcome")
        values["votes"] = [{name: self[name].data or "" for name in names}] if self.question.data else []
        return values
