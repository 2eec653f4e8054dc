"""Certificates: ordered for decided distinctions, printed by a worker, verified by anyone, revoked by two persons."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import select

from awards_app.adapters import storage
from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.certificates import (
    KINDS,
    CertificateIsNotIssued,
    CertificateIsRevoked,
    new_number,
)
from awards_app.domain.holder import Holder
from awards_app.domain.instants_fr import day_fr
from awards_app.domain.papers import CertificateText
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.words import N_
from awards_app.models.certificates import Certificate
from awards_app.models.editions import Round
from awards_app.queries.access import open_round
from awards_app.queries.certificates import certificate_to_download
from awards_app.queries.deliberations import DecisionLine, Desk, decided_filings, desk_of
from awards_app.services.agreements import DONE, PENDING, agree
from awards_app.services.certificate_checks import verify
from awards_app.services.certificate_printing import order_printing
from awards_app.services.held_rooms import take_room
from awards_app.services.journal import write_entry

__all__ = [
    "batch_file",
    "certificate_file",
    "certificate_text",
    "order_certificates",
    "order_missing",
    "retry_certificate",
    "revoke",
    "revoke_certificate",
    "verify",
]

EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """A certificate as it is downloaded."""

    name: str
    content: bytes


def order_certificates(holder: Holder, round_key: str, now: datetime) -> int:
    """Order a certificate for each confirmed distinction that has none; return how many were ordered.

    Their text is frozen now; a worker prints them after the commit.
    """
    with atomic():
        _room, row = take_room(holder, round_key, Permission.DOWNLOAD_CERTIFICATE, now)
        count = order_missing(row, now, holder)
        if count:
            detail = {"count": count}
            write_entry(holder, "order_certificates", "round", round_key, now, round_id=row.id, detail=detail)
        return count


def order_missing(row: Round, now: datetime, holder: Holder) -> int:
    """Order what a round lacks. Joins the caller's transaction, which holds the round."""
    with atomic() as session:
        desk = desk_of(row.id)
        wanted = [line for line in desk.decisions if _is_certified(desk, line)]
        known = set(
            session.scalars(
                select(Certificate.decision_id).where(
                    Certificate.round_id == row.id, Certificate.state != "revoked"
                )
            )
        )
        missing = [line for line in wanted if line.id not in known]
        filings = decided_filings(line.id for line in missing) if missing else {}
        ordered: list[int] = []
        for line in missing:
            number = new_number()
            filing = filings[line.id]
            text = certificate_text(desk, line, filing.content, number, now)
            certificate = Certificate(
                number=number,
                decision_id=line.id,
                round_id=row.id,
                candidacy_id=line.candidacy_id,
                kind=text.kind,
                content=asdict(text),
                ordered_at=now,
                ordered_by_id=holder.account_id or None,
            )
            session.add(certificate)
            session.flush()
            ordered.append(certificate.id)
        order_printing(ordered)
        return len(missing)


def _is_certified(desk: Desk, line: DecisionLine) -> bool:
    return (
        line.candidacy_id is not None
        and line.confirmed_at is not None
        and not line.withdrawn
        and desk.prize(line.prize_id).outcome in KINDS
    )


def certificate_text(
    desk: Desk, line: DecisionLine, content: str, number: str, now: datetime
) -> CertificateText:
    """Return what a certificate says, from the decision and the copy that was judged."""
    frozen = json.loads(content)
    held = desk.round
    prize = desk.prize(line.prize_id)
    theme = desk.theme(line.theme_id)
    typed = desk.minutes.content.get("typed", {}) if desk.minutes else {}
    where = f"régional du Prix de l’ESS, {held.located}," if held.region_code else "national du Prix de l’ESS"
    return CertificateText(
        kind="attestation" if KINDS[prize.outcome] == "attestation" else "diploma",
        edition_label=held.edition_name,
        issuer_line=f"Le jury {where} distingue",
        structure_name=str(frozen["structure"]["name"]),
        distinction=prize.name,
        theme_name=theme.name if theme else "",
        theme_code=theme.code if theme else "",
        citation=line.citation,
        region_code=held.region_code,
        region_name=held.region_name or "France",
        number=number,
        verify_url=public_address(f"/certificats/{number}"),
        signed_by=str(typed.get("chair", "")),
        signed_role="Présidence du jury régional" if held.region_code else "Présidence du jury national",
        dated=day_fr(now, held.zone),
        place=str(typed.get("place", "")),
    )


