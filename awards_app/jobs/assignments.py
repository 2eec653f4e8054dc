"""What a worker does with who reads what."""

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.services import assignment_plans


@in_app_context
def work_out(plan_id: int) -> None:
    """Work out one plan that waits."""
    assignment_plans.work_out(plan_id, now())
