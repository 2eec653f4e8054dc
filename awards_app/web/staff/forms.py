"""The forms of an edition's settings and of a round's calendar."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from awards_app.queries.settings import GridTable

_NEEDED = InputRequired(_l("Cette réponse est attendue."))


# The zones a French chamber may live in; a round in another keeps it.
ZONES = (
    ("Europe/Paris", _l("Paris")),
    ("America/Martinique", _l("Martinique")),
    ("America/Guadeloupe", _l("Guadeloupe")),
    ("America/Cayenne", _l("Guyane")),
    ("Indian/Reunion", _l("La Réunion")),
    ("Indian/Mayotte", _l("Mayotte")),
    ("America/Miquelon", _l("Saint-Pierre-et-Miquelon")),
    ("Pacific/Noumea", _l("Nouvelle-Calédonie")),
    ("Pacific/Tahiti", _l("Tahiti")),
    ("Pacific/Marquesas", _l("Îles Marquises")),
    ("Pacific/Gambier", _l("Îles Gambier")),
    ("Pacific/Wallis", _l("Wallis-et-Futuna")),
)


class DeadlineForm(FlaskForm):
    """A new closing of the call: day, hour, whose clock, and which of two readings when the hour happens twice."""

    day = StringField(_l("Jour"), [_NEEDED], render_kw={"type": "date"})
    hour = StringField(_l("Heure"), [_NEEDED], render_kw={"type": "time"})
    fold = RadioField(
        _l("Cette heure a lieu deux fois : laquelle"),
        choices=[SelectChoice("0", _l("la première fois")), SelectChoice("1", _l("la seconde fois"))],
        validate_choice=False,
    )
    zone = SelectField(_l("À l’heure de"), choices=[SelectChoice(name, label) for name, label in ZONES])
    reason = TextAreaField(_l("Motif"), [_NEEDED, Length(max=1000)])

    def __init__(self, zone: str) -> None:
        super().__init__()
        if zone not in dict(ZONES):
            self.zone.choices = [SelectChoice(zone, zone), *self.zone.choices]
        if self.zone.data is None or not self.is_submitted():
            self.zone.data = zone

    def local(self) -> datetime | None:
        """Return what was typed as a local date-time, None when it is no date or no hour."""
        try:
            return datetime.fromisoformat(
                f"{(self.day.data or '').strip()}T{(self.hour.data or '').strip()[:5]}"
            )
        except ValueError:
            return None

    def chosen_fold(self) -> int | None:
        """Return which reading was chosen, None when the question was not answered."""
        return int(self.fold.data) if self.fold.data in ("0", "1") else None


class ParticipationForm(FlaskForm):
    """Whether a region takes part, with the motive."""

    takes_part = StringField(_l("Prend part"), [_NEEDED])
    reason = TextAreaField(_l("Motif"), [_NEEDED, Length(max=1000)])


def weights_form(table: GridTable, themes: tuple[str, ...]) -> FlaskForm:
    """Return a form with one field a weight, named « theme-criterion », filled with the present weights."""
    fields = {
        f"{theme}-{line.code}": StringField(
            line.name,
            default=str(line.weights.get(theme, 0)),
            render_kw={"inputmode": "numeric", "maxlength": 3},
        )
        for theme in themes
        for line in table.lines
    }
    form: FlaskForm = type("WeightsForm", (FlaskForm,), fields)()
    return form


def typed_weights(
    form: FlaskForm, table: GridTable, themes: tuple[str, ...]
) -> dict[str, dict[str, int | None]]:
    """Return the weights typed, by theme then criterion; None for what is no whole number."""
    return {
        theme: {line.code: _whole(form[f"{theme}-{line.code}"].data) for line in table.lines}
        for theme in themes
    }


def _whole(text: str | None) -> int | None:
    try:
        return int((text or "").strip())
    except ValueError:
        return None
