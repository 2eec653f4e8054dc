"""Erasing a person: how their name and addresses are found in what was written, and what stands in their place.

A name is found whatever its case, its marks and what parts its words, and also last word first. A name of one word is left
in texts (« Rose » is a word as well), and so is one that somebody else bears: staff are told where they are.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from awards_app.domain.addresses import fold_address
from awards_app.domain.instants_fr import MONTHS
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

ERASED = "Personne effacée"
NO_ADDRESS = "adresse effacée"
NO_REASON = "Motif effacé"
# A name that no machine answers for (RFC 2606).
NOWHERE = "efface.invalid"
# The longest a request may wait when nothing says when the round ends: one month, and two more for what is complex.
LONGEST_WAIT = timedelta(days=90)
_PARTING = r"[\s_.\-]+"


class ErasureMustWait(Refusal):
    """The person takes part in a round that is being judged: the request is kept, and done when it is over."""

    sentence = N_(
        "Cette personne prend part à un jury en cours. La demande est enregistrée : l’effacement se fera de lui-même dès "
        "la publication, au plus tard le %(day)s."
    )


class AddressIsNotTheirs(Refusal):
    """Whoever erases types the person's address, so that nobody is erased for another."""

    sentence = N_("Cette adresse n’est pas celle de la personne.")
    status = 422
    field = "email"


class OwnErasureWaits(Refusal):
    """Nobody erases themselves: another person of the national staff does it."""

    sentence = N_("Une autre personne de l’équipe nationale doit effacer votre compte.")


class StructureIsLeftAlone(Refusal):
    """A structure would be left without anybody responsible, and who erases has not said that they know it."""

    sentence = N_(
        "Cette personne est la seule responsable de : %(structures)s. Faites-en nommer une autre, ou cochez que vous avez "
        "prévenu la structure."
    )


@dataclass(frozen=True, slots=True)
class Traces:
    """What a person is written as. ``is_shared`` says that somebody else bears one of the names."""

    names: frozenset[str]
    addresses: frozenset[str]
    is_shared: bool = False
    is_wide: bool = False

    @property
    def wide(self) -> "Traces":
        """Return the same person as they are looked for when all is done: under any name, whoever else bears it."""
        return replace(self, is_shared=False, is_wide=True)

    @property
    def searched(self) -> tuple[str, ...]:
        """Return, for each name and address, a run of plain letters that any text holding it holds in lower case."""
        return tuple(sorted({_plain_run(text) for text in self.names | self.addresses}))

    def masked(self, text: str) -> str:
        """Return ``text`` without the person."""
        for address in sorted(self.addresses, key=len, reverse=True):
            text = _replaced(text, rf"(?<![\w.+\-]){re.escape(_fold(address)[0])}(?![\w\-])", NO_ADDRESS)
        for name in sorted(self.names, key=len, reverse=True):
            words = _fold(name)[0].split()
            if not words:
                continue
            if self.is_shared or (len(words) == 1 and not self.is_wide):
                continue
            for order in (words, [words[-1], *words[:-1]]):
                found = _PARTING.join(map(re.escape, order))
                text = _replaced(text, rf"(?<![^\W_]){found}(?![^\W_])", ERASED)
        return text

    def masked_value(self, value: Any) -> Any:
        """Return a plain value (texts, lists, mappings) without the person; keys of mappings stay."""
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, list):
            return [self.masked_value(one) for one in value]
        if isinstance(value, dict):
            return {name: self.masked_value(one) for name, one in value.items()}
        return value

    def masked_sections(self, sections: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the sections of a frozen copy without the person, nor the telephone that stands beside their name."""
        return [section | {"answers": self._answers(section["answers"])} for section in sections]

    def _answers(self, answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = [one | {"value": self.masked_value(one["value"])} for one in answers]
        theirs = {
            contact_of(new["code"])
            for old, new in zip(answers, kept, strict=True)
            if old["value"] != new["value"]
        }
        return [
            one | {"value": self._of_contact(one)} if contact_of(one["code"]) in theirs else one
            for one in kept
        ]

    def _of_contact(self, answer: dict[str, Any]) -> Any:
        """Return an answer about a contact who is the person: no telephone, and no name even of one word."""
        if answer.get("kind") == "phone":
            return ""
        return self.named(answer["value"]) if isinstance(answer["value"], str) else answer["value"]

    def named(self, text: str) -> str:
        """Return what stands for a text that is the person's name and nothing else, and any other text as it is."""
        names = {tuple(_fold(name)[0].split()) for name in self.names}
        return ERASED if tuple(_fold(text)[0].split()) in names else text


def contact_of(question_code: str) -> str:
    """Return what the questions on one contact have in common: « contact » of « contact_name »."""
    return question_code.rpartition("_")[0] or question_code


def is_same_address(typed: str, address: str) -> bool:
    """Say whether what was typed is the address."""
    return fold_address(typed.strip()) == fold_address(address)


def redacted_on(frozen: Mapping[str, Any]) -> str:
    """Return the day a person was erased from a frozen copy, in words; empty when nobody was."""
    marked = frozen.get("redacted")
    if not marked:
        return ""
    day = date.fromisoformat(marked["on"])
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def promised_day(ends: Iterable[datetime | None], now: datetime) -> datetime:
    """Return the instant by which an erasure that waits is promised: the last publication known, else three months."""
    known = list(ends)
    if not known or any(end is None or end <= now for end in known):
        return now + LONGEST_WAIT
    return max(end for end in known if end is not None)


def _fold(text: str) -> tuple[str, list[int]]:
    """Return a text without case or marks, and for each of its signs the place it comes from."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        folded = " " if sign.isspace() else sign.translate({0x2019: "'", 0x2018: "'"}).casefold()
        for one in unicodedata.normalize("NFKD", folded):
            if not unicodedata.combining(one):
                signs.append(one)
                places.append(place)
    return "".join(signs), places


def _replaced(text: str, pattern: str, by: str) -> str:
    folded, places = _fold(text)
    for match in reversed(list(re.finditer(pattern, folded))):
        end = places[match.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        text = text[: places[match.start()]] + by + text[end:]
    return text


def _plain_run(text: str) -> str:
    runs = re.findall(r"[a-z0-9@]+", text.lower())
    return max(runs, key=len) if runs else ""
