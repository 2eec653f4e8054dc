"""What a worker does with files: scan, draw, check what is stored."""

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.services import previews, scans, storage_check


@in_app_context
def draw(attachment_id: int) -> None:
    """Draw the pages of one attachment."""
    previews.draw_attachment(attachment_id, now())


@in_app_context
def draw_waiting() -> int:
    """Draw every preview that waits, for an instance without a queue."""
    return previews.draw_waiting(now())


@in_app_context
def scan(attachment_id: int) -> None:
    """Ask the antivirus about one attachment."""
    scans.scan_attachment(attachment_id, now())


@in_app_context
def scan_waiting() -> int:
    """Ask the antivirus about every file that waits for it."""
    return scans.scan_waiting(now())


@in_app_context
def check() -> int:
    """Read every stored file against its row, forget what no row names, ask the antivirus anew; return the problems."""
    at = now()
    scans.rescan_old(at)
    return len(storage_check.check_storage(at).problems)
