"""A client's key makes a write happen once: a retry gets the first result."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.candidacies import KeyIsReused
from awards_app.domain.holder import Holder
from awards_app.domain.snapshot import sha256_of
from awards_app.models.candidacies import IdempotencyKey


def first_result(holder: Holder, verb: str, client_key: str | None, payload: object) -> dict[str, Any] | None:
    """Return what the first write with this key answered, None when it is new or there is no key.

    The caller holds the row the verb writes to, so that two requests with one key take turns. Raises `KeyIsReused` when
    the key came first with another payload.
    """
    if not client_key:
        return None
    row = db.session.execute(
        select(IdempotencyKey.payload_sha256, IdempotencyKey.result).where(
            IdempotencyKey.account_id == holder.account_id,
            IdempotencyKey.verb == verb,
            IdempotencyKey.client_key == client_key[:80],
        )
    ).one_or_none()
    if row is None:
        return None
    if row.payload_sha256 != sha256_of(payload):
        raise KeyIsReused
    result: dict[str, Any] = json.loads(row.result)
    return result


def keep_result(
    holder: Holder, verb: str, client_key: str | None, payload: object, result: dict[str, Any], now: datetime
) -> None:
    """Keep the answer of a write for retries with the same key; in the write's own transaction."""
    if client_key:
        db.session.add(
            IdempotencyKey(
                account_id=holder.account_id,
                verb=verb,
                client_key=client_key[:80],
                payload_sha256=sha256_of(payload),
                result=json.dumps(result),
                created_at=now,
            )
        )
