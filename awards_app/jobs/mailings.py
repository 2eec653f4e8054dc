"""What a worker does with a text to many."""

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.services import mailings


@in_app_context
def spread(mailing_id: int) -> int:
    """Write to each person of one text; return how many messages are new."""
    return mailings.spread(mailing_id, now())
