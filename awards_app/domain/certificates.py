"""Certificates: their numbers, and what a verification may answer."""

import re
import secrets
import unicodedata
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
# The outcomes that are certified, and on which paper.
KINDS = {"title": "diploma", "laureate": "diploma", "special": "diploma", "nominee": "attestation"}
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


class State(StrEnum):
    """What the public may learn of a number or a file."""

    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"
    ALTERED = "altered"
    UNKNOWN = "unknown"


class Damage(StrEnum):
    """What differs in a file that bears the number of a public certificate and is not its file."""

    NO_SIGNATURE = "no_signature"
    OTHER_SIGNER = "other_signer"
    BROKEN_SIGNATURE = "broken_signature"
    OTHER_BYTES = "other_bytes"


STATE_LABELS: dict[State, str] = {
    State.VALID: N_("Certificat authentique"),
    State.REPLACED: N_("Certificat remplacé"),
    State.REVOKED: N_("Certificat révoqué"),
    State.ALTERED: N_("Fichier modifié"),
    State.UNKNOWN: N_("Numéro inconnu"),
}
DAMAGE_SENTENCES: dict[Damage, str] = {
    Damage.NO_SIGNATURE: N_("Il ne porte pas de signature électronique qui se lise."),
    Damage.OTHER_SIGNER: N_("Il est signé par une autre clé que les nôtres."),
    Damage.BROKEN_SIGNATURE: N_("Sa signature est rompue : il a été modifié après avoir été signé."),
    Damage.OTHER_BYTES: N_("Son contenu diffère de celui que nous avons établi."),
}
_PARTS = re.compile(r"[\s_\u2010-\u2015\u2212-]")
_ADDRESS = re.compile(r"^.*/CERTIFICATS/(?=[^/]+(/TELECHARGER)?/?$)|/TELECHARGER/?$")
_AROUND = re.compile(r"^N[°O]\.?\s*(?=ESS)|(\.PDF)?[\s.,;/]*$")
_PRINTED_NUMBER = re.compile(rb"ESS(?:-[0-9A-HJKMNP-TV-Z]{4}){4}")


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
    # The SHA-256 of the certificate that signed the file, and whether it was made for a demonstration.
    signer: str = ""
    signer_name: str = ""
    is_demonstration: bool = False
    damage: Damage | None = None
    # What the certificate is whose number an altered file bears.
    original: State | None = None


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


def number_in(content: bytes) -> str | None:
    """Return the number that the file of a certificate bears in clear among its bytes, None where there is none."""
    found = _PRINTED_NUMBER.search(content)
    return found[0].decode("ascii") if found else None


def read_number(typed: str) -> str | None:
    """Return the number as it is stored from what a person typed, None for what cannot be one.

    Case, width, spaces, hyphens and signs that are not seen do not count; O reads as 0, I and L as 1; the « ESS » may be
    left out. An address that was pasted, a « N° » before and a stop or « .pdf » after are set aside.
    """
    plain = unicodedata.normalize("NFKC", typed[: LONGEST_TYPED * 2]).upper().strip()
    plain = _AROUND.sub("", _ADDRESS.sub("", plain))
    bare = "".join(sign for sign in plain if not _PARTS.match(sign) and unicodedata.category(sign) != "Cf")
    if len(bare) > GROUPS * GROUP:
        bare = bare.removeprefix("ESS")
    body = bare.translate(_READ_AS)
    if len(body) != GROUPS * GROUP or any(sign not in ALPHABET for sign in body):
        return None
    return "-".join(("ESS", *(body[start : start + GROUP] for start in range(0, len(body), GROUP))))
