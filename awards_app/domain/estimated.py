"""What the marks of a theme were found to say: estimates, chances, agreement, as plain values.

Nothing here calculates: the pages read these without loading what works them out (`estimates`, `agreement`,
`jury_advice`, brought together by `advice_work`). `as_data` and `from_data` write them as JSON, to the last digit.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from awards_app.domain.words import N_

Key = str

NOTHING = "nothing"
ONE_FILE = "one_file"
ONE_JUROR = "one_juror"
NO_SHARED_FILE = "no_shared_file"
ALL_EQUAL = "all_equal"
REASONS = {
    NOTHING: N_("Aucune fiche ne compte dans cette thématique : il n’y a rien à estimer."),
    ONE_FILE: N_("Un seul dossier est noté : il n’y a pas de comparaison à éclairer."),
    ONE_JUROR: N_(
        "Une seule personne a noté : rien ne permet de séparer sa sévérité de la qualité des dossiers."
    ),
    NO_SHARED_FILE: N_(
        "Aucun dossier n’a été noté par deux personnes : rien ne permet de séparer la sévérité de chacun de la qualité des dossiers."
    ),
    ALL_EQUAL: N_("Toutes les notes sont égales : elles ne départagent aucun dossier."),
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """A coefficient with its 95 % interval: 1 is perfect, 0 what chance gives."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Spreads:
    """The most likely standard deviations: of files, of jurors, of chance."""

    files: float
    jurors: float
    noise: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A file: what the whole jury would give it, in hundredths of a level, with a 95 % interval and two chances.

    ``first`` is the probability that no file is better, ``among`` that it is one of the first places.
    """

    file: Key
    readers: int
    value: float
    low: float
    high: float
    first: float
    among: float


@dataclass(frozen=True, slots=True)
class Severity:
    """How far a juror's marks stand above (more) or under (less) the jury's, in hundredths of a level."""

    juror: Key
    sheets: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimates:
    """All that the marks of one theme say; ``reason`` (a key of `REASONS`) where they say nothing.

    ``groups`` are the sets of jurors linked by shared files: more than one means that severities compare only inside
    each. ``places`` is how many files ``among`` speaks of. ``alone`` and ``together`` are the intraclass correlations of
    one juror's mark and of the mean of as many readings as a file has on average: ICC(2,1) and ICC(2,k) of Shrout and
    Fleiss, from the model, so that they hold where not everybody read everything.
    """

    files: tuple[Estimate, ...]
    jurors: tuple[Severity, ...]
    spreads: Spreads | None
    groups: tuple[tuple[Key, ...], ...]
    places: int
    reason: str | None = None
    alone: Agreement | None = None
    together: Agreement | None = None


class Lead(StrEnum):
    """Whether the marks tell who is first."""

    CLEAR = "clear"
    LIKELY = "likely"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Contest:
    """Who may be first and who may have a place, most likely first.

    ``rivals`` is the smallest set that holds the first file with 95 % of chance. ``safe`` have a place with 95 % of
    chance, ``disputed`` may have one or not. ``few`` are the files under four readings.
    """

    lead: Lead
    rivals: tuple[Key, ...]
    safe: tuple[Key, ...]
    disputed: tuple[Key, ...]
    few: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How the jury disagrees on one criterion.

    ``alpha`` is Krippendorff's, ordinal; None where everybody gave the same level everywhere. ``gap`` is the mean gap
    between two persons on one file, in levels. ``widest`` is the file where it is widest.
    """

    criterion: str
    alpha: Agreement | None
    gap: float
    widest: Key | None
    files: int


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """All that the marks of one theme say, to whomever: held back from who may not have it by who shows it.

    ``alone`` and ``together`` are the intraclass correlations of one mark and of the mean, exact where everybody read
    everything (``is_complete``). ``gaps`` are the disagreements by the fewest readings that they count.
    """

    estimates: Estimates
    contest: Contest | None
    is_complete: bool
    alone: Agreement | None
    together: Agreement | None
    gaps: Mapping[int, tuple[Disagreement, ...]]


def as_data(found: WorkedOut) -> dict[str, Any]:
    """Return what JSON can write."""
    return asdict(found)


def from_data(data: Mapping[str, Any]) -> WorkedOut:
    """Return what `as_data` gave, read again from JSON."""
    estimates, contest = data["estimates"], data["contest"]
    return WorkedOut(
        estimates=Estimates(
            files=tuple(Estimate(**line) for line in estimates["files"]),
            jurors=tuple(Severity(**line) for line in estimates["jurors"]),
            spreads=None if estimates["spreads"] is None else Spreads(**estimates["spreads"]),
            groups=tuple(tuple(group) for group in estimates["groups"]),
            places=estimates["places"],
            reason=estimates["reason"],
            alone=_agreement(estimates["alone"]),
            together=_agreement(estimates["together"]),
        ),
        contest=None
        if contest is None
        else Contest(
            Lead(contest["lead"]),
            *(tuple(contest[name]) for name in ("rivals", "safe", "disputed", "few")),
        ),
        is_complete=data["is_complete"],
        alone=_agreement(data["alone"]),
        together=_agreement(data["together"]),
        gaps={
            int(fewest): tuple(Disagreement(**{**line, "alpha": _agreement(line["alpha"])}) for line in lines)
            for fewest, lines in data["gaps"].items()
        },
    )


def _agreement(data: Mapping[str, float] | None) -> Agreement | None:
    return None if data is None else Agreement(**data)
