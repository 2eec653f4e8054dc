"""The answer to a question that asks for a number of a register: which registers it takes, how it is filed and shown."""

import re
from collections.abc import Mapping
from typing import Any

from awards_app.domain import identifiers
from awards_app.domain.words import N_

REGISTERS: dict[str, str] = {
    "siren": N_("Siren"),
    "siret": N_("Siret"),
    "rna": N_("RNA"),
    "court_register": N_("registre du tribunal (Alsace-Moselle)"),
}
_READERS = {
    "siret": identifiers.siret,
    "siren": identifiers.siren,
    "rna": identifiers.rna,
    "court_register": identifiers.court_register,
}


class IdentifierIsNotOne(identifiers.IdentifierIsInvalid):
    """The text is a number of none of the registers asked for."""

    sentence = N_(
        "Ce numéro n’est pas reconnu. Exemples : Siren 732 829 320, Siret 732 829 320 00074, RNA W751234567."
    )


def registers_of(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the registers that a question takes, all of them when it names none."""
    asked = settings.get("registers") or ()
    return tuple(name for name in REGISTERS if name in asked) or tuple(REGISTERS)


def filed_identifier(text: str, settings: Mapping[str, Any]) -> str:
    """Return a number as its register writes it; raise the refusal of the one register asked for, or of all."""
    asked = registers_of(settings)
    for name, read in _READERS.items():
        if name not in asked:
            continue
        try:
            return read(text)
        except identifiers.IdentifierIsInvalid:
            if len(asked) == 1:
                raise
    raise IdentifierIsNotOne


def shown_identifier(value: str) -> str:
    """Return a filed number as people read it, in groups."""
    if re.fullmatch("[0-9]{9}|[0-9]{14}", value, re.ASCII):
        return "\u00a0".join(part for part in (value[:3], value[3:6], value[6:9], value[9:]) if part)
    return value
