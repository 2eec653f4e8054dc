"""Numbers, dates, telephone numbers and postcodes as French people type them; never silently another value."""

import re
from datetime import date, time
from decimal import Decimal

from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

SPACES = " \u00a0\u202f\u2009"
GROUPED = r"[0-9]{1,3}(?:[ .][0-9]{3})+"
WHOLE = re.compile(rf"(?:[0-9]+|{GROUPED.replace(' .', ' ')})")
# A dot is taken for a thousands mark only before a comma, for a decimal mark only before one or two digits.
AMOUNT = re.compile(
    rf"(?P<whole>[0-9]+|{GROUPED.replace(' .', ' ')})(?:[,.](?P<cents>[0-9]{{1,2}}))?"
    r"|(?P<dotted>[0-9]{1,3}(?:\.[0-9]{3})+),(?P<dotted_cents>[0-9]{1,2})"
)
# Any number of decimals after a comma; after a dot one or two, as for an amount.
DECIMAL = re.compile(
    rf"(?P<whole>[0-9]+|{GROUPED.replace(' .', ' ')})(?:,(?P<part>[0-9]{{1,6}})|\.(?P<pointed>[0-9]{{1,2}}))?"
    r"|(?P<dotted>[0-9]{1,3}(?:\.[0-9]{3})+),(?P<dotted_part>[0-9]{1,6})"
)
DIGITS_LIMIT = 12
EARLIEST_YEAR = 1000
LATEST_YEAR = 2200
OVERSEAS_CODES = {
    "0590": "590", "0690": "590", "0691": "590",
    "0594": "594", "0694": "594",
    "0596": "596", "0696": "596", "0697": "596",
    "0262": "262", "0263": "262", "0692": "262", "0693": "262",
    "0269": "262", "0639": "262",
}  # fmt: skip
INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}", re.ASCII)
NATIONAL = re.compile(r"0[1-9][0-9]{8}", re.ASCII)
SOUTH_CORSICA = ("200", "201")


class NumberIsInvalid(Refusal):
    """The text is not a whole number."""

    sentence = N_("Saisissez un nombre entier, par exemple 1 234.")
    status = 422


class AmountIsInvalid(Refusal):
    """The text is not an amount, or could be read as two different ones."""

    sentence = N_("Saisissez un montant avec une virgule pour les centimes, par exemple 1 234,56.")
    status = 422


class DecimalIsInvalid(Refusal):
    """The text is not a number, or could be read as two different ones."""

    sentence = N_("Saisissez un nombre avec une virgule, par exemple 1 234,5.")
    status = 422


class DateIsInvalid(Refusal):
    """The text is not a day of the calendar written jj/mm/aaaa."""

    sentence = N_("Saisissez une date sous la forme jj/mm/aaaa, par exemple 30/06/2027.")
    status = 422


class TimeIsInvalid(Refusal):
    """The text is not an hour of the day."""

    sentence = N_("Saisissez une heure sous la forme hh:mm, par exemple 23:59.")
    status = 422


class PhoneIsInvalid(Refusal):
    """The text is not a telephone number."""

    sentence = N_("Saisissez un numéro de téléphone, par exemple 01 23 45 67 89 ou +262 262 12 34 56.")
    status = 422


class PostcodeIsInvalid(Refusal):
    """The text is not a French postcode."""

    sentence = N_(
        "Saisissez un code postal français de 5 chiffres, par exemple 35000, 20000 en Corse ou 97400 outre-mer."
    )
    status = 422


class CommuneCodeIsNoPostcode(PostcodeIsInvalid):
    """The text is a code of commune of Corsica, which has a letter."""

    sentence = N_(
        "C’est un code de commune. Saisissez le code postal, qui n’a que des chiffres, par exemple 20000."
    )


def parse_whole(text: str) -> int:
    """Return a whole number of 0 or more, grouped by spaces or not; raise ``NumberIsInvalid``."""
    plain = _one_space(text)
    if not WHOLE.fullmatch(plain) or _digit_count(plain) > DIGITS_LIMIT:
        raise NumberIsInvalid()
    return int(plain.replace(" ", ""))


