"""The form of a text to many."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice

from awards_app.domain.mailings import AUDIENCE_LABELS


class MailingForm(FlaskForm):
    """Whom it is for, and what it says."""

    audience = RadioField(
        _l("Destinataires"),
        choices=[SelectChoice(code.value, _l(label)) for code, label in AUDIENCE_LABELS.items()],
        validate_choice=False,
    )
    subject = StringField(_l("Objet"))
    body = TextAreaField(_l("Message"))
