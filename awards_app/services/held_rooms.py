"""A round held for writing: authorised, locked, and still in the phase that was authorised."""

from datetime import datetime

from awards_app.database import atomic
from awards_app.domain.deliberations import InterestConflict
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.phases import PHASE_LABELS, Phase, phase_at
from awards_app.domain.refusals import IsNotThePhase
from awards_app.models.editions import Round
from awards_app.queries.juries import JuryRoom, candidate_structures, open_room
from awards_app.services.rounds import lock_round

ASIDE = frozenset({Subject.RECUSED_JUROR, Subject.RECUSED_NATIONAL_JUROR})


def take_room(
    holder: Holder, round_key: str, permission: Permission, now: datetime
) -> tuple[JuryRoom, Round]:
    """Return the round as a jury, and its row held until the caller's transaction ends.

    Raises the matrix's refusal, or `IsNotThePhase` when another writer moved the round meanwhile.
    """
    with atomic():
        room = open_room(holder, round_key, permission, now)
        row = lock_round(room.round.id)
        phase = phase_at(Phase(row.phase), now, row.opens_at, row.closes_at)
        if phase is not room.round.phase:
            raise IsNotThePhase(phase=PHASE_LABELS[phase])
        return room, row


def check_no_conflict(holder: Holder, room: JuryRoom) -> None:
    """Raise `InterestConflict` for a member of a structure that is a candidate here, or a juror who stands aside."""
    everything = frozenset[Subject]().union(*room.subjects.values())
    if everything & ASIDE or (holder.memberships and candidate_structures(holder, room.round)):
        raise InterestConflict
