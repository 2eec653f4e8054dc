"""What a worker does with minutes."""

from awards_app.adapters.queue import in_app_context
from awards_app.services import minutes


@in_app_context
def render(minutes_id: int) -> None:
    """Print frozen minutes."""
    minutes.render_minutes(minutes_id)
