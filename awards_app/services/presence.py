"""Who is writing where: a person's browser says that it has a section open, and learns who else is there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from awards_app.database import atomic, is_postgresql
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.models.presence import Presence
from awards_app.queries.access import open_candidacy
from awards_app.queries.drafts import AnswerFacts, PresentPerson, written_by_others

# A row of presence is written at most this often for one person in one section.
TOUCHED_EVERY = timedelta(seconds=30)
_TABLE = Presence.metadata.tables[Presence.__tablename__]


@dataclass(frozen=True, slots=True)
class Company:
    """Colleagues who have the draft open, and every answer as it stands with who saved it; the zone to say when in."""

    present: tuple[PresentPerson, ...]
    answers: dict[str, AnswerFacts]
    zone: str


def be_present(holder: Holder, key: str, section_code: str, now: datetime) -> Company:
    """Note that ``holder`` has a section of a draft open, and return who else is there.

    One write every thirty seconds for a person who stays in a section. Raises the matrix's refusal.
    """
    facts = open_candidacy(holder, key, Permission.SAVE_DRAFT, now)
    answers, present, mine = written_by_others(facts.id, holder, now)
    if mine is None or mine.section_code != section_code or now - mine.seen_at >= TOUCHED_EVERY:
        with atomic() as session:
            session.execute(
                _arrive(),
                {
                    "candidacy_id": facts.id,
                    "account_id": holder.account_id,
                    "section_code": section_code[:40],
                    "seen_at": now,
                },
            )
    return Company(present, answers, facts.round.zone)


def _upsert(dialect: Any) -> Any:
    statement = dialect.insert(_TABLE).values(
        {name: bindparam(name) for name in ("candidacy_id", "account_id", "section_code", "seen_at")}
    )
    new = {name: statement.excluded[name] for name in ("section_code", "seen_at")}
    return statement.on_conflict_do_update(index_elements=["candidacy_id", "account_id"], set_=new)


_ON_SQLITE, _ON_POSTGRESQL = _upsert(sqlite), _upsert(postgresql)


def _arrive() -> Any:
    return _ON_POSTGRESQL if is_postgresql() else _ON_SQLITE
