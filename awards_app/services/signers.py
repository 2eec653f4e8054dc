"""Who signs: the platform's certificate of today, written down the first time so that it is known for ever."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from awards_app.adapters.signing import PlatformSeal
from awards_app.database import atomic, db
from awards_app.domain.holder import SCHEDULER
from awards_app.models.certificates import SigningCertificate
from awards_app.services.journal import write_entry

KEY_LENGTH = 40


def signer_id(seal: PlatformSeal, now: datetime) -> int:
    """Return the identifier of the certificate that signs, after writing it down and in the journal if it is new."""
    known = select(SigningCertificate.id).where(SigningCertificate.fingerprint == seal.fingerprint)
    found = db.session.scalar(known)
    if found is not None:
        return found
    try:
        with atomic() as session:
            row = SigningCertificate(
                fingerprint=seal.fingerprint,
                name=seal.name,
                pem=seal.pem,
                is_demonstration=seal.is_demonstration,
                first_used_at=now,
            )
            session.add(row)
            session.flush()
            detail = {"sha256": seal.fingerprint, "name": seal.name}
            write_entry(
                SCHEDULER,
                "use_signing_certificate",
                "signing_certificate",
                # A journal's key is short; the whole fingerprint is in the detail.
                seal.fingerprint[:KEY_LENGTH],
                now,
                detail=detail,
            )
            return row.id
    except IntegrityError:
        # Another worker wrote it down meanwhile.
        return db.session.scalars(known).one()
