"""The forms of the door."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField


class EnterForm(FlaskForm):
    """Which role to enter as."""

    role = HiddenField()


class ClockForm(FlaskForm):
    """Where to move the clock: a step, or a day."""

    step = HiddenField()
    day = StringField(_("Aller au"))
