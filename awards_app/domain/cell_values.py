"""Reads one cell of an imported table: a day, a count, an amount, an address. Never guesses; blank stays blank."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlsplit

from awards_app.domain import identifiers, numbers_fr
from awards_app.domain.refusals import Refusal
from awards_app.domain.text import sort_key
from awards_app.domain.words import N_

# What people type to say that they have nothing to say.
NOTHING = frozenset(
    {"", "-", "--", "–", "—", "/", "?", ".", "neant", "n/a", "na", "nc", "n.c", "n.c.", "nr", "nsp", "aucun", "aucune", "non",
     "sans", "sans objet", "non concerne", "non renseigne", "non communique", "pas de site", "pas encore", "en cours", "ras"}
)  # fmt: skip
MONTHS = {
    "janvier": 1, "janv": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "avril": 4, "avr": 4, "mai": 5, "juin": 6, "juillet": 7,
    "juil": 7, "aout": 8, "septembre": 9, "sept": 9, "octobre": 10, "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]+@(?:[^\s@<>()\[\],;:\"\\.]+\.)+[^\s@<>()\[\],;:\"\\.\d]{2,}")
OLDEST_YEAR = 1600
MAX_COUNT = 10_000_000
MAX_EUROS = 100_000_000_000
EMAIL_LIMIT = 254
ADDRESS_LIMIT = 500
QUOTED = 100


def _shortened(value: object) -> object:
    """Quote only the beginning of a cell that holds a whole page."""
    return f"{value[:QUOTED]}…" if isinstance(value, str) and len(value) > QUOTED else value


class WrongCell(Refusal):
    """The cell holds something its column cannot take."""

    status = 422

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        super().__init__(**{name: _shortened(value) for name, value in values.items()})


@dataclass(frozen=True)
class Identifiers:
    """What one identifier cell says; a SIRET tells the SIREN too."""

    siren: str | None = None
    siret: str | None = None
    rna: str | None = None


def is_nothing(text: str) -> bool:
    """Tell whether the cell of a typed column says « nothing » (blank, a dash, « néant »)."""
    return sort_key(text).strip() in NOTHING


def read_identifier(text: str) -> Identifiers:
    """Read a SIREN, SIRET or RNA number whichever column it stands in: their shapes never meet.

    Raises a ``Refusal`` when the shape is none of the three or the check digits are wrong.
    """
    compact = identifiers.SEPARATORS.sub("", text).upper()
    if compact.startswith("W"):
        return Identifiers(rna=identifiers.rna(compact))
    if re.fullmatch(r"[0-9]{14}", compact):
        siret = identifiers.siret(compact)
        return Identifiers(siren=identifiers.siren_of(siret), siret=siret)
    if re.fullmatch(r"[0-9]{9}", compact):
        return Identifiers(siren=identifiers.siren(compact))
    raise WrongCell(
        N_(
            "« %(text)s » n’est ni un SIREN (9 chiffres), ni un SIRET (14 chiffres), ni un numéro RNA (W et 9 signes)."
        ),
        text=text,
    )


def read_day(text: str, today: date) -> date | None:
    """Read « 2015-03-12 », « 12/03/2015 » or « 12 mars 2015 »; ``None`` for a year or a month alone.

    Raises ``WrongCell`` for a day that does not exist, is still to come, or is written otherwise.
    """
    value = re.sub(r"[T ]+\d{1,2}[:h]\d{2}(?::\d{2})?(?:[.,]\d+)?Z?$", "", text.strip())
    plain = sort_key(value).replace("1er ", "1 ")
    iso = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", plain)
    french = re.fullmatch(r"([0-9]{1,2})\s?[-/. ]\s?([0-9]{1,2})\s?[-/. ]\s?([0-9]{4})", plain)
    worded = re.fullmatch(r"(?:[a-z]+ )?([0-9]{1,2}) ([a-z]+)\.? ([0-9]{4})", plain)
    if iso:
        year, month, day = int(iso[1]), int(iso[2]), int(iso[3])
    elif french:
        day, month, year = int(french[1]), int(french[2]), int(french[3])
    elif worded and worded[2] in MONTHS:
        day, month, year = int(worded[1]), MONTHS[worded[2]], int(worded[3])
    elif _is_partial(plain):
        return None
    else:
        raise WrongCell(N_("« %(text)s » n’est pas une date : écrivez-la JJ/MM/AAAA."), text=text)
    try:
        found = date(year, month, day)
    except ValueError:
        raise WrongCell(N_("La date « %(text)s » n’existe pas."), text=text) from None
    if found.year < OLDEST_YEAR or found > today:
        raise WrongCell(N_("La date « %(text)s » est dans l’avenir, ou trop ancienne."), text=text)
    return found


def _is_partial(plain: str) -> bool:
    """Tell whether the text is a plausible year, alone or with its month."""
    words = re.split(r"[\s/.-]+", plain)
    if not re.fullmatch(r"1[6-9][0-9]{2}|20[0-9]{2}", words[-1]) or len(words) > 2:
        return False
    return len(words) == 1 or words[0] in MONTHS or re.fullmatch("0?[1-9]|1[0-2]", words[0]) is not None


def read_count(text: str) -> int:
    """Read a number of people; « 12.0 » is 12. Raises ``NumberIsInvalid``, or ``WrongCell`` beyond ten million."""
    count = numbers_fr.parse_whole(re.sub(r"[.,]0+$", "", text.strip()))
    if count > MAX_COUNT:
        raise WrongCell(N_("« %(text)s » est un nombre trop grand."), text=text)
    return count


def read_euros(text: str) -> Decimal:
    """Read an amount in euros, to the cent. Raises ``AmountIsInvalid``, or ``WrongCell`` beyond a hundred billion.

    A spreadsheet's « 12345.6789 », which no grouping of thousands could give, is rounded to the cent.
    """
    if re.fullmatch(r"[0-9]{4,12}\.[0-9]{3,}", text.strip()):
        amount = Decimal(text.strip()).quantize(Decimal("0.01"), ROUND_HALF_UP)
    else:
        amount = numbers_fr.parse_amount(text)
    if amount > MAX_EUROS:
        raise WrongCell(N_("« %(text)s » est un montant trop grand."), text=text)
    return amount


def read_email(text: str) -> str:
    """Read one e-mail address as written. Raises ``WrongCell`` for none, several, or a malformed one."""
    value = re.sub(r"^mailto:", "", text.strip(), flags=re.IGNORECASE)
    if len(value) > EMAIL_LIMIT or ".." in value or not EMAIL.fullmatch(value):
        raise WrongCell(N_("« %(text)s » n’est pas une adresse électronique."), text=text)
    return value


def read_web_address(text: str) -> str:
    """Read a web address, ``https://`` being added to a bare one. Raises ``WrongCell`` for anything else."""
    value = text.strip()
    if not re.match(r"[a-z][a-z0-9+.-]*:", value, re.IGNORECASE) or re.match(r"[^/:]+:\d+(?:/|$)", value):
        value = f"https://{value}"
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if (
        len(value) > ADDRESS_LIMIT
        or re.search(r"[\s<>\"]", value)
        or not re.fullmatch(r"[^\s.@]+(?:\.[^\s.@]+)+", host)
    ):
        raise WrongCell(N_("« %(text)s » n’est pas l’adresse d’un site internet."), text=text)
    if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc:
        raise WrongCell(N_("« %(text)s » n’est pas l’adresse d’un site internet."), text=text)
    return value


def read_postcode(text: str) -> str:
    """Read a postcode; the leading zero a spreadsheet lost is put back. Raises ``PostcodeIsInvalid``."""
    bare = re.sub(r"^F-", "", text.strip())
    return numbers_fr.parse_postcode(f"0{bare}" if re.fullmatch(r"[1-9][0-9]{3}", bare) else bare)


def read_phone(text: str) -> str:
    """Read a telephone number; the leading zero a spreadsheet lost is put back. Raises ``PhoneIsInvalid``."""
    bare = text.strip()
    return numbers_fr.parse_phone(f"0{bare}" if re.fullmatch(r"[1-9][0-9]{8}", bare) else bare)
