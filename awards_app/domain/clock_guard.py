"""The guard of the clock: a machine's clock that jumps is doubted, and time goes on from what is sure.

A beat ties an hour of the clock to a counter that nothing sets (the machine's time since it started). As long as both
advance together the clock is believed; when they part, the hour that counts is the beat's plus what the counter measured.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Above what a network clock corrects while it runs, far below what closes a call by mistake.
TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Beat:
    """An hour of the clock (``wall``, UTC) and the seconds (``elapsed``) that the machine ``boot`` had run then."""

    boot: str
    wall: datetime
    elapsed: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """The clock parted from the counter by ``jump`` some time after ``since``, the last beat."""

    jump: timedelta
    since: datetime


def doubt_of(beat: Beat | None, boot: str, elapsed: float, wall: datetime) -> Doubt | None:
    """Return by how much the clock jumped since ``beat``, None when it is to be believed.

    A machine that restarted since has lost the counter: its clock is believed.
    """
    if beat is None or beat.boot != boot or elapsed < beat.elapsed:
        return None
    parted = wall - steady(beat, elapsed)
    return Doubt(parted, beat.wall) if abs(parted) > TOLERANCE else None


def steady(beat: Beat, elapsed: float) -> datetime:
    """Return the hour that the counter alone gives."""
    return beat.wall + timedelta(seconds=elapsed - beat.elapsed)
