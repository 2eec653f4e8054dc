"""Readings of certificates: the batch of a round, one file to download, the public verification."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from awards_app.database import db
from awards_app.domain.certificates import UNKNOWN, State, Verification, read_number
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.candidacies import Candidacy
from awards_app.models.certificates import Certificate, SigningCertificate
from awards_app.models.editions import Round
from awards_app.models.juries import Seat
from awards_app.models.structures import Structure
from awards_app.queries.access import RoundFacts, open_candidacy, open_round

PUBLIC_PHASES = (Phase.PUBLISHED.value, Phase.ARCHIVED.value)


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate in the batch of a round."""

    key: str
    number: str
    structure: str
    distinction: str
    theme: str
    state: str
    attempts: int
    failure: str
    issued_at: datetime | None
    revoked_reason: str
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Where a certificate's file is."""

    id: int
    key: str
    number: str
    state: str
    sha256: str | None
    storage_key: str | None
    structure: str


def certificates_of(
    holder: Holder, round_key: str, now: datetime
) -> tuple[RoundFacts, tuple[CertificateLine, ...]]:
    """Return the certificates of a round, for who may download them all (two queries).

    Raises the matrix's refusal.
    """
    facts = open_round(holder, round_key, Permission.DOWNLOAD_CERTIFICATE, now)
    rows = db.session.execute(
        select(
            Certificate.key,
            Certificate.number,
            Certificate.content,
            Certificate.state,
            Certificate.attempts,
            Certificate.failure,
            Certificate.issued_at,
            Certificate.revoked_reason,
            Certificate.replaced_by_id,
        )
        .where(Certificate.round_id == facts.id)
        .order_by(Certificate.state == "revoked", Certificate.number)
    )
    lines = tuple(
        CertificateLine(
            key=row.key,
            number=row.number,
            structure=str(row.content["structure_name"]),
            distinction=str(row.content["distinction"]),
            theme=str(row.content["theme_name"]),
            state=row.state,
            attempts=row.attempts,
            failure=row.failure,
            issued_at=row.issued_at,
            revoked_reason=row.revoked_reason,
            is_replaced=row.replaced_by_id is not None,
        )
        for row in rows
    )
    return facts, tuple(
        sorted(lines, key=lambda line: (line.state == "revoked", line.structure, line.number))
    )


def certificate_to_download(holder: Holder, number: str, now: datetime) -> CertificateFacts:
    """Return the file of one certificate: its structure's responsible once published, the chamber once decided.

    A juror's own is theirs once published, in no row of the matrix: it is about nobody else. Raises `DoesNotExist` or the
    matrix's refusal.
    """
    row = db.session.execute(
        select(
            Certificate.id,
            Certificate.key,
            Certificate.number,
            Certificate.state,
            Certificate.sha256,
            Certificate.storage_key,
            Certificate.content,
            Certificate.round_id,
            Candidacy.key.label("candidacy_key"),
            Seat.account_id,
            Round.key.label("round_key"),
            Round.phase,
        )
        .join(Round, Round.id == Certificate.round_id)
        .outerjoin(Candidacy, Candidacy.id == Certificate.candidacy_id)
        .outerjoin(Seat, Seat.id == Certificate.seat_id)
        .where(Certificate.number == (read_number(number) or ""))
    ).one_or_none()
    if row is None:
        raise DoesNotExist
    if row.candidacy_key is not None:
        open_candidacy(holder, row.candidacy_key, Permission.DOWNLOAD_CERTIFICATE, now, round_id=row.round_id)
    elif row.account_id != holder.account_id or row.phase not in PUBLIC_PHASES:
        open_round(holder, row.round_key, Permission.DOWNLOAD_CERTIFICATE, now)
    return CertificateFacts(
        row.id,
        row.key,
        row.number,
        row.state,
        row.sha256,
        row.storage_key,
        str(row.content["structure_name"]),
    )


