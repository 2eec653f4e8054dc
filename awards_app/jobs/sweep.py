"""The scheduler's turn: what the clock alone makes due. Each step stands alone, safe to run twice."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.database import db

log = logging.getLogger(__name__)

# What each turn does, in this order: a call closes before anything else is decided, messages leave last.
STEPS = (
    "rounds.catch_up_all",
    "honours.publish_due",
    "confirmations.expire_pending",
    "deliveries.deliver_waiting",
)
# What was left in the database because the queue could not be reached, and files to forget; at this interval only.
RETRIES = ("certificates.enqueue_waiting", "minutes.enqueue_waiting", "attachments.forget_orphans")
RETRY_SECONDS = 30.0

_last_retry: dict[str, float] = {}


@in_app_context
def sweep() -> None:
    """Do all that is due; a step that fails is logged and the others still run."""
    at = now()
    for name in STEPS:
        _run(name, at)
    for name in RETRIES:
        if time.monotonic() - _last_retry.get(name, -RETRY_SECONDS) >= RETRY_SECONDS:
            _last_retry[name] = time.monotonic()
            _run(name, at)


def _run(name: str, at: datetime) -> None:
    step = _step(name)
    if step is None:
        return
    try:
        step(at)
    except Exception:
        log.exception("the step %s of the sweep failed; the next turn tries again", name)
    finally:
        db.session.rollback()


def _step(name: str) -> Callable[[datetime], object] | None:
    module, _, function = name.rpartition(".")
    try:
        return getattr(import_module(f"awards_app.services.{module}"), function, None)
    except ModuleNotFoundError:
        return None