def parse_amount(text: str) -> Decimal:
    """Return an amount of 0 or more in euros, exact to the cent; raise ``AmountIsInvalid``.

    « 1 234,56 » with any space, « 1234,5 », « 1.234,56 », « 1234.56 », with or without €. « 1,234.56 » and
    « 1.234 » are refused: each could be two numbers.
    """
    plain = re.sub(r" ?(?:€|EUR|euros?)$", "", _one_space(text), flags=re.IGNORECASE)
    found = AMOUNT.fullmatch(plain)
    if found is None or _digit_count(plain) > DIGITS_LIMIT:
        raise AmountIsInvalid()
    whole = (found["whole"] or found["dotted"]).replace(" ", "").replace(".", "")
    cents = found["cents"] or found["dotted_cents"] or ""
    return Decimal(f"{int(whole)}.{cents:0<2}")


def parse_decimal(text: str, decimals: int) -> Decimal:
    """Return a number with at most ``decimals`` decimals, negative with a leading minus; raise ``DecimalIsInvalid``.

    Written as ``parse_amount`` reads: « 1 234,56 », « 1.234,56 », « 12.5 ». « 1.234 » and « 1,234.56 » are refused, since
    each could be two numbers; so is a number with more decimals than asked.
    """
    plain = _one_space(text)
    bare = re.sub(r"^[-\u2212] ?", "", plain)
    found = DECIMAL.fullmatch(bare)
    if found is None or _digit_count(bare) > DIGITS_LIMIT:
        raise DecimalIsInvalid()
    whole = (found["whole"] or found["dotted"]).replace(" ", "").replace(".", "")
    part = found["part"] or found["pointed"] or found["dotted_part"] or ""
    if len(part) > decimals:
        raise DecimalIsInvalid()
    number = Decimal(f"{int(whole)}.{part or 0}")
    return -number if bare != plain else number


def show_decimal(number: Decimal) -> str:
    """Write a number the way ``parse_decimal`` reads it: narrow no-break spaces, a comma, no idle zero."""
    whole, _, part = f"{abs(number):f}".partition(".")
    part = part.rstrip("0")
    sign = "\u2212" if number < 0 else ""
    return f"{sign}{int(whole):,}".replace(",", "\u202f") + (f",{part}" if part else "")


def show_amount(amount: Decimal) -> str:
    """Write an amount the way ``parse_amount`` reads it: narrow no-break spaces, comma, cents when there are."""
    cents = int(amount * 100)
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", "\u202f") + (f",{rest:02d}" if rest else "")


def parse_date(text: str) -> date:
    """Return a day written jj/mm/aaaa and nothing else; raise ``DateIsInvalid``."""
    found = re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", text.strip(), re.ASCII)
    try:
        if found is None:
            raise ValueError(text)
        day = date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        raise DateIsInvalid() from None
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise DateIsInvalid()
    return day


def parse_time(text: str) -> time:
    """Return an hour to the minute written hh:mm or hh h mm; raise ``TimeIsInvalid``."""
    found = re.fullmatch(r"([0-9]{1,2}) ?[:hH] ?([0-9]{2})", _one_space(text), re.ASCII)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise TimeIsInvalid()
    return time(int(found[1]), int(found[2]))


def parse_phone(text: str) -> str:
    """Return a telephone number in international form (+33…, +590…); raise ``PhoneIsInvalid``.

    A number typed the French way goes to the country code of its overseas prefix, else to +33.
    """
    number = re.sub(rf"[{SPACES}.\-/]+", "", text.strip()).replace("(0)", "")
    if number.startswith("00"):
        number = "+" + number[2:]
    if NATIONAL.fullmatch(number):
        number = f"+{OVERSEAS_CODES.get(number[:4], '33')}{number[1:]}"
    if not INTERNATIONAL.fullmatch(number):
        raise PhoneIsInvalid()
    return number


def parse_postcode(text: str) -> str:
    """Return a French postcode of five digits; raise ``PostcodeIsInvalid``."""
    code = re.sub(rf"[{SPACES}]+", "", text)
    if re.fullmatch(r"2[AB][0-9]{3}", code.upper(), re.ASCII):
        raise CommuneCodeIsNoPostcode()
    if not re.fullmatch(r"[0-9]{5}", code, re.ASCII) or code.startswith(("00", "96")):
        raise PostcodeIsInvalid()
    return code


def department_of(postcode: str) -> str:
    """Return the department a postcode suggests: 2A and 2B for Corsica, three digits overseas. A hint only."""
    if postcode.startswith("20"):
        return "2A" if postcode.startswith(SOUTH_CORSICA) else "2B"
    return postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2]


def _one_space(text: str) -> str:
    return re.sub(rf"[{SPACES}]", " ", text).strip(SPACES)


def _digit_count(text: str) -> int:
    return sum(sign.isdigit() for sign in text)