def retry_certificate(holder: Holder, certificate_key: str, now: datetime) -> None:
    """Ask again for a certificate whose printing failed."""
    with atomic():
        row = _of_key(holder, certificate_key, Permission.DOWNLOAD_CERTIFICATE, now)
        if row.state == "failed":
            row.state, row.attempts, row.failure = "waiting", 0, ""
        if row.state == "waiting":
            order_printing([row.id])
        write_entry(holder, "retry_certificate", "certificate", row.key, now, round_id=row.round_id)


def revoke_certificate(holder: Holder, certificate_key: str, reason: str, now: datetime) -> str:
    """Revoke a published certificate; « pending » until the second person confirms, then « done »."""
    with atomic():
        row = _of_key(holder, certificate_key, Permission.REVOKE_CERTIFICATE, now)
        room, _round = take_room(holder, _round_key(row), Permission.REVOKE_CERTIFICATE, now)
        if not reason.strip():
            raise InputIsInvalid({"reason": N_("Indiquez le motif de la révocation.")})
        if row.state == "revoked":
            raise CertificateIsRevoked
        if row.sha256 is None:
            raise CertificateIsNotIssued
        sides = (Subject.COORDINATOR, Subject.NATIONAL_STAFF)
        agreed = agree(
            holder,
            "revoke_certificate",
            row.key,
            sides,
            room.round.subjects,
            now,
            round_id=row.round_id,
            reason=reason.strip(),
        )
        if agreed is None:
            return PENDING
        revoke(row, str(agreed["reason"]), holder, now)
        return DONE


def revoke(row: Certificate, reason: str, holder: Holder, now: datetime) -> None:
    """Revoke a certificate in the caller's transaction; one that was never printed is forgotten."""
    with atomic() as session:
        write_entry(
            holder,
            "revoke_certificate",
            "certificate",
            row.key,
            now,
            round_id=row.round_id,
            detail={"reason": reason},
        )
        if row.sha256 is None:
            session.delete(row)
        else:
            row.state, row.revoked_at, row.revoked_reason = "revoked", now, reason
        session.flush()


def _of_key(holder: Holder, certificate_key: str, permission: Permission, now: datetime) -> Certificate:
    row = db.session.scalar(select(Certificate).where(Certificate.key == certificate_key).with_for_update())
    if row is None:
        raise DoesNotExist
    take_room(holder, _round_key(row), permission, now)
    return row


def _round_key(row: Certificate) -> str:
    return str(db.session.scalar(select(Round.key).where(Round.id == row.round_id)))


def certificate_file(holder: Holder, number: str, now: datetime) -> CertificateFile:
    """Return a certificate's file for its structure once published, for the chamber once decided."""
    facts = certificate_to_download(holder, number, now)
    if facts.storage_key is None:
        raise CertificateIsNotIssued
    return CertificateFile(f"{facts.number}.pdf", storage.get(facts.storage_key, facts.sha256))


def batch_file(holder: Holder, round_key: str, now: datetime) -> Iterator[bytes]:
    """Return the pieces of a ZIP of the certificates of a round, one file in memory at a time.

    Members are named by number alone, in the order of numbers, with one constant time.
    """
    facts = open_round(holder, round_key, Permission.DOWNLOAD_CERTIFICATE, now)
    rows = [
        (row.number, row.storage_key, row.sha256)
        for row in db.session.execute(
            select(Certificate.number, Certificate.storage_key, Certificate.sha256)
            .where(Certificate.round_id == facts.id, Certificate.state == "issued")
            .order_by(Certificate.number)
        )
    ]
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way to its object
    return _zipped(app, rows)


class _Pipe(io.RawIOBase):
    """Where the archive is written and from where its pieces are taken."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # zipfile writes bytes
        self.pieces.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


def _zipped(app: Flask, rows: list[tuple[str, str, str]]) -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for number, key, sha256 in rows:
            # The answer is written after the request: each file is read in a context of its own.
            with app.app_context():
                paper = storage.get(key, sha256)
            archive.writestr(zipfile.ZipInfo(f"{number}.pdf", EPOCH), paper)
            yield pipe.taken()
    yield pipe.taken()
