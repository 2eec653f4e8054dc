"""What a worker does with the links that people ask for by mail."""

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.services import link_requests


@in_app_context
def answer(request_id: int) -> None:
    """Write to whoever asked for a link, if the address has an account."""
    link_requests.answer_request(request_id, now())
