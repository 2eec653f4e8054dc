"""Forms of the account pages: shape only."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from awards_app.domain.text import clean_line

NEEDED = _l("Cette réponse est attendue.")
TOO_LONG = _l("Cette réponse est trop longue.")


def _address() -> StringField:
    return StringField(
        _l("Adresse électronique"),
        [InputRequired(NEEDED), Length(max=320, message=TOO_LONG)],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )


def _holds_a_sign(_form: FlaskForm, field: StringField) -> None:
    if not clean_line(field.data or ""):
        raise ValidationError(NEEDED)


def _new_password(*validators: object) -> PasswordField:
    return PasswordField(_l("Mot de passe"), list(validators), render_kw={"autocomplete": "new-password"})


class SignInForm(FlaskForm):
    """Sign in with a password."""

    email = _address()
    password = PasswordField(
        _l("Mot de passe"), [InputRequired(NEEDED)], render_kw={"autocomplete": "current-password"}
    )
    suite = HiddenField()


class RegisterForm(FlaskForm):
    """Open an account."""

    name = StringField(
        _l("Prénom et nom"),
        [InputRequired(NEEDED), _holds_a_sign, Length(max=200, message=TOO_LONG)],
        render_kw={"autocomplete": "name"},
    )
    email = _address()
    password = _new_password(Optional())
    suite = HiddenField()


class AskLinkForm(FlaskForm):
    """Ask for a link by mail."""

    email = _address()


class SpendLinkForm(FlaskForm):
    """The button that spends a link; a mail scanner that opens the page presses nothing."""


class ResetForm(FlaskForm):
    """Choose a new password."""

    password = _new_password(InputRequired(NEEDED))


class ProfileForm(FlaskForm):
    """Name and language."""

    name = StringField(
        _l("Prénom et nom"), [InputRequired(NEEDED), _holds_a_sign, Length(max=200, message=TOO_LONG)]
    )
    locale = SelectField(
        _l("Langue des messages"), choices=[SelectChoice("fr", "français"), SelectChoice("en", "English")]
    )


class ChangePasswordForm(FlaskForm):
    """Replace the password."""

    current_password = PasswordField(
        _l("Mot de passe actuel"), [Optional()], render_kw={"autocomplete": "current-password"}
    )
    password = _new_password(InputRequired(NEEDED))
