"""What waits for the people who coordinate: the counts of a round and the step that is due."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from awards_app.domain.phases import Phase


class Waiting(StrEnum):
    """What may wait for a person of a chamber or of the national staff."""

    UNDECIDED = "undecided"
    ANSWERED_COMPLETIONS = "answered_completions"
    THREADS = "threads"
    TRANSFERS_IN = "transfers_in"
    TRANSFERS_OUT = "transfers_out"
    UNSURE_INTERESTS = "unsure_interests"
    ABSENT_JURORS = "absent_jurors"
    SILENT_JURORS = "silent_jurors"
    THIN_FILES = "thin_files"
    HELD_MESSAGES = "held_messages"
    FAILED_MESSAGES = "failed_messages"
    FAILED_CERTIFICATES = "failed_certificates"


class Step(StrEnum):
    """The step a round waits for."""

    COMPOSE_JURY = "compose_jury"
    OPEN_SCORING = "open_scoring"
    CLOSE_SCORING = "close_scoring"
    CONFIRM_DECISIONS = "confirm_decisions"
    ARM_PUBLICATION = "arm_publication"
    ORDER_CERTIFICATES = "order_certificates"


@dataclass(frozen=True, slots=True)
class RoundCounts:
    """Counts of one round; each is 0 where nothing is known or the reader may not know."""

    drafts: int = 0
    submitted: int = 0
    undecided: int = 0
    admissible: int = 0
    seats: int = 0
    absent_jurors: int = 0
    silent_jurors: int = 0
    finished_jurors: int = 0
    thin_files: int = 0
    unsure_interests: int = 0
    held_messages: int = 0
    failed_messages: int = 0
    failed_certificates: int = 0
    certificates: int = 0
    proposals: int = 0
    entries: int = 0
    answered_completions: int = 0
    threads: int = 0
    transfers_in: int = 0
    transfers_out: int = 0

    @property
    def files(self) -> int:
        """Return how many candidacies the jury judges: those admitted, or the national jury's entries."""
        return self.admissible + self.entries


def due_step(
    phase: Phase,
    counts: RoundCounts,
    now: datetime,
    *,
    scoring_closes_at: datetime | None,
    armed: bool,
) -> Step | None:
    """Return the step that waits for a person, None when the clock or the jury has the next word."""
    if phase is Phase.ADMISSIBILITY:
        if not counts.seats:
            return Step.COMPOSE_JURY if counts.submitted or counts.entries else None
        return Step.OPEN_SCORING if counts.files and not counts.undecided else None
    if phase is Phase.SCORING:
        late = scoring_closes_at is not None and now >= scoring_closes_at
        return Step.CLOSE_SCORING if late else None
    if phase is Phase.DELIBERATION:
        return Step.CONFIRM_DECISIONS if counts.proposals else None
    if phase is Phase.DECIDED:
        return None if armed else Step.ARM_PUBLICATION
    if phase is Phase.PUBLISHED and not counts.certificates:
        return Step.ORDER_CERTIFICATES
    return None


def waiting_of(phase: Phase, counts: RoundCounts) -> tuple[tuple[Waiting, int], ...]:
    """Return what waits in the round with how many of each, in the order in which to take it."""
    scores = phase is Phase.SCORING
    admits = phase is Phase.ADMISSIBILITY
    before_lock = scores or admits
    found = (
        (Waiting.UNDECIDED, counts.undecided if admits else 0),
        (Waiting.ANSWERED_COMPLETIONS, counts.answered_completions if admits else 0),
        (Waiting.THREADS, counts.threads if admits else 0),
        (Waiting.TRANSFERS_IN, counts.transfers_in if phase <= Phase.ADMISSIBILITY else 0),
        (Waiting.TRANSFERS_OUT, counts.transfers_out if phase <= Phase.ADMISSIBILITY else 0),
        (Waiting.UNSURE_INTERESTS, counts.unsure_interests),
        (Waiting.ABSENT_JURORS, counts.absent_jurors if before_lock else 0),
        (Waiting.SILENT_JURORS, counts.silent_jurors if scores else 0),
        (Waiting.THIN_FILES, counts.thin_files if counts.seats and before_lock else 0),
        (Waiting.HELD_MESSAGES, counts.held_messages),
        (Waiting.FAILED_MESSAGES, counts.failed_messages),
        (Waiting.FAILED_CERTIFICATES, counts.failed_certificates),
    )
    return tuple((kind, number) for kind, number in found if number)
