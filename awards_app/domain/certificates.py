"""Certificates: their numbers, and what a verification may answer."""

import re
import secrets
from dataclasses import dataclass
from enum import StrEnum

from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

# Crockford's base 32: no letter that reads as a digit. Source: crockford.com/base32.html.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS = 4
GROUP = 4
MOST_TRIES = 3
LONGEST_TYPED = 60
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
# The outcomes that are certified, and on which paper.
KINDS = {"title": "diploma", "laureate": "diploma", "special": "diploma", "nominee": "attestation"}


class State(StrEnum):
    """What the public may learn of a number or a file."""

    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


STATE_LABELS: dict[State, str] = {
    State.VALID: N_("Certificat authentique"),
    State.REPLACED: N_("Certificat remplacé"),
    State.REVOKED: N_("Certificat révoqué"),
    State.UNKNOWN: N_("Numéro inconnu"),
}


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to a verification: nothing but what the certificate itself shows; all empty when unknown."""

    state: State
    number: str = ""
    structure: str = ""
    distinction: str = ""
    edition: str = ""
    theme: str = ""
    region: str = ""
    citation: str = ""
    issued_on: str = ""
    replaced_by: str = ""


UNKNOWN = Verification(State.UNKNOWN)


class CertificateIsNotIssued(Refusal):
    """The certificate is not printed yet, or its printing failed."""

    sentence = N_("Ce certificat n’est pas encore prêt.")


class CertificateIsRevoked(Refusal):
    """The certificate was revoked before."""

    sentence = N_("Ce certificat est déjà révoqué.")


def new_number() -> str:
    """Return a certificate's number: 80 random bits, « ESS-XXXX-XXXX-XXXX-XXXX »."""
    signs = [secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP)]
    groups = ("".join(signs[start : start + GROUP]) for start in range(0, len(signs), GROUP))
    return "-".join(("ESS", *groups))


def read_number(typed: str) -> str | None:
    """Return the number as it is stored from what a person typed, None for what cannot be one.

    Case, spaces and hyphens do not count; O reads as 0, I and L as 1; the « ESS » may be left out.
    """
    bare = re.sub(r"[\s\u2010-\u2015-]+", "", typed[: LONGEST_TYPED * 2]).upper()
    body = bare.removeprefix("ESS").translate(_READ_AS)
    if len(body) != GROUPS * GROUP or any(sign not in ALPHABET for sign in body):
        return None
    return "-".join(("ESS", *(body[start : start + GROUP] for start in range(0, len(body), GROUP))))
