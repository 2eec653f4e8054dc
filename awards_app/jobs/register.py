"""Asking the public register outside of a request."""

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.services import register


@in_app_context
def read_structure(structure_id: int) -> str:
    """Ask of one structure; whoever asks twice finds the kept answer."""
    return register.read_structure(structure_id, now())
