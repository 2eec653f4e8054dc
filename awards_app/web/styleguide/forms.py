"""A form that exists only to be looked at."""

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
from wtforms.validators import Optional


class SampleForm(FlaskForm):
    """One field of each kind."""

    name = StringField("Nom de la structure", description="Tel qu’il figure dans vos statuts.")
    website = StringField("Site internet", [Optional()])
    employees = IntegerField("Nombre de salarié·es", [Optional()])
    budget = StringField("Budget annuel")
    founded_on = DateField("Date de création")
    region = SelectField("Région du siège", choices=[("", "Choisir une région"), ("75", "Nouvelle-Aquitaine"), ("04", "La Réunion")])
    need = TextAreaField("À quel besoin votre initiative répond-elle ?")
    statutes = FileField("Statuts de la structure")
    theme = RadioField("Thématique", choices=[("us", "Utilité Sociale"), ("te", "Transition Écologique")])
    family = RadioField(
        "Famille juridique",
        choices=[("association", "Association"), ("cooperative", "Coopérative"), ("mutuelle", "Mutuelle")],
    )
    sincerity = BooleanField("J’atteste que les informations de ce dossier sont sincères.")
