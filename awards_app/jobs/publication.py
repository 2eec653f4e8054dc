"""What a worker does at the instant of an embargo."""

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.services import honours


@in_app_context
def publish_due() -> None:
    """Publish what is armed and due."""
    honours.publish_due(now())
