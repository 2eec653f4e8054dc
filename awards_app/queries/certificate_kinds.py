"""Readings of the kinds of certificates: for an order, and for the national staff who write them."""

from dataclasses import dataclass

from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.certificate_kinds import Basis, KindLine
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject, authorise, is_allowed
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.certificate_kinds import CertificateKind, CertificateWording
from awards_app.models.editions import Edition, Round
from awards_app.queries.access import round_subjects


@dataclass(frozen=True, slots=True)
class KindDesk:
    """The edition whose kinds are shown; ``may_change`` to this person."""

    edition_id: int
    edition_key: str
    year: int
    name: str
    may_change: bool


def kept_kinds(edition_id: int) -> tuple[KindLine, ...]:
    """Return the kinds that have rows, each with the last version of its texts, empty while it has none (one query)."""
    last = (
        select(CertificateWording.kind_id, func.max(CertificateWording.version).label("version"))
        .group_by(CertificateWording.kind_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            CertificateKind.code,
            CertificateKind.label,
            CertificateKind.basis,
            CertificateKind.design,
            CertificateKind.from_phase,
            CertificateKind.is_given,
            CertificateWording.version,
            CertificateWording.issuer_line,
            CertificateWording.distinction,
            CertificateWording.body,
        )
        .outerjoin(last, last.c.kind_id == CertificateKind.id)
        .outerjoin(
            CertificateWording,
            (CertificateWording.kind_id == CertificateKind.id)
            & (CertificateWording.version == last.c.version),
        )
        .where(CertificateKind.edition_id == edition_id)
        .order_by(CertificateKind.position, CertificateKind.id)
    )
    return tuple(
        KindLine(
            row.code,
            row.label,
            Basis(row.basis),
            row.design,
            row.from_phase,
            row.is_given,
            row.version or 0,
            row.issuer_line or "",
            row.distinction or "",
            row.body or "",
        )
        for row in rows
    )


def kind_desk(holder: Holder, year: int) -> KindDesk:
    """Return the edition, for any person of a chamber, of the national staff, or the auditor (one query).

    Raises `DoesNotExist`.
    """
    desk, _phase, _subjects = _desk(holder, year)
    return desk


def kinds_to_change(holder: Holder, year: int) -> KindDesk:
    """Return the edition to whoever may write its certificates; raise the matrix's refusal (SET-3).

    One set of papers serves eighteen regions: it is the national round's wording, not a chamber's.
    """
    desk, phase, subjects = _desk(holder, year)
    authorise(Permission.CHANGE_WORDING, phase, subjects)
    return desk


def _desk(holder: Holder, year: int) -> tuple[KindDesk, Phase, frozenset[Subject]]:
    if not holder.grants:
        raise DoesNotExist
    row = db.session.execute(
        select(Edition.id, Edition.key, Edition.name, Round.id.label("round_id"), Round.phase)
        .join(Round, (Round.edition_id == Edition.id) & Round.region_code.is_(None))
        .where(Edition.year == year)
    ).one_or_none()
    if row is None:
        raise DoesNotExist
    phase, subjects = Phase(row.phase), round_subjects(holder, row.round_id, None)
    may_change = is_allowed(Permission.CHANGE_WORDING, phase, subjects)
    return KindDesk(row.id, row.key, year, row.name, may_change), phase, subjects
