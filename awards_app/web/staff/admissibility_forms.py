"""Forms of the desk of admissibility: shape only."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice


class DecisionForm(FlaskForm):
    """A decision, its reason, and whether people are told now."""

    verdict = RadioField(
        _l("Décision"),
        choices=[
            SelectChoice("admissible", _l("Recevable")),
            SelectChoice("inadmissible", _l("Non recevable")),
        ],
        validate_choice=False,
    )
    reason = TextAreaField(_l("Motif, lu par la structure"))
    notice = RadioField(
        _l("Prévenir la structure"),
        choices=[
            SelectChoice("send", _l("Tout de suite")),
            SelectChoice("hold", _l("Après relecture du message")),
            SelectChoice("none", _l("Plus tard")),
        ],
        default="send",
        validate_choice=False,
    )
