"""What a worker does with locked marks."""

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.services import advice


@in_app_context
def work_out(snapshot_id: int) -> None:
    """Work out and keep what the marks of a snapshot say."""
    advice.work_out(snapshot_id, now())
