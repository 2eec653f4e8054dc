"""The files of a candidacy, or of a region, as one ZIP that is made while it is sent."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.adapters import storage
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, is_allowed
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.uploads import INFECTED, WAITING, unique_path
from awards_app.models.candidacies import Attachment, Candidacy, Filing
from awards_app.models.structures import Structure
from awards_app.queries.access import RoundFacts, open_candidacy, open_round
from awards_app.queries.attachments import DESK, held_attachments
from awards_app.services.journal import write_entry

# What a ZIP can say at the earliest: the same for all, so that no order nor instant is told.
EPOCH = (1980, 1, 1, 0, 0, 0)
LEFT_OUT = "fichiers-absents.txt"


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a bundle: its path in the archive, and where its bytes are."""

    path: str
    storage_key: str
    sha256: str
    scan_state: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """An archive on its way: its name, without any person's, and its bytes piece by piece."""

    name: str
    pieces: Iterator[bytes]


def bundle_of_candidacy(holder: Holder, round_key: str, key: str, now: datetime) -> Bundle:
    """Return the files of a submitted candidacy for its chamber, those of the jury for the auditor (ATT-1, ATT-2); journaled.

    Raises `DoesNotExist` or the matrix's refusal.
    """
    with atomic():
        facts = open_candidacy(holder, key, Permission.READ_ATTACHMENT, now)
        if facts.round.key != round_key or not facts.subjects & DESK or facts.state == "draft":
            raise DoesNotExist
        members = _members(facts.round, [facts.id])
        _journal(holder, "candidacy", key, facts.round, len(members), now)
    return Bundle(f"pieces-{key[:8]}.zip", zipped(members))


def bundle_of_round(holder: Holder, round_key: str, now: datetime) -> Bundle:
    """Return the files of every submitted candidacy of a round for its chamber; journaled.

    Raises `DoesNotExist` or the matrix's refusal.
    """
    with atomic():
        facts = open_round(holder, round_key, Permission.READ_ATTACHMENT, now)
        if not facts.subjects & DESK:
            raise DoesNotExist
        ids = db.session.scalars(
            select(Candidacy.id).where(
                Candidacy.round_id == facts.id, Candidacy.state.in_(("submitted", "withdrawn"))
            )
        ).all()
        members = _members(facts, list(ids))
        _journal(holder, "round", round_key, facts, len(members), now)
    return Bundle(f"pieces-{facts.year}-{facts.region_code or 'national'}.zip", zipped(members))


def _journal(holder: Holder, kind: str, key: str, round_: RoundFacts, files: int, now: datetime) -> None:
    write_entry(holder, "export_attachments", kind, key, now, round_id=round_.id, detail={"files": files})


def _members(round_: RoundFacts, candidacy_ids: list[int]) -> list[Member]:
    """Return the files of the standing submissions, by structure and question; two queries."""
    administrative = is_allowed(Permission.READ_ADMINISTRATIVE_ATTACHMENT, round_.phase, round_.subjects)
    filings = db.session.execute(
        select(Filing.content, Filing.receipt, Structure.name)
        .join(Candidacy, Candidacy.id == Filing.candidacy_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(Filing.candidacy_id.in_(candidacy_ids), Filing.replaced_at.is_(None))
        .order_by(Structure.sort_key, Filing.receipt)
    ).all()
    stored = {
        row.key: row
        for row in db.session.execute(
            select(Attachment.key, Attachment.storage_key, Attachment.sha256, Attachment.scan_state).where(
                Attachment.candidacy_id.in_(candidacy_ids)
            )
        )
    }
    taken: set[str] = set()
    members = []
    for content, receipt, structure in filings:
        for attachment in held_attachments(content):
            row = stored.get(attachment["key"])
            if row is None or (attachment["audience"] == "staff" and not administrative):
                continue
            folder = f"{structure} - {receipt}"
            path = unique_path((folder, attachment["question"], attachment["clean_name"]), taken)
            members.append(Member(path, row.storage_key, row.sha256, row.scan_state))
    return members


class _Pipe(io.RawIOBase):
    """What is written here is taken away at once: the archive is never whole in memory."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        data = memoryview(content).tobytes()  # type: ignore[arg-type]  # zipfile writes bytes
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        data = bytes(self._held)
        self._held.clear()
        return data


def zipped(members: Iterable[Member]) -> Iterator[bytes]:
    """Yield the archive: files as they are stored, verified one by one; ZIP64 where it must. One file is held at a time.

    A file that is damaged, or that the scanner holds back, is named in `fichiers-absents.txt` instead.
    """
    pipe = _Pipe()
    absent = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for member in members:
            if member.scan_state in (WAITING, INFECTED):
                absent.append(f"{member.path} : retenu par l’antivirus")
                continue
            try:
                content = storage.get(member.storage_key, member.sha256)
            except (storage.FileIsDamaged, OSError):
                absent.append(f"{member.path} : fichier endommagé")
                continue
            archive.writestr(_entry(member.path), content)
            yield pipe.taken()
        if absent:
            archive.writestr(_entry(LEFT_OUT), "\n".join(absent) + "\n")
    yield pipe.taken()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, EPOCH)
    entry.external_attr = 0o100644 << 16
    return entry
