"""The forms of the national board: what is expected when, a theme without anybody, another file sent up."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

_NEEDED = InputRequired(_l("Cette réponse est attendue."))
_WHY = InputRequired(_l("Indiquez le motif."))


class CalendarForm(FlaskForm):
    """Two instants of the national round's zone, either of which may be left empty."""

    due_day = StringField(_l("Décisions des régions attendues : jour"), render_kw={"type": "date"})
    due_hour = StringField(_l("Heure"), render_kw={"type": "time"})
    additions_day = StringField(_l("Fin des ajouts des candidats : jour"), render_kw={"type": "date"})
    additions_hour = StringField(_l("Heure"), render_kw={"type": "time"})

    def instants(self) -> tuple[datetime | None, datetime | None]:
        """Return both as local date-times, None for one left empty; raise `ValueError` for what is neither."""
        return (
            _local(self.due_day.data, self.due_hour.data),
            _local(self.additions_day.data, self.additions_hour.data),
        )


def _local(day: str | None, hour: str | None) -> datetime | None:
    typed = ((day or "").strip(), (hour or "").strip()[:5])
    if typed == ("", ""):
        return None
    return datetime.fromisoformat("T".join(typed))


class AbsenceForm(FlaskForm):
    """That nobody is sent up in a theme, and why."""

    theme = StringField(validators=[_NEEDED])
    kind = RadioField(
        _l("Dans cette thématique, la région"),
        [_NEEDED],
        choices=[
            SelectChoice("no_finalist", _l("n’a pas de finaliste")),
            SelectChoice("not_taking_part", _l("ne prend pas part")),
        ],
        validate_choice=False,
    )
    reason = TextAreaField(_l("Motif"), [_WHY])


class ReplacementForm(FlaskForm):
    """Who is sent up in the place of an entry, and why; nobody is an answer too."""

    candidacy = SelectField(_l("La région envoie désormais"), validate_choice=False, choices=[])
    reason = TextAreaField(_l("Motif"), [_WHY])
