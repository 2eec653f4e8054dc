"""Keeping the versions of a form that candidates may have read."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.form_changes import Change
from awards_app.domain.form_shapes import Form, form_as_data
from awards_app.domain.holder import Holder
from awards_app.domain.snapshot import canonical_bytes
from awards_app.models.editions import Round
from awards_app.models.forms import FormRevision


def keep_revision(
    holder: Holder,
    edition_id: int,
    before: Form,
    after: Form,
    changes: Sequence[Change],
    reason: str,
    now: datetime,
) -> int:
    """Freeze a form that changed, in the caller's transaction, and return its number.

    The first change keeps the form of the opening too, as number 1.
    """
    latest = db.session.scalar(
        select(func.max(FormRevision.number)).where(FormRevision.edition_id == edition_id)
    )
    if latest is None:
        opened = db.session.scalar(
            select(func.min(Round.opens_at)).where(
                Round.edition_id == edition_id, Round.takes_part.is_(True), Round.opens_at.is_not(None)
            )
        )
        db.session.add(_frozen(edition_id, 1, before, [], "", None, min(opened or now, now)))
        latest = 1
    author_id = holder.account_id or None
    db.session.add(_frozen(edition_id, latest + 1, after, changes, reason, author_id, now))
    db.session.flush()
    return latest + 1


def _frozen(
    edition_id: int,
    number: int,
    form: Form,
    changes: Sequence[Change],
    reason: str,
    author_id: int | None,
    now: datetime,
) -> FormRevision:
    content = canonical_bytes(form_as_data(form))
    return FormRevision(
        edition_id=edition_id,
        number=number,
        made_at=now,
        author_id=author_id,
        reason=reason,
        changes=[change.as_data() for change in changes],
        content=content.decode(),
        sha256=hashlib.sha256(content).hexdigest(),
    )
