"""The phases of a round and the only moves between them.

A round is one region's turn in an edition, or the national one. Its phase is stored; two moves are made by the
clock alone (the call opens, the call closes), so the phase that counts at an instant is `phase_at`.
"""

from datetime import datetime
from enum import StrEnum

from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_


class Phase(StrEnum):
    """P0 to P7 of the promises; the national round lives the same ones."""

    PREPARATION = "P0"
    FILING = "P1"
    ADMISSIBILITY = "P2"
    SCORING = "P3"
    DELIBERATION = "P4"
    DECIDED = "P5"
    PUBLISHED = "P6"
    ARCHIVED = "P7"


PHASE_LABELS: dict[Phase, str] = {
    Phase.PREPARATION: N_("préparation"),
    Phase.FILING: N_("dépôt des candidatures"),
    Phase.ADMISSIBILITY: N_("recevabilité"),
    Phase.SCORING: N_("notation en cours"),
    Phase.DELIBERATION: N_("délibération"),
    Phase.DECIDED: N_("décidé, sous embargo"),
    Phase.PUBLISHED: N_("publié"),
    Phase.ARCHIVED: N_("archivé"),
}
# The national round has no call: its second phase is when it receives the regional entries.
NATIONAL_LABELS: dict[Phase, str] = {Phase.ADMISSIBILITY: N_("réception des dossiers régionaux")}


def phase_label(phase: Phase, *, is_national: bool = False) -> str:
    """Return the French name of a phase, in a region or of the national round."""
    return NATIONAL_LABELS.get(phase, PHASE_LABELS[phase]) if is_national else PHASE_LABELS[phase]


# from, act, to. One step at a time; backwards only to unlock (RND-2) or to annul a decision (DEC-4).
MOVES: frozenset[tuple[Phase, str, Phase]] = frozenset(
    {
        (Phase.PREPARATION, "open_call", Phase.FILING),
        (Phase.FILING, "close_call", Phase.ADMISSIBILITY),
        # A deadline extended just after it passed reopens the call (SET-2, D12).
        (Phase.ADMISSIBILITY, "extend_deadline", Phase.FILING),
        (Phase.ADMISSIBILITY, "open_scoring", Phase.SCORING),
        (Phase.SCORING, "lock_scoring", Phase.DELIBERATION),
        (Phase.DELIBERATION, "unlock_scoring", Phase.SCORING),
        (Phase.DELIBERATION, "confirm_decision", Phase.DECIDED),
        (Phase.DECIDED, "annul_decision", Phase.DELIBERATION),
        (Phase.DECIDED, "unlock_scoring", Phase.SCORING),
        (Phase.DECIDED, "publish_honours", Phase.PUBLISHED),
        (Phase.PUBLISHED, "archive_round", Phase.ARCHIVED),
    }
)


class MoveIsNotAllowed(Refusal):
    """The round cannot go from its phase by this act."""

    sentence = N_("Ce passage n’est pas possible depuis la phase « %(phase)s ».")


def next_phase(phase: Phase, act: str) -> Phase:
    """Return the phase that ``act`` leads to from ``phase``; raise `MoveIsNotAllowed` if there is none."""
    for origin, name, target in MOVES:
        if origin is phase and name == act:
            return target
    raise MoveIsNotAllowed(phase=PHASE_LABELS[phase])


def phase_at(stored: Phase, now: datetime, opens_at: datetime | None, closes_at: datetime | None) -> Phase:
    """Return the phase that counts at ``now``: the clock opens and closes the call by itself.

    ``closes_at`` is the first instant at which the call is closed (a deadline shown « 23:59 » closes at the end of
    that minute). The stored phase catches up at the next sweep; no decision waits for it.
    """
    phase = stored
    if phase is Phase.PREPARATION and opens_at is not None and now >= opens_at:
        phase = Phase.FILING
    if phase is Phase.FILING and closes_at is not None and now >= closes_at:
        phase = Phase.ADMISSIBILITY
    return phase
