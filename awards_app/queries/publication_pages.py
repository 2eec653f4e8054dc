"""The page that prepares a publication, for who may set the embargo or arm it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.deliberations import Point
from awards_app.domain.holder import Holder
from awards_app.domain.honours import ReadBackLine, is_too_late
from awards_app.domain.permissions import Permission, is_allowed
from awards_app.domain.phases import Phase
from awards_app.models.editions import Round
from awards_app.queries.access import RoundFacts, find_round, open_round
from awards_app.queries.deliberations import Desk, desk_of
from awards_app.queries.embargo_notices import TELLS, ToldLine, told_people
from awards_app.queries.publication import (
    HonourLine,
    WaitingAct,
    honours_of_round,
    read_back_lines,
    waiting_acts,
)
from awards_app.queries.reconciliation import ThemeTally, publication_points, reconcile


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """The embargo with its local reading, what blocks, what is read back, what is published."""

    round: RoundFacts
    embargo_at: datetime | None
    embargo_local: str
    published_at: datetime | None
    armed_at: datetime | None
    is_late: bool
    may_set: bool
    may_arm: bool
    points: tuple[Point, ...]
    lines: tuple[ReadBackLine, ...]
    waiting: dict[str, WaitingAct]
    honours: tuple[HonourLine, ...]
    themes: tuple[ThemeTally, ...]
    tells: bool
    told: tuple[ToldLine, ...]


def publication_page(holder: Holder, round_key: str, now: datetime) -> PublicationPage:
    """Return the page of a round's publication; raises the matrix's refusal.

    Decisions are read only while they may be previewed (PUB-3); before, the page is the embargo alone.
    """
    facts = open_round(holder, round_key, _permission(holder, round_key, now), now)
    at, local, armed, published = db.session.execute(
        select(Round.embargo_at, Round.embargo_local, Round.publication_armed_at, Round.published_at).where(
            Round.id == facts.id
        )
    ).one()
    previews = is_allowed(Permission.PREVIEW_HONOURS, facts.phase, facts.subjects)
    desk: Desk | None = desk_of(facts.id) if previews else None
    found = reconcile(desk) if desk else None
    public = facts.phase in (Phase.PUBLISHED, Phase.ARCHIVED)
    return PublicationPage(
        round=facts,
        embargo_at=at,
        embargo_local=local or "",
        published_at=published if public else None,
        armed_at=armed,
        is_late=at is not None and facts.phase is Phase.DECIDED and is_too_late(at, now),
        may_set=is_allowed(Permission.SET_EMBARGO, facts.phase, facts.subjects),
        may_arm=is_allowed(Permission.ARM_PUBLICATION, facts.phase, facts.subjects),
        points=publication_points(desk, found) if desk else (),
        lines=read_back_lines(desk) if desk else (),
        waiting={act.verb: act for act in waiting_acts(holder, facts.id, now) if act.object_key == facts.key},
        honours=honours_of_round(facts.year, facts.region_code) if public else (),
        themes=found.themes if found else (),
        tells=bool(desk and desk.round.rules.get(TELLS, False)),
        told=told_people(facts.id) if previews else (),
    )


def _permission(holder: Holder, round_key: str, now: datetime) -> Permission:
    facts = find_round(holder, round_key, now)
    public = facts is not None and facts.phase in (Phase.PUBLISHED, Phase.ARCHIVED)
    return Permission.DOWNLOAD_CERTIFICATE if public else Permission.SET_EMBARGO
