"""The invariants of decisions, publication, certificates and messages (13 to 20)."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from awards_app.domain.deadlines import resolve
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize, Round
from awards_app.models.honours import Honour, NationalEntry
from awards_app.models.messages import Message
from tests.invariants_registry import BEFORE_PUBLICATION, invariant
from tests.invariants_registry import rows_of as _rows


@invariant(13)
def decided_files() -> Iterable[str]:
    """A decision is on an admissible file of its round and theme, not withdrawn while it stands under embargo."""
    query = (
        select(
            Decision.key,
            Decision.theme_id,
            Decision.round_id,
            Candidacy.theme_id.label("own_theme"),
            Candidacy.round_id.label("own_round"),
            Candidacy.state,
            AdmissibilityDecision.verdict,
            Round.phase,
            Round.publication_armed_at,
            NationalEntry.round_id.label("entered"),
        )
        .join(Candidacy, Candidacy.id == Decision.candidacy_id)
        .join(Round, Round.id == Decision.round_id)
        .outerjoin(
            AdmissibilityDecision,
            (AdmissibilityDecision.candidacy_id == Candidacy.id)
            & AdmissibilityDecision.replaced_at.is_(None),
        )
        .outerjoin(
            NationalEntry, (NationalEntry.candidacy_id == Candidacy.id) & NationalEntry.ended_at.is_(None)
        )
        .where(Decision.annulled_at.is_(None))
    )
    for row in _rows(query):
        if row.verdict != "admissible":
            yield f"decision {row.key}: the file is not admissible"
        if row.round_id not in (row.own_round, row.entered):
            yield f"decision {row.key}: the file is of another round"
        if row.theme_id is not None and row.theme_id != row.own_theme:
            yield f"decision {row.key}: the file is of another theme"
        if row.state == "withdrawn" and row.publication_armed_at is not None and row.phase == "P5":
            yield f"decision {row.key}: withdrawn, and the publication is still armed"


@invariant(14)
def two_persons() -> Iterable[str]:
    """Who confirms is not who proposed."""
    query = select(Decision.key).where(Decision.confirmed_by_id == Decision.proposed_by_id)
    return [f"decision {row.key}: one person alone" for row in _rows(query)]


@invariant(15)
def places() -> Iterable[str]:
    """No prize is given more often than it has places."""
    query = (
        select(Decision.round_id, Decision.prize_id, Decision.theme_id, Prize.places, Prize.per_theme)
        .join(Prize, Prize.id == Decision.prize_id)
        .where(Decision.annulled_at.is_(None), Decision.candidacy_id.is_not(None))
    )
    given: Counter[tuple[Any, ...]] = Counter()
    limits = {}
    for row in _rows(query):
        where = (row.round_id, row.prize_id, row.theme_id if row.per_theme else None)
        given[where] += 1
        limits[where] = row.places
    return [
        f"prize {where}: {count} given, {limits[where]} places"
        for where, count in given.items()
        if count > limits[where]
    ]


@invariant(16)
def published_is_decided() -> Iterable[str]:
    """What is public of our editions is a confirmed decision that stands, and no annulled one is still there."""
    query = select(Honour.slug, Honour.retracted_at, Decision.confirmed_at, Decision.annulled_at).join(
        Decision, Decision.id == Honour.decision_id
    )
    for row in _rows(query):
        if row.confirmed_at is None:
            yield f"honour {row.slug}: its decision is not confirmed"
        if row.annulled_at is not None and row.retracted_at is None:
            yield f"honour {row.slug}: its decision was annulled"
    missing = (
        select(Decision.key)
        .join(Round, Round.id == Decision.round_id)
        .where(
            Round.phase.in_(("P6", "P7")),
            Round.published_at.is_not(None),
            Decision.confirmed_at.is_not(None),
            Decision.annulled_at.is_(None),
            Decision.candidacy_id.is_not(None),
            Decision.id.not_in(select(Honour.decision_id).where(Honour.decision_id.is_not(None))),
        )
    )
    for row in _rows(missing):
        yield f"decision {row.key} is confirmed and its round published, but it is not public"


@invariant(17)
def embargo_holds() -> Iterable[str]:
    """Nothing of a round is public before its publication."""
    query = (
        select(Honour.slug, Round.phase)
        .join(Decision, Decision.id == Honour.decision_id)
        .join(Round, Round.id == Decision.round_id)
        .where(Round.phase.in_(BEFORE_PUBLICATION))
    )
    return [f"honour {row.slug} is public although its round is in {row.phase}" for row in _rows(query)]


@invariant(18)
def instants_and_readings() -> Iterable[str]:
    """The embargo's instant is its local reading in the zone of the round."""
    query = select(Round.key, Round.embargo_local, Round.embargo_at, Round.zone).where(
        Round.embargo_at.is_not(None)
    )
    for row in _rows(query):
        local = datetime.fromisoformat(row.embargo_local)
        readings = []
        for fold in (0, 1):
            readings.append(resolve(local, row.zone, fold).at)
        # The national embargo is in Paris time, which is the national round's zone.
        if row.embargo_at not in readings:
            yield f"round {row.key}: {row.embargo_at} is not {row.embargo_local} in {row.zone}"


@invariant(19)
def certificate_numbers() -> Iterable[str]:
    """One live certificate a decision; revoked when the decision was annulled."""
    query = select(Certificate.number, Certificate.state, Decision.annulled_at).join(
        Decision, Decision.id == Certificate.decision_id
    )
    for row in _rows(query):
        if row.annulled_at is not None and row.state == "issued":
            yield f"certificate {row.number}: its decision was annulled"
    live = (
        select(Certificate.decision_id, func.count())
        .where(Certificate.state != "revoked")
        .group_by(Certificate.decision_id)
    )
    for row in _rows(live):
        if row[1] > 1:
            yield f"decision {row[0]} has {row[1]} live certificates"


@invariant(20)
def outbox() -> Iterable[str]:
    """A message is sent once; nobody is told of a decision before it is public, but those who may know."""
    for row in _rows(select(Message.dedupe, func.count()).group_by(Message.dedupe).having(func.count() > 1)):
        yield f"message {row[0]} is there {row[1]} times"
    early = (
        select(Message.key, Message.kind)
        .join(Round, Round.id == Message.round_id)
        .where(
            Message.kind.in_(("decision_selected", "decision_not_selected", "certificate_ready")),
            Message.state.in_(("waiting", "sent")),
            Round.phase.in_(BEFORE_PUBLICATION),
        )
    )
    for row in _rows(early):
        yield f"message {row.key} ({row.kind}) leaves before the publication"
