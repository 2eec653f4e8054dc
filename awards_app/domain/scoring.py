"""The scoresheet: what a mark may be, when a sheet is complete, and in which of five states a juror finds a file."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from awards_app.domain.grid import LEVEL_LIMIT
from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.words import N_

REASON_LIMIT = 600
NOTE_LIMIT = 4000
CANNOT_JUDGE = "none"
MINUTES_A_FILE = 25
_LEVEL = re.compile(r"[0-9]{1,3}", re.ASCII)


class SheetState(StrEnum):
    """Where a file stands for one juror."""

    TO_READ = "to_read"
    LATER = "later"
    DRAFT = "draft"
    DONE = "done"
    RECUSED = "recused"


SHEET_STATE_LABELS: dict[SheetState, str] = {
    SheetState.TO_READ: N_("À lire"),
    SheetState.LATER: N_("Plus tard"),
    SheetState.DRAFT: N_("Brouillon"),
    SheetState.DONE: N_("Noté"),
    SheetState.RECUSED: N_("Déporté"),
}


class LevelIsInvalid(InputIsInvalid):
    """What was sent is no level of the scale."""

    sentence = N_("Choisissez un des niveaux proposés, ou « Je ne peux pas juger ».")


class ReasonIsTooLong(InputIsInvalid):
    """A line of reason, a note or a comment is longer than its limit."""

    sentence = N_("Ce texte compte plus de %(limit)s signes.")


class ScoringIsLocked(Refusal):
    """The round was locked: no mark changes any more."""

    sentence = N_(
        "Le jury est verrouillé : cette fiche ne peut plus changer. Votre saisie vous est rendue ci-dessous."
    )


class SheetIsFinal(Refusal):
    """The juror declared the sheet final; the chair may reopen it with a reason."""

    sentence = N_("Vous avez rendu cette fiche définitive. La présidence du jury peut la rouvrir.")


class SeatHasFinished(Refusal):
    """The juror said « J’ai terminé », which they may take back until the lock."""

    sentence = N_("Vous avez indiqué avoir terminé. Reprenez la notation pour changer une note.")


class SheetIsNotOpen(Refusal):
    """The charter is accepted and the absence of ties declared before a file opens."""

    sentence = N_("Déclarez d’abord si un lien vous unit à cette structure : le dossier s’ouvrira ensuite.")


class SheetIsIncomplete(Refusal):
    """A sheet is made final when each criterion is answered, and each extreme level has its reason."""

    sentence = N_("Il reste %(count)s critères à compléter avant de rendre la fiche définitive.")


class FilesAreLeftOpen(Refusal):
    """« Terminé » is said when no file is left open."""

    sentence = N_("Il reste %(count)s dossiers à noter avant d’indiquer que vous avez terminé.")


@dataclass(frozen=True, slots=True)
class MarkInput:
    """What a juror gives on one criterion. A ``reason`` of None leaves the stored one; neither level nor
    ``cannot_judge`` leaves the stored answer. ``version`` is the one they saw (0: none yet), None not to compare.
    """

    level: int | None = None
    cannot_judge: bool = False
    reason: str | None = None
    version: int | None = None

    @property
    def has_answer(self) -> bool:
        """Say whether the criterion itself is answered."""
        return self.level is not None or self.cannot_judge


@dataclass(frozen=True, slots=True)
class StoredMark:
    """A mark as it is kept; version 0 is a criterion without any mark."""

    level: int | None = None
    cannot_judge: bool = False
    reason: str = ""
    version: int = 0

    @property
    def is_answered(self) -> bool:
        """Say whether a level was chosen, or « je ne peux pas juger »."""
        return self.level is not None or self.cannot_judge

    @property
    def value(self) -> str:
        """Return what the form's field holds: « 0 » to the top, « none », or nothing."""
        return CANNOT_JUDGE if self.cannot_judge else "" if self.level is None else str(self.level)


@dataclass(frozen=True, slots=True)
class Difference:
    """What one field held for the writer and what is kept now."""

    yours: str
    theirs: str
    version: str


class SheetWasChanged(Refusal):
    """The sheet was changed elsewhere since it was read; ``differences`` holds both texts of each field."""

    sentence = N_("Cette fiche a été modifiée entre-temps. Rien n’est perdu : comparez les deux textes.")

    def __init__(self, differences: Mapping[str, Difference] | None = None) -> None:
        super().__init__()
        self.differences = dict(differences or {})


@dataclass(frozen=True, slots=True)
class SheetDetail:
    """What is missing from a sheet before it can be final, by criterion."""

    unanswered: tuple[str, ...] = field(default=())
    without_reason: tuple[str, ...] = field(default=())

    @property
    def is_complete(self) -> bool:
        """Say whether nothing is missing."""
        return not self.unanswered and not self.without_reason


def parse_level(value: object, top_level: int = LEVEL_LIMIT) -> MarkInput:
    """Return the answer that a field holds: a level « 0 » to ``top_level``, or « none ».

    Raises `LevelIsInvalid` for anything else: a sign, a decimal, a text, nothing, a value outside of the scale.
    """
    if value == CANNOT_JUDGE:
        return MarkInput(cannot_judge=True)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise LevelIsInvalid
    text = value if isinstance(value, str) else str(value) if abs(value) < 1000 else ""
    if not _LEVEL.fullmatch(text) or int(text) > top_level:
        raise LevelIsInvalid
    return MarkInput(level=int(text))


def check_level(mark: MarkInput, top_level: int) -> None:
    """Raise `LevelIsInvalid` unless the level is an integer of the scale, or none."""
    level = mark.level
    if level is None:
        return
    if type(level) is not int or not 0 <= level <= top_level or mark.cannot_judge:
        raise LevelIsInvalid


def detail_of(marks: Mapping[str, StoredMark], top_level: int) -> SheetDetail:
    """Return what is missing from a sheet; ``marks`` has one entry a criterion, in the order of the grid."""
    return SheetDetail(
        unanswered=tuple(code for code, mark in marks.items() if not mark.is_answered),
        without_reason=tuple(
            code
            for code, mark in marks.items()
            if mark.level in (0, top_level) and mark.level is not None and not mark.reason.strip()
        ),
    )


def state_of_sheet(
    *, is_later: bool, marks: int, answered: int, unexplained: int, criteria: int
) -> SheetState:
    """Return the state of a file from the counts of its sheet.

    ``marks`` rows kept, ``answered`` of them, ``unexplained`` extremes without a reason, out of ``criteria``.
    """
    if criteria and answered >= criteria and not unexplained:
        return SheetState.DONE
    if is_later:
        return SheetState.LATER
    return SheetState.DRAFT if marks else SheetState.TO_READ


def text_token(text: str) -> str:
    """Return a short name of a text, to tell whether it changed since it was read."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def shuffled(keys: Iterable[str], seed: str) -> list[str]:
    """Return ``keys`` in the juror's own order: random from one seed to the next, the same each time for one."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}/{key}".encode()).digest())


def time_left(files: int) -> int:
    """Return the minutes that ``files`` still ask, to the nearest ten minutes."""
    return -(-files * MINUTES_A_FILE // 10) * 10
