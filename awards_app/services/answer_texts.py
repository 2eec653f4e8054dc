"""The rows of an answer's history: put a text in, find one that was set aside, take one out, keep the latest only."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from awards_app.database import db
from awards_app.domain.answer_history import MOST_KEPT, SET_ASIDE
from awards_app.models.answer_history import AnswerVersion
from awards_app.models.types import new_key

_VERSIONS = AnswerVersion.metadata.tables[AnswerVersion.__tablename__]
_OF_ANSWER = (_VERSIONS.c.candidacy_id == bindparam("of_candidacy_id")) & (
    _VERSIONS.c.question_code == bindparam("of_code")
)
_KEEP = insert(_VERSIONS)
_FORGET = delete(_VERSIONS).where(_OF_ANSWER, _VERSIONS.c.value == bindparam("of_value"))
_PRUNE = delete(_VERSIONS).where(
    _VERSIONS.c.id.in_(
        select(_VERSIONS.c.id).where(_OF_ANSWER).order_by(_VERSIONS.c.id.desc()).limit(1000).offset(MOST_KEPT)
    )
)
_ASIDE = select(_VERSIONS.c.id).where(
    _OF_ANSWER, _VERSIONS.c.value == bindparam("of_value"), _VERSIONS.c.reason == SET_ASIDE
)


def is_aside(candidacy_id: int, code: str, text: str) -> bool:
    """Say whether this very text was set aside for the answer (one query)."""
    of = {"of_candidacy_id": candidacy_id, "of_code": code, "of_value": text}
    return db.session.scalar(_ASIDE, of) is not None


def forget_text(candidacy_id: int, code: str, text: str) -> None:
    """Take a text out of the history of an answer, in the caller's transaction."""
    db.session.execute(_FORGET, {"of_candidacy_id": candidacy_id, "of_code": code, "of_value": text})


def keep_text(
    candidacy_id: int, code: str, text: str, reason: str, written_at: datetime, written_by_id: int | None
) -> None:
    """Put a text in the history of an answer, in the caller's transaction; the oldest beyond `MOST_KEPT` leave it."""
    forget_text(candidacy_id, code, text)
    line = {
        "key": new_key(),
        "candidacy_id": candidacy_id,
        "question_code": code,
        "value": text,
        "reason": reason,
        "written_at": written_at,
        "written_by_id": written_by_id,
    }
    db.session.execute(_KEEP, line)
    db.session.execute(_PRUNE, {"of_candidacy_id": candidacy_id, "of_code": code})
