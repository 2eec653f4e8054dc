"""Certificates: ordered for decided distinctions, printed by a worker, verified by anyone, revoked by two persons."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import or_, select, update

from awards_app.adapters import storage
from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.certificates import (
    CertificateIsNotIssued,
    CertificateIsRevoked,
    new_number,
)
from awards_app.domain.holder import Holder
from awards_app.domain.instants_fr import day_fr
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.text import clean_line
from awards_app.domain.words import N_
from awards_app.models.certificates import Certificate
from awards_app.models.editions import Round
from awards_app.queries.access import open_round
from awards_app.queries.certificates import certificate_to_download
from awards_app.queries.deliberations import Desk, desk_of
from awards_app.services.agreements import DONE, PENDING, agree
from awards_app.services.certificate_checks import verify
from awards_app.services.certificate_holders import Due, certificate_text, due_certificates
from awards_app.services.certificate_kinds import kinds_of
from awards_app.services.certificate_printing import order_printing
from awards_app.services.embargoed_papers import mark_of_certificate, mark_of_round
from awards_app.services.held_rooms import take_room
from awards_app.services.journal import write_entry
from awards_app.services.published_corrections import correct_name, note_of

__all__ = [
    "batch_file",
    "certificate_file",
    "confirm_revocation",
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
    """Order what a round lacks, of every kind that the edition gives. Joins the caller's transaction, which holds the round."""
    with atomic() as session:
        desk = desk_of(row.id)
        ordered: list[int] = []
        for one in missing_of(desk):
            certificate = _frozen(desk, one, now, holder)
            session.add(certificate)
            session.flush()
            ordered.append(certificate.id)
        order_printing(ordered)
        return len(ordered)


def missing_of(desk: Desk) -> list[Due]:
    """Return what is due in a round, of every kind that the edition gives, and not ordered."""
    decided, known = _known(desk.round.id)
    return [
        one
        for one in due_certificates(desk, kinds_of(desk.round.edition_id))
        if one.decision_id not in decided and (one.kind.code, one.holder_key) not in known
    ]


def _known(round_id: int) -> tuple[set[int], set[tuple[str, str]]]:
    """Return what a round has: the decisions with a live certificate, and the kinds with their holders."""
    rows = db.session.execute(
        select(Certificate.decision_id, Certificate.kind_code, Certificate.holder_key).where(
            Certificate.round_id == round_id, Certificate.state != "revoked"
        )
    ).all()
    return (
        {row.decision_id for row in rows if row.decision_id is not None},
        {(row.kind_code, row.holder_key) for row in rows if row.kind_code is not None},
    )


def _frozen(desk: Desk, due: Due, now: datetime, holder: Holder) -> Certificate:
    number = new_number()
    text = certificate_text(desk, due, number, now)
    return Certificate(
        number=number,
        decision_id=due.decision_id,
        round_id=desk.round.id,
        candidacy_id=due.candidacy_id,
        seat_id=due.seat_id,
        kind_code=due.kind.code,
        holder_key=due.holder_key,
        kind=text.kind,
        content=asdict(text),
        ordered_at=now,
        ordered_by_id=holder.account_id or None,
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


def revoke_certificate(
    holder: Holder, certificate_key: str, reason: str, now: datetime, *, corrected_name: str | None = None
) -> str:
    """Revoke a published certificate; « pending » until the second person confirms, then « done ».

    With a corrected name another is ordered in its place, the old one reads « replaced », and the public pages of the
    distinction take the name too. The second person confirms what the first one proposed; raises
    `AnotherProposalWaits` for another name.
    """
    with atomic():
        row = _of_key(holder, certificate_key, Permission.REVOKE_CERTIFICATE, now)
        room, _round = take_room(holder, _round_key(row), Permission.REVOKE_CERTIFICATE, now)
        if not reason.strip():
            raise InputIsInvalid({"reason": N_("Indiquez le motif de la révocation.")})
        if row.state == "revoked":
            raise CertificateIsRevoked
        if row.sha256 is None:
            raise CertificateIsNotIssued
        name = clean_line(corrected_name or "")
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
            arguments={"corrected_name": name} if name else None,
            must_match=True,
        )
        if agreed is None:
            return PENDING
        revoke(row, str(agreed["reason"]), holder, now)
        if agreed.get("corrected_name"):
            _replace(row, str(agreed["corrected_name"]), str(agreed["reason"]), holder, now)
        return DONE


def confirm_revocation(holder: Holder, certificate_key: str, name: str, reason: str, now: datetime) -> str:
    """Revoke a certificate as proposed, with the name that stands in the proposal (« » for none)."""
    return revoke_certificate(holder, certificate_key, reason, now, corrected_name=name)


def _replace(old: Certificate, name: str, reason: str, holder: Holder, now: datetime) -> None:
    """Order the same certificate with another name and a number of its own; joins the caller's transaction."""
    with atomic() as session:
        number = new_number()
        held = desk_of(old.round_id).round
        content = old.content | {
            "structure_name": name,
            "number": number,
            "verify_url": public_address(f"/certificats/{number}"),
            "dated": day_fr(now, held.zone),
        }
        new = Certificate(
            number=number,
            decision_id=old.decision_id,
            round_id=old.round_id,
            candidacy_id=old.candidacy_id,
            seat_id=old.seat_id,
            kind_code=old.kind_code,
            holder_key=old.holder_key,
            kind=old.kind,
            content=content,
            ordered_at=now,
            ordered_by_id=holder.account_id or None,
        )
        session.add(new)
        session.flush()
        lead_to(old.id, new.id)
        if old.decision_id is not None and old.candidacy_id is not None:
            note = note_of(reason, held.zone, now)
            correct_name(old.candidacy_id, old.round_id, name, note, now)
        detail = {"old": old.number, "new": new.number}
        write_entry(
            holder, "replace_certificate", "certificate", old.key, now, round_id=old.round_id, detail=detail
        )
        order_printing([new.id])


def lead_to(old_id: int, new_id: int | None) -> None:
    """Lead a certificate, and all that it had itself replaced, to the one in its place (None: they read revoked)."""
    db.session.execute(
        update(Certificate)
        .where(or_(Certificate.id == old_id, Certificate.replaced_by_id == old_id))
        .values(replaced_by_id=new_id)
    )


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
            lead_to(row.id, None)
            session.delete(row)
        else:
            public_since = session.scalar(select(Round.published_at).where(Round.id == row.round_id))
            row.state, row.revoked_at, row.revoked_reason = "revoked", max(now, public_since or now), reason
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
    paper = storage.get(facts.storage_key, facts.sha256)
    return CertificateFile(f"{facts.number}.pdf", mark_of_certificate(holder, facts.id, now)(paper))


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
    return _zipped(app, rows, mark_of_round(holder, facts.phase.value, facts.zone, now))


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


def _zipped(app: Flask, rows: list[tuple[str, str, str]], mark: Callable[[bytes], bytes]) -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for number, key, sha256 in rows:
            # The answer is written after the request: each file is read in a context of its own.
            with app.app_context():
                paper = mark(storage.get(key, sha256))
            archive.writestr(zipfile.ZipInfo(f"{number}.pdf", EPOCH), paper)
            yield pipe.taken()
    yield pipe.taken()
