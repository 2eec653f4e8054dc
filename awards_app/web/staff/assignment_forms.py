"""What the chamber types to part the reading: readers a file, at most so many a person, the gap allowed."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from awards_app.domain.assignment import MOST_READERS, MOST_SPREAD


class ShortIntegerField(IntegerField):
    """A whole number of a few digits: a longer one is no number here."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; what is too long to be one is refused as what is no number."""
        super().process_formdata([text if len(text) <= 9 else "?" for text in valuelist])


class DemandForm(FlaskForm):
    """The demands of a theme."""

    theme = HiddenField()
    readers = ShortIntegerField(
        _l("Lectures par dossier, au moins"),
        validators=[
            InputRequired(_l("Indiquez un nombre de lectures de 1 à 30.")),
            NumberRange(1, MOST_READERS, _l("Indiquez un nombre de lectures de 1 à 30.")),
        ],
    )
    most = ShortIntegerField(
        _l("Dossiers par personne, au plus"),
        validators=[
            Optional(),
            NumberRange(1, None, _l("Indiquez un nombre de dossiers d’au moins 1, ou laissez vide.")),
        ],
    )
    spread = ShortIntegerField(
        _l("Écart accepté entre deux personnes"),
        default=1,
        validators=[Optional(), NumberRange(1, MOST_SPREAD, _l("Indiquez un écart d’au moins 1 dossier."))],
    )
    from_scratch = BooleanField(_l("Repartir de zéro, sans garder la répartition actuelle"))


class PairForm(FlaskForm):
    """A file and a person."""

    seat = StringField()
    candidacy = StringField()
