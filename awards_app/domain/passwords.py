"""Which passwords are accepted."""

import re

from awards_app.domain.refusals import Refusal
from awards_app.domain.text import sort_key
from awards_app.domain.words import N_

SHORTEST = 12
LONGEST = 1024
# What is guessed first, once digits and signs are taken off: names of the prize, words of every list.
_GUESSED = {
    "prixess",
    "prixdeless",
    "password",
    "passwordpassword",
    "motdepasse",
    "azertyuiop",
    "qwertyuiop",
    "azertyuiopqsdfghjklm",
    "economiesociale",
    "economiesocialeetsolidaire",
    "association",
    "bonjour",
    "soleil",
    "doudou",
    "jetaime",
    "iloveyou",
    "admin",
    "administrateur",
    "bienvenue",
    "changeme",
    "changezmoi",
    "esfrance",
    "essfrance",
    "loulou",
    "marseille",
    "france",
    "welcome",
    "letmein",
}


class PasswordIsTooShort(Refusal):
    """A password has at least `SHORTEST` signs."""

    sentence = N_("Choisissez au moins %(shortest)s signes ; une phrase de quatre mots convient.")
    status = 422
    field = "password"


class PasswordIsTooLong(Refusal):
    """A password has at most `LONGEST` signs."""

    sentence = N_("Ce mot de passe est trop long : %(longest)s signes au plus.")
    status = 422
    field = "password"


class PasswordIsGuessed(Refusal):
    """The password is among those that are tried first."""

    sentence = N_("Ce mot de passe fait partie de ceux que l’on essaie en premier. Choisissez-en un autre.")
    status = 422
    field = "password"


def check_password(password: str) -> None:
    """Return if the password is accepted; raise one of the refusals above otherwise."""
    if len(password) > LONGEST:
        raise PasswordIsTooLong(longest=LONGEST)
    if len(password) < SHORTEST:
        raise PasswordIsTooShort(shortest=SHORTEST)
    letters = re.sub(r"[^a-z]", "", sort_key(password))
    few_signs = len(set(password)) < 5
    if few_signs or letters in _GUESSED or password.isdigit():
        raise PasswordIsGuessed
