"""The three identifiers of a structure: SIREN or SIRET, RNA, entry of an Alsace-Moselle court register.

Each function returns the one way the identifier is stored, or raises ``IdentifierIsInvalid``. Check digits are
those of python-stdnum, which knows that the establishments of La Poste have a sum of digits multiple of five.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum import exceptions as stdnum_faults
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

from awards_app.domain.refusals import Refusal
from awards_app.domain.text import clean_line, sort_key
from awards_app.domain.words import N_

# As long as the column that keeps it.
REGISTER_LIMIT = 120
SIREN_LENGTH = 9
# The second and third signs are a department: 75, 2A, 9R for La Réunion.
RNA_FORM = re.compile(r"W[0-9A-Z]{2}[0-9]{7}", re.ASCII)
# What begins as an RNA number does, and not as « Wissembourg ».
RNA_BEGINS = re.compile(r"W[0-9A-Z]{0,2}[0-9]|W$", re.ASCII)
SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u200b\ufeff]+")
REGISTER_SEATS = (
    "altkirch", "boulay", "brumath", "chateau-salins", "colmar", "erstein", "forbach", "guebwiller",
    "haguenau", "hayange", "huningue", "illkirch-graffenstaden", "metz", "molsheim", "mulhouse",
    "ribeauville", "saint-avold", "sarrebourg", "sarreguemines", "saverne", "schiltigheim", "selestat",
    "strasbourg", "thann", "thionville", "wissembourg",
)  # fmt: skip


class IdentifierKind(StrEnum):
    """Which register an identifier is of."""

    SIREN = "siren"
    SIRET = "siret"
    RNA = "rna"
    COURT_REGISTER = "court_register"


class IdentifierIsInvalid(Refusal):
    """The text is not an identifier of the kind asked for."""

    sentence = N_(
        "Ce numéro n’est pas reconnu. Exemples : Siren 732 829 320, RNA W751234567, Tribunal de Strasbourg, volume 91, folio 123."
    )
    status = 422
    field = "identifier"


class SirenIsInvalid(IdentifierIsInvalid):
    """Nine digits whose check digit holds."""

    sentence = N_(
        "Un numéro SIREN comporte 9 chiffres, par exemple 732 829 320. Vérifiez les chiffres saisis."
    )


class SiretIsInvalid(IdentifierIsInvalid):
    """Fourteen digits whose check digits hold."""

    sentence = N_(
        "Un numéro SIRET comporte 14 chiffres, par exemple 732 829 320 00074. Vérifiez les chiffres saisis."
    )


class SirenCheckDigitIsWrong(SirenIsInvalid):
    """Nine digits, one of which was mistyped."""

    sentence = N_(
        "Ce numéro a bien 9 chiffres, mais le dernier ne correspond pas aux autres : vérifiez la saisie. "
        "Exemple de Siren : 732 829 320."
    )


class SiretCheckDigitIsWrong(SiretIsInvalid):
    """Fourteen digits, one of which was mistyped."""

    sentence = N_(
        "Ce numéro a bien 14 chiffres, mais le dernier ne correspond pas aux autres : vérifiez la saisie. "
        "Exemple de Siret : 732 829 320 00074."
    )


class DigitsAreMiscounted(IdentifierIsInvalid):
    """Digits only, too few or too many."""

    sentence = N_(
        "Un Siren comporte 9 chiffres (732 829 320), un Siret 14 (732 829 320 00074) : "
        "il en manque ou il y en a trop ici."
    )


class RnaIsInvalid(IdentifierIsInvalid):
    """W, the department, seven digits."""

    sentence = N_("Un numéro RNA commence par W et comporte 10 signes, par exemple W751234567.")


class CourtRegisterIsInvalid(IdentifierIsInvalid):
    """A free form that names the court and the entry."""

    sentence = N_(
        "Indiquez le tribunal et les références de l’inscription, "
        "par exemple « Tribunal de Strasbourg, volume 91, folio 123 »."
    )


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier in its stored form and the register it is of."""

    kind: IdentifierKind
    value: str


def siren(text: str) -> str:
    """Return the nine digits of a SIREN; raise ``SirenIsInvalid``."""
    try:
        return str(stdnum_siren.validate(_digits(text)))
    except stdnum_faults.InvalidChecksum:
        raise SirenCheckDigitIsWrong() from None
    except stdnum_faults.ValidationError:
        raise SirenIsInvalid() from None


def siret(text: str) -> str:
    """Return the fourteen digits of a SIRET; raise ``SiretIsInvalid``."""
    try:
        return str(stdnum_siret.validate(_digits(text)))
    except stdnum_faults.InvalidChecksum:
        raise SiretCheckDigitIsWrong() from None
    except stdnum_faults.ValidationError:
        raise SiretIsInvalid() from None


def siren_of(siret_number: str) -> str:
    """Return the SIREN of a SIRET in its stored form."""
    return siret_number[:SIREN_LENGTH]


def rna(text: str) -> str:
    """Return an RNA number, W and nine signs; raise ``RnaIsInvalid``."""
    number = SEPARATORS.sub("", text).upper()
    if not RNA_FORM.fullmatch(number):
        raise RnaIsInvalid()
    return number


def court_register(text: str) -> str:
    """Return an entry of a court register as typed, on one line; raise ``CourtRegisterIsInvalid``.

    It names the court (the word « tribunal » or a known seat) and bears a number, in at most 120 signs.
    """
    entry = clean_line(text)
    if len(entry) > REGISTER_LIMIT or not _names_a_court(entry) or not re.search(r"[0-9]", entry):
        raise CourtRegisterIsInvalid()
    return entry


def recognise(text: str) -> Identifier:
    """Return the identifier a text is, of the kind its shape tells.

    Raises the ``IdentifierIsInvalid`` of that kind, which says what is wrong with an example.
    """
    bare = SEPARATORS.sub("", text).upper()
    if bare.isascii() and bare.isdigit():
        match len(bare):
            case 14:
                return Identifier(IdentifierKind.SIRET, siret(text))
            case 9:
                return Identifier(IdentifierKind.SIREN, siren(text))
        raise DigitsAreMiscounted()
    if RNA_BEGINS.match(bare):
        return Identifier(IdentifierKind.RNA, rna(text))
    if "volume" in text.lower() or "folio" in text.lower() or _names_a_court(clean_line(text)):
        return Identifier(IdentifierKind.COURT_REGISTER, court_register(text))
    raise IdentifierIsInvalid()


def register_number(text: str) -> str:
    """Return the number by which the public register knows what is typed: SIREN or RNA; blank for a court's entry.

    Raises the ``IdentifierIsInvalid`` of what was typed.
    """
    found = recognise(text)
    match found.kind:
        case IdentifierKind.SIRET:
            return siren_of(found.value)
        case IdentifierKind.COURT_REGISTER:
            return ""
    return found.value


def _names_a_court(entry: str) -> bool:
    words = sort_key(entry)
    return "tribunal" in words or any(seat in words.replace(" ", "-") for seat in REGISTER_SEATS)


def _digits(text: str) -> str:
    """Drop the separators; digits of other scripts are not taken for ours, nor zeros alone for a number."""
    bare = SEPARATORS.sub("", text)
    return bare if bare.isascii() and bare.strip("0") else ""
