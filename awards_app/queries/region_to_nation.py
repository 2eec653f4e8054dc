"""What one region sends to the nation, theme by theme, for its chamber and the national staff, with all that came before."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.deliberations import NATIONAL_ENTRY
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, is_allowed
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.accounts import Account, PendingAct
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize, Theme
from awards_app.models.honours import NationalEntry
from awards_app.models.national import ThemeAbsence
from awards_app.models.scoring import Snapshot, StandingRow
from awards_app.models.structures import Structure
from awards_app.queries.access import RoundFacts, open_round


@dataclass(frozen=True, slots=True)
class SentLine:
    """A decision to send a file up, or nobody; ``annulled_at`` once it no longer stands."""

    decision_key: str
    theme_id: int
    structure: str
    title: str
    candidacy_key: str | None
    is_withdrawn: bool
    reason: str
    confirmed_at: datetime | None
    annulled_at: datetime | None
    annulled_reason: str
    received_at: datetime | None
    receipt: str
    sha256: str

    @property
    def stands(self) -> bool:
        """Say whether it is the decision in force."""
        return self.annulled_at is None


@dataclass(frozen=True, slots=True)
class RankedFile:
    """A file that may be sent up instead, by its place in the locked ranking; 0 where the reader may not know it."""

    key: str
    structure: str
    theme_id: int
    rank: int


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme of the region: the decision in force, those before it, the absence told, who waits to replace it."""

    id: int
    code: str
    name: str
    sent: SentLine | None
    former: tuple[SentLine, ...]
    absence: str | None
    absence_reason: str
    choices: tuple[RankedFile, ...]
    waiting: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class RegionToNation:
    """The page of one region; ``replaces`` and ``tells`` say what its reader may do now."""

    facts: RoundFacts
    themes: tuple[ThemeLine, ...]
    replaces: bool
    tells: bool


def region_to_nation(holder: Holder, round_key: str, now: datetime) -> RegionToNation:
    """Return what a region sends up, for its chamber and the national staff (five queries at most).

    Decisions are told from their confirmation on. Raises `DoesNotExist` for the national round and for anybody else.
    """
    facts = open_round(holder, round_key, Permission.READ_MESSAGES, now)
    if facts.region_code is None:
        raise DoesNotExist
    decided = facts.phase in (Phase.DECIDED, Phase.PUBLISHED, Phase.ARCHIVED)
    sent = _sent(facts.id) if decided else ()
    ranked = _ranked(facts.id) if decided else ()
    if not is_allowed(Permission.READ_RANKING, facts.phase, facts.subjects):
        ranked = tuple(replace(one, rank=0) for one in sorted(ranked, key=lambda one: one.structure))
    waiting = _waiting(facts.id, now) if decided else {}
    rows = db.session.execute(
        select(Theme.id, Theme.code, Theme.name, ThemeAbsence.kind, ThemeAbsence.reason)
        .outerjoin(
            ThemeAbsence,
            (ThemeAbsence.theme_id == Theme.id)
            & (ThemeAbsence.round_id == facts.id)
            & ThemeAbsence.lifted_at.is_(None),
        )
        .where(Theme.edition_id == facts.edition_id)
        .order_by(Theme.position)
    )
    themes = []
    for row in rows:
        mine = [line for line in sent if line.theme_id == row.id]
        live = next((line for line in mine if line.stands), None)
        held = live.candidacy_key if live else None
        themes.append(
            ThemeLine(
                id=row.id,
                code=row.code,
                name=row.name,
                sent=live,
                former=tuple(line for line in mine if not line.stands),
                absence=row.kind,
                absence_reason=row.reason or "",
                choices=tuple(one for one in ranked if one.theme_id == row.id and one.key != held),
                waiting=waiting.get(live.decision_key) if live else None,
            )
        )
    return RegionToNation(
        facts,
        tuple(themes),
        replaces=is_allowed(Permission.ANNUL_DECISION, facts.phase, facts.subjects),
        tells=is_allowed(Permission.SET_EMBARGO, facts.phase, facts.subjects),
    )


def _sent(round_id: int) -> tuple[SentLine, ...]:
    rows = db.session.execute(
        select(
            Decision.key,
            Decision.theme_id,
            Structure.name,
            Candidacy.title,
            Candidacy.key.label("candidacy_key"),
            Candidacy.state,
            Decision.reason,
            Decision.confirmed_at,
            Decision.annulled_at,
            Decision.annulled_reason,
            NationalEntry.received_at,
            Filing.receipt,
            Filing.sha256,
        )
        .join(Prize, Prize.id == Decision.prize_id)
        .outerjoin(Candidacy, Candidacy.id == Decision.candidacy_id)
        .outerjoin(Structure, Structure.id == Candidacy.structure_id)
        .outerjoin(NationalEntry, NationalEntry.decision_id == Decision.id)
        .outerjoin(Filing, Filing.id == NationalEntry.filing_id)
        .where(
            Decision.round_id == round_id,
            Prize.outcome == NATIONAL_ENTRY,
            Decision.confirmed_at.is_not(None),
        )
        .order_by(Decision.confirmed_at, Decision.id)
    )
    return tuple(
        SentLine(
            row.key,
            row.theme_id,
            row.name or "",
            row.title or "",
            row.candidacy_key,
            row.state == "withdrawn",
            row.reason,
            row.confirmed_at,
            row.annulled_at,
            row.annulled_reason,
            row.received_at,
            row.receipt or "",
            row.sha256 or "",
        )
        for row in rows
    )


def _ranked(round_id: int) -> tuple[RankedFile, ...]:
    rows = db.session.execute(
        select(Candidacy.key, Structure.name, StandingRow.theme_id, StandingRow.rank)
        .join(Snapshot, Snapshot.id == StandingRow.snapshot_id)
        .join(Candidacy, Candidacy.id == StandingRow.candidacy_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(
            Snapshot.round_id == round_id,
            Snapshot.released_at.is_(None),
            StandingRow.rank.is_not(None),
            Candidacy.state == "submitted",
        )
        .order_by(StandingRow.theme_id, StandingRow.rank, Structure.sort_key, Candidacy.id)
    )
    return tuple(RankedFile(row.key, row.name, row.theme_id, row.rank or 0) for row in rows)


def _waiting(round_id: int, now: datetime) -> dict[str, tuple[str, str]]:
    """Return, by decision, who proposed to replace it and why."""
    rows = db.session.execute(
        select(PendingAct.object_key, Account.name, PendingAct.reason)
        .join(Account, Account.id == PendingAct.proposed_by_id)
        .where(
            PendingAct.round_id == round_id,
            PendingAct.verb == "replace_entry",
            PendingAct.settled_at.is_(None),
            PendingAct.expires_at > now,
        )
    )
    return {row.object_key: (row.name, row.reason) for row in rows}
