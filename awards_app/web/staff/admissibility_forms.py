"""The forms of the chamber's desk."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from awards_app.queries.admissibility import Decision


class DecisionForm(FlaskForm):
    """A decision on a file, its reason, and when the structure is told."""

    verdict = RadioField(
        _l("Décision"),
        choices=[
            SelectChoice("admissible", _l("Recevable")),
            SelectChoice("inadmissible", _l("Non recevable")),
        ],
        validate_choice=False,
    )
    reason = TextAreaField(_l("Motif, lu par la structure"), [Optional()])
    notice = RadioField(
        _l("Prévenir la structure"),
        choices=[
            SelectChoice("hold", _l("Après relecture du message")),
            SelectChoice("send", _l("Tout de suite")),
            SelectChoice("none", _l("Plus tard")),
        ],
        default="hold",
        validate_choice=False,
    )

    def is_begun(self, standing: Decision | None) -> bool:
        """Say whether the page holds a decision that nobody recorded."""
        former = (standing.verdict, standing.reason) if standing else ("", "")
        typed = (self.reason.data or "").replace("\r\n", "\n").strip()
        return self.reason.data is not None and ((self.verdict.data or ""), typed) != former


class LocalTimeForm(FlaskForm):
    """A day and an hour of the region's clock, and which of two readings when the hour happens twice."""

    day = StringField(_l("Jour"), render_kw={"type": "date"})
    hour = StringField(_l("Heure"), render_kw={"type": "time"}, default="18:00")
    fold = RadioField(
        _l("Cette heure a lieu deux fois : laquelle"),
        [Optional()],
        choices=[SelectChoice("0", _l("la première fois")), SelectChoice("1", _l("la seconde fois"))],
        validate_choice=False,
    )

    def local(self) -> datetime | None:
        """Return what was typed as a local date-time, None when it is no date or no hour."""
        try:
            typed = datetime.fromisoformat(
                f"{(self.day.data or '').strip()}T{(self.hour.data or '').strip()[:5]}"
            )
        except ValueError:
            return None
        return typed if typed.tzinfo is None else None

    def chosen_fold(self) -> int | None:
        """Return which reading was chosen, None when the question was not answered."""
        return int(self.fold.data) if self.fold.data in ("0", "1") else None


class CompletionForm(LocalTimeForm):
    """What the chamber says of a request; the questions listed are boxes beside it."""

    message = TextAreaField(_l("Votre message à la structure"))
    notice = RadioField(
        _l("Envoi du message"),
        choices=[
            SelectChoice("send", _l("Tout de suite")),
            SelectChoice("hold", _l("Après relecture")),
        ],
        default="send",
        validate_choice=False,
    )


class MoveForm(LocalTimeForm):
    """A new instant for a request, with a word to the structure."""

    reason = TextAreaField(_l("Un mot à la structure"), [Optional()])


class ThreadForm(FlaskForm):
    """A message in a thread."""

    body = TextAreaField(_l("Votre message"))


class ReasonForm(FlaskForm):
    """A reason."""

    reason = TextAreaField(_l("Motif"))


class TransferForm(FlaskForm):
    """The region a file is proposed to, and why."""

    region = SelectField(_l("Région proposée"), validate_choice=False)
    reason = TextAreaField(_l("Motif, lu par l’autre CRESS et par la structure"))


class ConfirmForm(FlaskForm):
    """The number of files or letters, typed above twenty."""

    number = StringField(_l("Nombre"), render_kw={"inputmode": "numeric"})


class WordingForm(FlaskForm):
    """The text of a letter."""

    subject = StringField(_l("Objet"))
    body = TextAreaField(_l("Texte"))
