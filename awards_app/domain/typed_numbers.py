"""Numbers with the bounds and decimals of their question: filed as plain text, shown with their unit."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from awards_app.domain.numbers_fr import (
    DecimalIsInvalid,
    NumberIsInvalid,
    parse_decimal,
    parse_whole,
    show_decimal,
)
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

DEFAULT_DECIMALS = 2
MOST_DECIMALS = 6
# Four figures stay together: years are among them.
UNGROUPED = 9999


class NumberIsOut(Refusal):
    """The number is below or above what the question takes."""

    sentence = N_("Saisissez un nombre entre %(low)s et %(high)s.")
    status = 422


class NumberIsLow(NumberIsOut):
    """The number is below the least one."""

    sentence = N_("Saisissez un nombre égal ou supérieur à %(low)s.")


class NumberIsHigh(NumberIsOut):
    """The number is above the greatest one."""

    sentence = N_("Saisissez un nombre égal ou inférieur à %(high)s.")


def bounds_of(settings: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the greatest number that a question takes, None where it has no bound."""
    low, high = settings.get("min"), settings.get("max")
    return (
        Decimal(low) if low not in (None, "") else None,
        Decimal(high) if high not in (None, "") else None,
    )


def filed_integer(text: str, settings: Mapping[str, Any]) -> str:
    """Return a whole number as a submission keeps it; raise ``NumberIsInvalid`` or `NumberIsOut`."""
    low, _high = bounds_of(settings)
    if low is not None and low < 0:
        try:
            number = int(parse_decimal(text, 0))
        except DecimalIsInvalid:
            raise NumberIsInvalid from None
    else:
        number = parse_whole(text)
    _check(Decimal(number), settings)
    return str(number)


def filed_number(text: str, settings: Mapping[str, Any]) -> str:
    """Return a number as a submission keeps it, « 1234.5 »; raise ``DecimalIsInvalid`` or `NumberIsOut`."""
    number = parse_decimal(text, int(settings.get("decimals", DEFAULT_DECIMALS)))
    low, _high = bounds_of(settings)
    if number < 0 and low is None:
        raise DecimalIsInvalid
    _check(number, settings)
    plain = f"{number:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace("-0", "0", plain == "-0")


def _check(number: Decimal, settings: Mapping[str, Any]) -> None:
    low, high = bounds_of(settings)
    words = {
        "low": show_decimal(low) if low is not None else "",
        "high": show_decimal(high) if high is not None else "",
    }
    if (low is None or number >= low) and (high is None or number <= high):
        return
    if low is not None and high is not None:
        raise NumberIsOut(**words)
    if high is None:
        raise NumberIsLow(low=words["low"])
    raise NumberIsHigh(high=words["high"])


def shown_number(value: str, unit: str = "") -> str:
    """Return a filed number as people read it, with its unit; what came by import and is no number, as it was written."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite():
        return value
    whole = number == number.to_integral_value()
    text = str(int(number)) if whole and 0 <= number <= UNGROUPED else show_decimal(number)
    return f"{text}\u00a0{unit}" if unit else text
