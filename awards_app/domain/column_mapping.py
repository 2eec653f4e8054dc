"""Which column of a table holds which of our fields: proposed from the headers, corrected by a person, kept as JSON."""

import json
import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from functools import cache

from awards_app.domain.column_headers import (
    FIELD_LABELS,
    FIELDS,
    HONOURS_COLUMNS,
    NARRATIVE_PREFIX,
    SAME_WORDS,
    SMALL_WORDS,
    TELLING_WORDS,
    WEAK_WORDS,
    YES_OR_NO,
)
from awards_app.domain.refusals import Refusal
from awards_app.domain.text import sort_key
from awards_app.domain.words import N_

VERSION = 1
# Below this share of a header's words, a phrase does not say what the column is.
ENOUGH = 0.5


class MappingIsInvalid(Refusal):
    """The mapping cannot be used with this table, or is not one."""

    sentence = N_("Cette correspondance des colonnes n’est pas valable.")
    status = 422

    def __init__(self, sentence: str | None = None, **values: object) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(**values)


@dataclass(frozen=True)
class Mapping:
    """``columns`` gives each header its field, or ``None`` when the column is left aside."""

    columns: dict[str, str | None]

    def __post_init__(self) -> None:
        """Refuse two columns for one field, and fields that do not exist."""
        seen: dict[str, str] = {}
        for header, name in self.columns.items():
            if name is None:
                continue
            if name not in FIELD_LABELS and not is_narrative(name):
                raise MappingIsInvalid(
                    N_("La colonne « %(header)s » est associée à « %(field)s », qui n’existe pas."),
                    header=header,
                    field=name,
                )
            if name in seen:
                raise MappingIsInvalid(
                    N_(
                        "Les colonnes « %(first)s » et « %(second)s » désignent la même information (%(label)s) : gardez-en une."
                    ),
                    first=seen[name],
                    second=header,
                    label=FIELD_LABELS.get(name, name),
                )
            seen[name] = header

    def header_of(self, name: str) -> str | None:
        """Return the header that holds the field ``name``, or ``None``."""
        return next((header for header, mapped in self.columns.items() if mapped == name), None)

    def cover(self, headers: Iterable[str]) -> "Mapping":
        """Return the mapping for a table with these ``headers``: columns it does not name are left aside.

        Raises ``MappingIsInvalid`` when a mapped column is absent from the table, or none holds the name.
        """
        present = list(headers)
        for header, name in self.columns.items():
            if name is not None and header not in present:
                raise MappingIsInvalid(
                    N_("La colonne « %(header)s » n’est pas dans ce fichier."), header=header
                )
        covered = Mapping({header: self.columns.get(header) for header in present})
        if covered.header_of("structure_name") is None:
            raise MappingIsInvalid(
                N_(
                    "Aucune colonne ne donne le nom de la structure : indiquez laquelle dans la correspondance des colonnes."
                )
            )
        return covered

    def to_json(self) -> str:
        """Write the mapping for a file a person can edit."""
        return json.dumps({"version": VERSION, "columns": self.columns}, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Mapping":
        """Read what ``to_json`` wrote. Raises ``MappingIsInvalid``."""
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            raise MappingIsInvalid(N_("Le fichier de correspondance n’est pas du JSON.")) from None
        if (
            not isinstance(content, dict)
            or content.get("version") != VERSION
            or not isinstance(content.get("columns"), dict)
        ):
            raise MappingIsInvalid(
                N_("Le fichier de correspondance doit contenir « version » (%(version)s) et « columns »."),
                version=VERSION,
            )
        for header, name in content["columns"].items():
            if name is not None and not isinstance(name, str):
                raise MappingIsInvalid(
                    N_("La colonne « %(header)s » est mal renseignée : un champ, ou null."), header=header
                )
        return cls(dict(content["columns"]))


@dataclass(frozen=True)
class Ambiguity:
    """Columns and fields between which the headers alone do not decide; none of the columns is mapped."""

    headers: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A mapping to be read over: what is mapped, what could be two things, what nothing was found for."""

    mapping: Mapping
    ambiguous: tuple[Ambiguity, ...] = ()
    unknown: tuple[str, ...] = ()
    left_aside: tuple[str, ...] = field(default=())


def is_narrative(name: str) -> bool:
    """Tell whether the field is an answer of the form, written ``narrative:<code>``."""
    return name.startswith(NARRATIVE_PREFIX) and len(name) > len(NARRATIVE_PREFIX)


def propose_mapping(headers: Iterable[str], narratives: MappingOf[str, str] | None = None) -> Proposal:
    """Propose the field of each header.

    ``narratives`` gives the label of each question of the form by its code. The best phrase wins a header, the
    best header wins a field; a draw is reported and mapped to nothing. Columns of the file of honours and our
    own field names are recognised as they are.
    """
    present = list(headers)
    columns: dict[str, str | None] = dict.fromkeys(present)
    readings: dict[str, tuple[float, tuple[str, ...]]] = {}
    left_aside: list[str] = []
    ambiguous: list[Ambiguity] = []
    for header in present:
        if header in HONOURS_COLUMNS and HONOURS_COLUMNS[header] is None:
            left_aside.append(header)
            continue
        score, names = _reading(header, narratives or {})
        if len(names) > 1:
            ambiguous.append(Ambiguity((header,), names))
        elif names:
            readings[header] = (score, names)
    for name in dict.fromkeys(names[0] for _, names in readings.values()):
        claims = [header for header, (_, names) in readings.items() if names[0] == name]
        best = max(readings[header][0] for header in claims)
        winners = [header for header in claims if readings[header][0] == best]
        left_aside.extend(header for header in claims if header not in winners)
        if len(winners) > 1:
            ambiguous.append(Ambiguity(tuple(winners), (name,)))
        else:
            columns[winners[0]] = name
    named = set(left_aside) | {header for each in ambiguous for header in each.headers}
    unknown = tuple(header for header in present if columns[header] is None and header not in named)
    return Proposal(Mapping(columns), tuple(ambiguous), unknown, tuple(h for h in present if h in left_aside))


def _reading(header: str, narratives: MappingOf[str, str]) -> tuple[float, tuple[str, ...]]:
    """Return the strength of the best reading of a header, and the fields that reach it."""
    literal = header.strip()
    if literal in HONOURS_COLUMNS or literal in FIELD_LABELS or is_narrative(literal):
        return 10.0, (HONOURS_COLUMNS.get(literal) or literal,)
    scores: dict[str, float] = {}
    if YES_OR_NO.search(sort_key(header)):
        return 0.0, ()
    variants = {_words(header), _words(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", header))} - {frozenset()}
    for code, label in narratives.items():
        if _words(label) in variants:
            scores[NARRATIVE_PREFIX + code] = 5.0
    for name, phrases in _phrases():
        for words in variants:
            best = max((_score(words, phrase) for phrase in phrases), default=0.0)
            scores[name] = max(best, scores.get(name, 0.0))
    top = max(scores.values(), default=0.0)
    if top <= 0:
        return 0.0, ()
    return top, tuple(name for name, score in scores.items() if score == top)


def _score(words: frozenset[str], phrase: frozenset[str]) -> float:
    """Return 2 for the very phrase, 1 for a weak one, its share of the header when it stands among few others, else 0."""
    if words == phrase:
        return 1.0 if len(phrase) == 1 and phrase <= WEAK_WORDS else 2.0
    if not phrase <= words:
        return 0.0
    share = len(phrase) / len(words)
    if share > ENOUGH:
        return share
    if phrase & TELLING_WORDS:
        return share / 2 + 0.1
    return 0.0


@cache
def _phrases() -> tuple[tuple[str, tuple[frozenset[str], ...]], ...]:
    return tuple(
        (name, tuple(_words(phrase) for phrase in (label, *phrases.split(","))))
        for name, label, phrases in FIELDS
    )


def _words(header: str) -> frozenset[str]:
    plain = re.sub(
        r"(?<=\w)[-·.](?=e?s?\b)",
        " ",
        sort_key(re.sub("[nN][°º]|№", "numero ", header)).replace("e-mail", "email"),
    )
    found = re.findall(r"[^\W_]+", plain)
    return frozenset(SAME_WORDS.get(word, word) for word in found if word not in SMALL_WORDS) - {""}
