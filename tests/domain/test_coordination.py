"""What waits for a chamber, and the step that is due."""

from datetime import UTC, datetime, timedelta

import pytest

from awards_app.domain.coordination import RoundCounts, Step, Waiting, due_step, waiting_of
from awards_app.domain.phases import Phase

NOW = datetime(2027, 9, 1, 9, 0, tzinfo=UTC)
FULL = RoundCounts(submitted=10, undecided=0, admissible=8, seats=4)


@pytest.mark.parametrize(
    ("phase", "counts", "step"),
    [
        (Phase.FILING, FULL, None),
        (Phase.ADMISSIBILITY, RoundCounts(submitted=3, undecided=3), Step.COMPOSE_JURY),
        (Phase.ADMISSIBILITY, RoundCounts(submitted=3, undecided=1, admissible=2, seats=4), None),
        (Phase.ADMISSIBILITY, FULL, Step.OPEN_SCORING),
        (Phase.ADMISSIBILITY, RoundCounts(entries=4, seats=3), Step.OPEN_SCORING),
        (Phase.ADMISSIBILITY, RoundCounts(), None),
        (Phase.SCORING, FULL, Step.CLOSE_SCORING),
        (Phase.DELIBERATION, FULL, None),
        (Phase.DELIBERATION, RoundCounts(proposals=2), Step.CONFIRM_DECISIONS),
        (Phase.DECIDED, FULL, Step.ARM_PUBLICATION),
        (Phase.PUBLISHED, FULL, Step.ORDER_CERTIFICATES),
        (Phase.PUBLISHED, RoundCounts(certificates=1), None),
        (Phase.ARCHIVED, FULL, None),
    ],
)
def test_the_step_that_is_due(phase: Phase, counts: RoundCounts, step: Step | None) -> None:
    assert due_step(phase, counts, NOW, scoring_closes_at=NOW, armed=False) is step


def test_nothing_is_due_before_its_hour_nor_once_armed() -> None:
    later = NOW + timedelta(minutes=1)
    assert due_step(Phase.SCORING, FULL, NOW, scoring_closes_at=later, armed=False) is None
    assert due_step(Phase.DECIDED, FULL, NOW, scoring_closes_at=None, armed=True) is None


def test_what_waits_is_of_the_phase() -> None:
    counts = RoundCounts(
        undecided=2, seats=3, silent_jurors=1, thin_files=5, held_messages=4, absent_jurors=1
    )
    assert waiting_of(Phase.ADMISSIBILITY, counts) == (
        (Waiting.UNDECIDED, 2),
        (Waiting.ABSENT_JURORS, 1),
        (Waiting.THIN_FILES, 5),
        (Waiting.HELD_MESSAGES, 4),
    )
    assert waiting_of(Phase.SCORING, counts) == (
        (Waiting.ABSENT_JURORS, 1),
        (Waiting.SILENT_JURORS, 1),
        (Waiting.THIN_FILES, 5),
        (Waiting.HELD_MESSAGES, 4),
    )
    assert waiting_of(Phase.DELIBERATION, counts) == ((Waiting.HELD_MESSAGES, 4),)
