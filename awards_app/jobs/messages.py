"""What a worker does with the outbox."""

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.services import deliveries


@in_app_context
def deliver(message_id: int) -> None:
    """Send one message."""
    deliveries.deliver(message_id, now())
