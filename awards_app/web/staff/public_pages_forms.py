"""The form of a laureate's photo: an image and what is said of it."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, StringField, TextAreaField
from wtforms.validators import InputRequired


class PhotoForm(FlaskForm):
    """A photo to send, where none of the filed ones is chosen; its description, credit and rights."""

    file = FileField(_l("Photo à envoyer"))
    alternative = TextAreaField(_l("Description, pour qui ne voit pas la photo"), [InputRequired()])
    credit = StringField(_l("Crédit"), [InputRequired()])
    rights = StringField(_l("Droits"), [InputRequired()])
