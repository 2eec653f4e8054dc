"""The photo of a laureate: what must be said of it, and what it may be made from."""

from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.text import clean_line
from awards_app.domain.words import N_

ACCEPTS = ("jpg", "png", "webp")
MAX_MIB = 20
LONGEST = 200
LONGEST_ALTERNATIVE = 400
MISSING = {
    "alternative": N_("Décrivez la photo en une phrase, pour qui ne la voit pas."),
    "credit": N_("Indiquez qui a pris la photo."),
    "rights": N_("Indiquez ce que la personne qui a pris la photo autorise."),
}
TOO_LONG = N_("Ce texte est trop long.")
NO_PHOTO = N_("Choisissez une photo du dossier, ou envoyez-en une.")


def checked_words(alternative: str, credit: str, rights: str) -> tuple[str, str, str]:
    """Return the words of a photo, cleaned; raise `InputIsInvalid` for a missing one, or one that is too long."""
    typed = {
        "alternative": clean_line(alternative),
        "credit": clean_line(credit),
        "rights": clean_line(rights),
    }
    errors = {name: MISSING[name] for name, value in typed.items() if not value}
    limits = {"alternative": LONGEST_ALTERNATIVE}
    errors |= {name: TOO_LONG for name, value in typed.items() if len(value) > limits.get(name, LONGEST)}
    if errors:
        raise InputIsInvalid(errors)
    return typed["alternative"], typed["credit"], typed["rights"]
