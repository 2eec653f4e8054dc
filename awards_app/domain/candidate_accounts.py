"""The account that a jury gives each candidate: outcome and criteria in words, no mark, no rank, no juror's name.

Nothing of another file enters it, and a criterion is told in three bands only: see decision 0021.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.snapshot import sha256_of
from awards_app.domain.text import sort_key
from awards_app.domain.words import N_

# Under so many opinions, telling the band would be telling one person's mark.
FEWEST_OPINIONS = 3
BODY_LIMIT = 8000
NO_BREAK = "\u00a0"


class Band(StrEnum):
    """How a jury saw a file on one criterion, as coarsely as it is told."""

    STRONG = "strong"
    SOUND = "sound"
    EXPECTED = "expected"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion with the words of its levels from 0 up, and the levels that counted for this file."""

    name: str
    levels: tuple[str, ...]
    given: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who is told, by whom, and what was decided: the names of the distinctions, none for a file not distinguished."""

    structure: str
    title: str
    theme: str
    jury: str
    edition: str
    prizes: tuple[str, ...]


class AccountHasChanged(Refusal):
    """Somebody saved the account since the page was opened."""

    sentence = N_("Ce compte rendu a été modifié entre-temps. Relisez-le avant de l’approuver.")


class AccountIsInvalid(InputIsInvalid):
    """The text is empty, too long, or tells a mark or a rank."""


class NamesAreFound(InputIsInvalid):
    """The text holds what may be a juror's name or initials; ``names`` lists it. The chair confirms or edits."""

    sentence = N_(
        "Ce texte contient ce qui peut être le nom ou les initiales de membres du jury : %(names)s."
    )

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__({"body": self.sentence}, names=", ".join(names))


