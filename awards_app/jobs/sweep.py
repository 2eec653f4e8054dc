"""The scheduler's turn: what the clock alone makes due. Each step stands alone, safe to run twice."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.database import db
from awards_app.services import (
    advice,
    assignment_plans,
    attachments,
    candidate_accounts,
    certificate_printing,
    clock_guard,
    completion_reminders,
    confirmations,
    deliveries,
    erasures,
    guides,
    honours,
    link_requests,
    mailings,
    minutes,
    previews,
    publication_rehearsals,
    reminders,
    rounds,
    scans,
    storage_check,
    uploads,
)

log = logging.getLogger(__name__)

Step = Callable[[datetime], object]
# What each turn does, in this order: the clock is looked at first, a call closes before anything else is decided,
# messages leave last.
STEPS: tuple[Step, ...] = (
    clock_guard.watch_clock,
    rounds.catch_up_all,
    honours.publish_due,
    candidate_accounts.tell_accounts,
    publication_rehearsals.erase_old_rehearsals,
    confirmations.expire_pending,
    erasures.carry_out,
    reminders.drop_stale_reminders,
    reminders.send_due_reminders,
    uploads.expire_uploads,
    completion_reminders.remind_completions,
    link_requests.answer_waiting,
    mailings.spread_waiting,
    deliveries.deliver_waiting,
)
# What was left in the database because the queue could not be reached; asked again at this interval only.
RETRIES: tuple[Step, ...] = (
    certificate_printing.enqueue_waiting,
    minutes.enqueue_waiting,
    attachments.forget_orphans,
    scans.scan_waiting,
    previews.enqueue_waiting,
    storage_check.start_when_due,
    assignment_plans.enqueue_waiting,
    advice.enqueue_waiting,
    guides.enqueue_waiting,
)
RETRY_SECONDS = 30.0

_last_retry: list[float] = []


@in_app_context
def sweep() -> None:
    """Do all that is due; a step that fails is logged and the others still run."""
    at = now()
    for step in STEPS:
        _run(step, at)
    if not _last_retry or time.monotonic() - _last_retry[0] >= RETRY_SECONDS:
        _last_retry[:] = [time.monotonic()]
        for step in RETRIES:
            _run(step, at)


def _run(step: Step, at: datetime) -> None:
    try:
        step(at)
    except Exception:
        log.exception("the step %s of the sweep failed; the next turn tries again", step.__name__)
    finally:
        db.session.rollback()
