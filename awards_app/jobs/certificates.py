"""What a worker does with certificates."""

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.services import certificate_printing


@in_app_context
def issue(certificate_ids: str) -> None:
    """Print certificates, whose identifiers are parted by spaces, together."""
    certificate_printing.issue_certificates([int(word) for word in certificate_ids.split()], now())


@in_app_context
def issue_waiting() -> None:
    """Print every certificate that waits, for an instance without a queue or after one that stopped."""
    for batch in certificate_printing.batches(certificate_printing.waiting_certificates()):
        certificate_printing.issue_certificates(batch, now())
