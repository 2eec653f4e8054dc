"""The forms of a publication: the embargo's instant."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

_NEEDED = InputRequired(_l("Cette réponse est attendue."))


class EmbargoForm(FlaskForm):
    """A day and an hour in the round's zone, and which of the two when the hour happens twice."""

    day = StringField(_l("Jour"), [_NEEDED], render_kw={"type": "date"})
    hour = StringField(_l("Heure"), [_NEEDED], render_kw={"type": "time"})
    fold = RadioField(
        _l("Cette heure a lieu deux fois cette nuit-là"),
        choices=[SelectChoice("0", _l("la première fois")), SelectChoice("1", _l("la seconde fois"))],
        validate_choice=False,
    )

    def local(self) -> datetime | None:
        """Return what was typed as a local date-time, None when it is no date or no hour."""
        try:
            return datetime.fromisoformat(
                f"{(self.day.data or '').strip()}T{(self.hour.data or '').strip()[:5]}"
            )
        except ValueError:
            return None