def own_attestations(holder: Holder, seat_key: str | None = None) -> dict[str, str]:
    """Return the numbers of a person's own juror's attestations that are issued and published, by seat (one query)."""
    rows = db.session.execute(
        select(Seat.key, Certificate.number)
        .join(Certificate, Certificate.seat_id == Seat.id)
        .join(Round, Round.id == Certificate.round_id)
        .where(
            Seat.account_id == holder.account_id,
            Certificate.state == "issued",
            Round.phase.in_(PUBLIC_PHASES),
            *((Seat.key == seat_key,) if seat_key else ()),
        )
        .order_by(Certificate.id)
    )
    found: dict[str, str] = dict(rows.all())
    return found


def verify_number(typed: str) -> Verification:
    """Return what the public may know of a number; what is under embargo is as unknown as what never was."""
    return _verify(Certificate.number == (read_number(typed) or ""))


def verify_sha256(sha256: str) -> Verification:
    """Return what the public may know of a file, by its SHA-256."""
    return _verify(Certificate.sha256 == sha256)


def _was_public() -> ColumnElement[bool]:
    """Return the condition that a certificate stood at the publication of its round, or came after it.

    One that was revoked under embargo never was: its number is unknown for ever, or it would tell of a decision that
    nobody may learn. It is asked of the database: what it answers for a number under embargo costs what nothing costs.
    """
    return and_(
        Round.phase.in_(PUBLIC_PHASES),
        Certificate.sha256.is_not(None),
        or_(Certificate.revoked_at.is_(None), Certificate.revoked_at >= Round.published_at),
    )


def _verify(condition: ColumnElement[bool]) -> Verification:
    newer = aliased(Certificate)
    row = db.session.execute(
        select(
            Certificate.number,
            Certificate.state,
            Certificate.content,
            newer.number.label("newer"),
            newer.state.label("newer_state"),
            SigningCertificate.fingerprint,
            SigningCertificate.name.label("signer_name"),
            SigningCertificate.is_demonstration,
        )
        .join(Round, Round.id == Certificate.round_id)
        .outerjoin(newer, newer.id == Certificate.replaced_by_id)
        .outerjoin(SigningCertificate, SigningCertificate.id == Certificate.signer_id)
        .where(condition, _was_public())
    ).one_or_none()
    if row is None:
        return UNKNOWN
    content: Mapping[str, Any] = row.content
    return Verification(
        state=_state(row.state, row.newer_state),
        number=row.number,
        structure=str(content["structure_name"]),
        distinction=str(content["distinction"]),
        edition=str(content["edition_label"]),
        theme=str(content["theme_name"]),
        region=str(content["region_name"]),
        citation=str(content["citation"]),
        issued_on=str(content["dated"]),
        replaced_by=row.newer if row.newer and row.newer_state == "issued" else "",
        signer=row.fingerprint or "",
        signer_name=row.signer_name or "",
        is_demonstration=bool(row.is_demonstration),
    )


def known_signers() -> frozenset[str]:
    """Return the SHA-256 of every certificate that signed for the platform, of today and of before."""
    return frozenset(db.session.scalars(select(SigningCertificate.fingerprint)))


def _state(state: str, newer_state: str | None) -> State:
    if state != "revoked":
        return State.VALID
    # One that replaced it and is itself revoked stands for nothing; a later one would have taken its place here.
    return State.REVOKED if newer_state in (None, "revoked") else State.REPLACED


def certificates_of_structure(structure_id: int) -> tuple[tuple[str, str, str], ...]:
    """Return (number, distinction, edition) of the published certificates of a structure, for its own page."""
    rows = db.session.execute(
        select(Certificate.number, Certificate.content)
        .join(Round, Round.id == Certificate.round_id)
        .join(Candidacy, Candidacy.id == Certificate.candidacy_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(Structure.id == structure_id, Certificate.state == "issued", Round.phase.in_(PUBLIC_PHASES))
        .order_by(Certificate.ordered_at, Certificate.id)
    )
    return tuple(
        (row.number, str(row.content["distinction"]), str(row.content["edition_label"])) for row in rows
    )