def band_of(given: Iterable[int | None], top: int) -> Band:
    """Return the band of the median level, between 0 and ``top``: at least three quarters, at least half, or less."""
    levels = sorted(level for level in given if level is not None)
    if len(levels) < FEWEST_OPINIONS:
        return Band.UNTOLD
    # Twice the median: a whole number.
    twice = levels[(len(levels) - 1) // 2] + levels[len(levels) // 2]
    if 2 * twice >= 3 * top:
        return Band.STRONG
    return Band.SOUND if twice >= top else Band.EXPECTED


def draft(outcome: Outcome, criteria: Sequence[Criterion]) -> str:
    """Return the text that the machine proposes to the jury."""
    return "\n\n".join([*_opening(outcome), *(_told(criterion) for criterion in criteria)])


def _opening(outcome: Outcome) -> list[str]:
    what = (
        f"Le {outcome.jury} a examiné l’initiative de {outcome.structure}, {_quoted(outcome.title)}, "
        f"dans la thématique {outcome.theme} ({outcome.edition})."
    )
    if outcome.prizes:
        decided = f"Résultat{NO_BREAK}: {', '.join(outcome.prizes)}."
    else:
        decided = (
            f"Résultat{NO_BREAK}: elle ne fait pas partie des initiatives que le jury distingue cette année."
        )
    return [what, decided, f"Voici ce que le jury a retenu du dossier, critère par critère{NO_BREAK}:"]


def _told(criterion: Criterion) -> str:
    top = len(criterion.levels) - 1
    strong, sound = -(-3 * top // 4), -(-top // 2)
    # A band is told by the words of one level, whichever of its levels the median is.
    sentence = {
        Band.STRONG: f"c’est un point fort. Le jury a lu dans votre dossier{NO_BREAK}: {_words(criterion, strong)}",
        Band.SOUND: (
            f"le dossier a convaincu en partie. Le jury y a lu{NO_BREAK}: {_words(criterion, sound)} "
            f"Pour aller plus loin{NO_BREAK}: {_words(criterion, strong)}"
        ),
        Band.EXPECTED: (
            "le jury attendait davantage d’éléments. "
            f"Une prochaine candidature gagnerait à montrer ceci{NO_BREAK}: {_words(criterion, strong)}"
        ),
        Band.UNTOLD: "trop peu de membres du jury ont pu se prononcer pour qu’il en soit rendu compte.",
    }[band_of(criterion.given, top)]
    return f"{criterion.name}{NO_BREAK}: {sentence}"


def _quoted(text: str) -> str:
    return f"«{NO_BREAK}{text}{NO_BREAK}»"


def _words(criterion: Criterion, level: int) -> str:
    return _quoted(criterion.levels[level].rstrip(". ")) + "."


def basis_of(decisions: Iterable[str], snapshot_sha256: str) -> str:
    """Return what an account tells of: the keys of the decisions about the file, and the locked marks."""
    return sha256_of({"decisions": sorted(decisions), "snapshot": snapshot_sha256})


_MARK = re.compile(
    r"\b\d+(?:[.,]\d+)?\s*(?:/|sur)\s*(?:4|5|10|20|100)\b"
    r"|\b(?:notes?|notée?s?|moyenne|score)\s*(?:finale)?\s*(?:de|est|:)?\s*(?:de\s*)?\d+(?:[.,]\d+)?(?!\d)"
    r"|\b(?:classée?s?|rang|position)\s*(?:n°\s*)?\d{1,2}(?!\d)"
    r"|\b\d+\s?(?:er|re|ère|e|ème|nd|nde)\s*(?:place|rang|position|du classement|au classement|ex)",
    re.IGNORECASE,
)


def marks_told(text: str) -> list[str]:
    """Return what in a text reads as a mark or a rank, in the order of the text."""
    return list(dict.fromkeys(found[0] for found in _MARK.finditer(text.replace(NO_BREAK, " "))))


# Words of names that are also words of every day: alone, they name nobody.
_PARTICLES = frozenset({"de", "du", "des", "la", "le", "les", "d", "l", "el", "ben", "van", "von", "et"})
_PART = re.compile(r"[^\W\d_]+", re.UNICODE)
_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.[\s\u00a0-]?){1,3}[^\W\d_]\.?(?!\w)")
_CAPITALS = re.compile(r"(?<![\w.])[^\W\d_a-zà-ÿ]{2,4}(?![\w])")
_SPACED = re.compile(r"(?<![\w.])[^\W\d_a-zà-ÿ](?:[\s-][^\W\d_a-zà-ÿ]){1,3}(?![\w.])")
# A letter and a short name make words of every day: « P. Rix » would be found in each « prix ».
_LONG_NAME = 5


def jurors_named(text: str, jurors: Iterable[str]) -> list[str]:
    """Return what in ``text`` may be the name or the initials of one of ``jurors``, as it is written there, in order.

    A family name, a given name or both, whatever the case and the accents, in one word or several (« Le Goff »,
    « Legoff », « jdupont »); initials with dots (« J.-M. D. »), spaces or in capitals (« JMD »), in either order. Signs
    that are not seen part no name. Too much is found rather than too little: a person looks at it.
    """
    text = "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) != "Cf")
    parts = {tuple(sort_key(part) for part in _PART.findall(name)) for name in jurors}
    words = {written for name in parts for written in _spellings(name)}
    initials = {found for name in parts for found in _initials(name)}
    found: list[tuple[int, str]] = [
        (match.start(), match[0]) for match in _PART.finditer(text) if sort_key(match[0]) in words
    ]
    for pattern in (_DOTTED, _CAPITALS, _SPACED):
        for match in pattern.finditer(text):
            found += [(match.start(), written) for written in _written(match[0], initials)]
    return list(dict.fromkeys(word for _place, word in sorted(found)))


def _written(text: str, initials: set[str]) -> list[str]:
    """Return the longest beginning of a run of letters that makes known initials: what follows may be a word."""
    places = [place for place, sign in enumerate(text) if sign.isalpha()]
    for count in range(len(places), 1, -1):
        if "".join(sort_key(text[place]) for place in places[:count]) in initials:
            end = places[count] if count < len(places) else len(text)
            return [text[:end].strip(" -\u00a0")]
    return []


def _initials(parts: Sequence[str]) -> set[str]:
    kept = "".join(part[0] for part in parts if part not in _PARTICLES)
    every = "".join(part[0] for part in parts)
    pairs = {form for other in every[1:] for form in (every[0] + other, other + every[0])}
    return {form for form in (kept, kept[-1:] + kept[:-1], every, *pairs) if len(form) > 1}


def _spellings(parts: Sequence[str]) -> set[str]:
    """Return each part of a name, its neighbours in one word, and what an address makes of it (« jdupont »)."""
    alone = {part for part in parts if len(part) > 1 and part not in _PARTICLES}
    together = {
        "".join(run)
        for start in range(len(parts))
        for run in (parts[start:end] for end in range(start + 2, len(parts) + 1))
        if not _PARTICLES.issuperset(run)
    }
    families = (("".join(parts[start:]), parts[:start]) for start in range(1, len(parts)))
    return alone | together | {given[0][0] + name for name, given in families if len(name) >= _LONG_NAME}


def check_account(
    body: str, shared: Sequence[str], jurors: Iterable[str], confirmed: Iterable[str] | None = None
) -> list[str]:
    """Return the names found that ``confirmed`` covers, or raise.

    Raises `AccountIsInvalid` for a text that is empty, too long or tells a mark or rank, which nobody may confirm, and
    `NamesAreFound` for names that were not shown to the chair and confirmed.
    """
    if not body.strip():
        raise AccountIsInvalid({"body": N_("Écrivez le compte rendu, ou reprenez le texte proposé.")})
    if len(body) > BODY_LIMIT:
        raise AccountIsInvalid({"body": N_("Ce compte rendu est trop long : 8 000 signes au plus.")})
    whole = "\n".join([body, *shared])
    told = marks_told(whole)
    if told:
        sentence = N_("Un compte rendu ne dit ni note ni rang. À retirer : %(found)s.")
        raise AccountIsInvalid({"body": sentence}, found=", ".join(told))
    names = jurors_named(whole, jurors)
    unknown = [name for name in names if name not in set(confirmed or ())]
    if unknown:
        raise NamesAreFound(names)
    return names


def shared_texts(shared: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the words of the shared comments in the order of the alphabet: it says nothing of who wrote which."""
    return sorted(one["text"] for one in shared)
