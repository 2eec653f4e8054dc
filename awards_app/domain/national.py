"""From region to nation: what a region sends up in a theme, how late it is, what a candidate may still add."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from awards_app.domain.phases import Phase
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

REASON_LIMIT = 1000
NOTE_LIMIT = 1500
# How much a candidate may add to one file: pieces, and notes.
PIECES, NOTES = 5, 3
PIECE_FORMATS = ("pdf", "jpg", "png")
PIECE_MIB = 10
# What files added at national level answer: no question of the form.
ADDITION = "national_addition"


class Absence(StrEnum):
    """Why a region sends nobody up in a theme; both are normal states."""

    NO_FINALIST = "no_finalist"
    NOT_TAKING_PART = "not_taking_part"


ABSENCE_LABELS: dict[str, str] = {
    Absence.NO_FINALIST.value: N_("sans finaliste"),
    Absence.NOT_TAKING_PART.value: N_("ne prend pas part"),
}


class EntryIsHeld(Refusal):
    """A theme whose file was sent up is not said to be without one."""

    sentence = N_(
        "Une candidature de cette thématique est retenue pour le jury national : remplacez-la ou retirez-la d’abord."
    )


class NothingIsLate(Refusal):
    """A region that is on time, or whose decision is confirmed, is not chased."""

    sentence = N_("Cette région n’est pas en retard : il n’y a rien à relancer.")


class ChasedToday(Refusal):
    """One letter a person and day."""

    sentence = N_("Cette région a déjà été relancée aujourd’hui.")


class NobodyToChase(Refusal):
    """The region has no coordinator."""

    sentence = N_("Personne ne coordonne cette région : donnez d’abord ce rôle à quelqu’un.")


class AdditionsAreClosed(Refusal):
    """The national jury reads, or the last instant for additions has passed."""

    sentence = N_("Les ajouts sont clos : le jury national lit les dossiers tels qu’ils sont.")


class TooManyAdditions(Refusal):
    """The number of pieces or of notes is reached."""

    sentence = N_("Le nombre d’ajouts est atteint : %(pieces)s fichiers et %(notes)s notes au plus.")


class NotAnEntry(Refusal):
    """The decision sends nobody up."""

    sentence = N_("Cette décision n’envoie pas de candidature au jury national.")


def late_days(phase: Phase, *, takes_part: bool, due_at: datetime | None, now: datetime, zone: str) -> int:
    """Return for how many days a region's decision is awaited, 0 when it is not late.

    A region is late once the instant it was expected at has passed and its decisions are not confirmed; the days are
    those of its own calendar, and the first is the day itself.
    """
    if not takes_part or phase >= Phase.DECIDED or due_at is None or now < due_at:
        return 0
    there = ZoneInfo(zone)
    return max(1, (now.astimezone(there).date() - due_at.astimezone(there).date()).days)


def additions_are_open(national_phase: Phase, closes_at: datetime | None, now: datetime) -> bool:
    """Say whether candidates may still add: before the national jury scores, and before the last instant if one is set."""
    return national_phase < Phase.SCORING and (closes_at is None or now < closes_at)


def entry_is_known(region_phase: Phase) -> bool:
    """Say whether a candidate may know that their file was sent up: once their region published, and not before."""
    return region_phase >= Phase.PUBLISHED
