"""A form that exists only to be looked at."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional


class SampleForm(FlaskForm):
    """One field of each kind."""

    name = StringField(_("Nom de la structure"), description=_("Tel qu’il figure dans vos statuts."))
    website = StringField(_("Site internet"), [Optional()])
    employees = IntegerField(_("Nombre de salarié·es"), [Optional()])
    budget = StringField(_("Budget annuel"))
    founded_on = DateField(_("Date de création"))
    region = SelectField(
        _("Région du siège"),
        choices=[
            SelectChoice("", _("Choisir une région")),
            SelectChoice("75", _("Nouvelle-Aquitaine")),
            SelectChoice("04", _("La Réunion")),
        ],
    )
    need = TextAreaField(_("À quel besoin votre initiative répond-elle ?"))
    statutes = FileField(_("Statuts de la structure"))
    theme = RadioField(
        _("Thématique"),
        choices=[SelectChoice("us", _("Utilité Sociale")), SelectChoice("te", _("Transition Écologique"))],
    )
    family = RadioField(
        _("Famille juridique"),
        choices=[
            SelectChoice("association", _("Association")),
            SelectChoice("cooperative", _("Coopérative")),
            SelectChoice("mutuelle", _("Mutuelle")),
        ],
    )
    sincerity = BooleanField(_("J’atteste que les informations de ce dossier sont sincères."))
