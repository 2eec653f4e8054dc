"""Shapes of what a chamber sends about its jury."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from awards_app.domain.words import N_


class InvitationForm(FlaskForm):
    """A person to invite to the jury."""

    name = StringField(
        _l("Nom de la personne"),
        validators=[InputRequired(N_("Indiquez le nom de la personne.")), Length(max=200)],
    )
    email = EmailField(
        _l("Adresse électronique"),
        validators=[InputRequired(N_("Indiquez l’adresse de la personne.")), Length(max=320)],
    )
    function = SelectField(
        _l("Fonction"),
        choices=[
            SelectChoice("juror", _l("Membre du jury")),
            SelectChoice("chair", _l("Présidence")),
            SelectChoice("deputy", _l("Vice-présidence")),
            SelectChoice("secretary", _l("Secrétariat")),
        ],
        default="juror",
    )
    theme_code = SelectField(
        _l("Thématique"), choices=[SelectChoice("", _l("Toutes"))], validators=[Optional()]
    )
    is_substitute = BooleanField(_l("En suppléance : siégera seulement si la CRESS l’appelle"))
    college = StringField(_l("Collège ou organisation"), validators=[Optional(), Length(max=120)])
    region_code = SelectField(
        _l("Région d’origine"), choices=[SelectChoice("", _l("Sans objet"))], validators=[Optional()]
    )


class ReaddressForm(FlaskForm):
    """The new address of a seat."""

    email = EmailField(
        _l("Nouvelle adresse électronique"),
        validators=[InputRequired(N_("Indiquez l’adresse de la personne.")), Length(max=320)],
    )


class CallForm(FlaskForm):
    """Why a substitute is called in."""

    reason = StringField(
        _l("Motif de l’appel"),
        validators=[InputRequired(N_("Dites pourquoi la suppléance est appelée.")), Length(max=300)],
    )
