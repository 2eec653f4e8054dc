"""Addresses of people: one normalised form, look-alikes kept apart."""

from email_validator import EmailNotValidError, validate_email

from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_


class AddressIsInvalid(Refusal):
    """The address cannot receive mail."""

    sentence = N_("Cette adresse électronique n’est pas valable. Exemple : prenom.nom@exemple.fr")
    status = 422
    field = "email"


def clean_address(typed: str) -> str:
    """Return the address as mail is sent to it; raise `AddressIsInvalid`.

    Look-alike letters are not folded into each other: « mıke@… » stays another person than « mike@… ».
    """
    try:
        found = validate_email(
            typed.strip(), check_deliverability=False, allow_quoted_local=False, test_environment=True
        )
    except EmailNotValidError as problem:
        raise AddressIsInvalid from problem
    if typed.strip().casefold() != found.normalized.casefold() and not typed.isascii():
        raise AddressIsInvalid
    return found.normalized


def fold_address(address: str) -> str:
    """Return the form in which addresses are compared: ASCII letters in lower case, nothing else changed."""
    return "".join(sign.lower() if sign.isascii() else sign for sign in address)


def domain_of(address: str) -> str:
    """Return the domain of an address, in lower case."""
    return address.rsplit("@", 1)[-1].lower()
