"""Links to a preview: each opens in the session that asked for it, for a few hours, and nowhere else."""

import hashlib
import hmac
from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from awards_app.web.people import the_token

LIFETIME = timedelta(hours=4)


def make_link(round_key: str, now: datetime) -> str:
    """Return the token of a link to the preview of a round, for the session of this request."""
    expires = int((now + LIFETIME).timestamp())
    return str(_signer().dumps([round_key, expires, _session_mark()]))


def round_of_link(token: str, now: datetime) -> str | None:
    """Return the round that a link previews; None when it is another session's, too old, or not one of ours."""
    try:
        round_key, expires, mark = _signer().loads(token)
    except (BadData, ValueError, TypeError):
        return None
    if the_token() is None or not hmac.compare_digest(str(mark), _session_mark()):
        return None
    return str(round_key) if now.timestamp() < int(expires) else None


def _session_mark() -> str:
    return hashlib.sha256(f"preview/{the_token()}".encode()).hexdigest()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="honours-preview")
