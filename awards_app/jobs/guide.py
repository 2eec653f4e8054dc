"""What a worker does with the guide of a year."""

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.services import guides


@in_app_context
def make(year: int) -> None:
    """Make the guide of a year, if it waits."""
    guides.make_guide(year, now())


@in_app_context
def make_waiting() -> int:
    """Make every guide that waits, for an instance without a queue."""
    return guides.make_waiting(now())
