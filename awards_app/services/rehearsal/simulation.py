"""What simulated jurors think: levels drawn from a seed, whole numbers throughout. No table, no clock."""

from collections.abc import Sequence
from random import Random

from awards_app.domain.scoring import MarkInput

REASON = "Note simulée pour une répétition."


def quality_of(seed: str, name: str) -> int:
    """Return how good a file is thought to be, 0 to 100; the same name under the same seed is always the same."""
    rng = Random(f"quality:{seed}:{name}")
    return sum(rng.randint(20, 100) for _draw in range(3)) // 3


def severity_of(seed: str, juror: str) -> int:
    """Return by how much a juror marks higher or lower than the others, in hundredths of the scale."""
    return Random(f"severity:{seed}:{juror}").randint(-9, 9)


def levels(
    seed: str, juror: str, file: str, quality: int, criteria: Sequence[str], top_level: int
) -> dict[str, int]:
    """Return the level that a juror gives a file on each criterion, from 0 to ``top_level``."""
    rng = Random(f"levels:{seed}:{juror}:{file}")
    severity = severity_of(seed, juror)
    found = {}
    for criterion in criteria:
        thought = min(99, max(0, quality + severity + rng.randint(-20, 20)))
        found[criterion] = thought * (top_level + 1) // 100
    return found


def as_marks(given: dict[str, int], top_level: int) -> dict[str, MarkInput]:
    """Return levels as a juror saves them; the lowest and the highest come with their reason."""
    return {
        code: MarkInput(level=level, reason=REASON if level in (0, top_level) else "")
        for code, level in given.items()
    }
