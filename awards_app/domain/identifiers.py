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

REGISTER_LIMIT = 200
SIREN_LENGTH = 9
# The second and third signs are a department: 75, 2A, 9R for La Réunion.
RNA_FORM = re.compile(r"W[0-9A-Z]{2}[0-9]{7}", re.ASCII)
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

    sentence = N_("Cet identifiant n’est pas valide.")
    status = 422


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
    digits = _digits(text)
    try:
        return str(stdnum_siren.validate(digits))
    except stdnum_faults.ValidationError:
        raise SirenIsInvalid() from None


def siret(text: str) -> str:
    """Return the fourteen digits of a SIRET; raise ``SiretIsInvalid``."""
    digits = _digits(text)
    try:
        return str(stdnum_siret.validate(digits))
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

    It names the court (the word « tribunal » or a known seat) and bears a number, in at most 200 signs.
    """
    entry = clean_line(text)
    words = sort_key(entry)
    names_a_court = "tribunal" in words or any(seat in words.replace(" ", "-") for seat in REGISTER_SEATS)
    if len(entry) > REGISTER_LIMIT or not names_a_court or not re.search(r"[0-9]", entry):
        raise CourtRegisterIsInvalid()
    return entry


def recognise(text: str) -> Identifier:
    """Return the identifier a text is, of whichever kind; raise ``IdentifierIsInvalid`` when it is none."""
    readings = (
        (IdentifierKind.SIRET, siret),
        (IdentifierKind.SIREN, siren),
        (IdentifierKind.RNA, rna),
        (IdentifierKind.COURT_REGISTER, court_register),
    )
    for kind, read in readings:
        try:
            return Identifier(kind, read(text))
        except IdentifierIsInvalid:
            continue
    raise IdentifierIsInvalid()


def _digits(text: str) -> str:
    """Drop the separators; digits of other scripts are not taken for ours, nor zeros alone for a number."""
    bare = SEPARATORS.sub("", text)
    return bare if bare.isascii() and bare.strip("0") else ""
