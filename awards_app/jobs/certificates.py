"""What a worker does with certificates."""

from awards_app.adapters.clock import now
from awards_app.adapters.queue import in_app_context
from awards_app.services import certificates


@in_app_context
def issue(certificate_id: int) -> None:
    """Print one certificate."""
    certificates.issue_certificate(certificate_id, now())


@in_app_context
def issue_waiting() -> None:
    """Print every certificate that waits, for an instance without a queue or after one that stopped."""
    for certificate_id in certificates.waiting_certificates():
        certificates.issue_certificate(certificate_id, now())
