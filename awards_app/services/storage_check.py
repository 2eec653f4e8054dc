"""The check of the storage: every row has its bytes, every byte has its row; what is damaged is named with its owner."""

import hashlib
import logging
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Table, literal, null, select

from awards_app.adapters import storage
from awards_app.adapters.queue import enqueue
from awards_app.database import Model, atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.candidacies import Attachment, Candidacy
from awards_app.models.certificates import Certificate
from awards_app.models.public_pages import Guide, HonourPicture
from awards_app.models.structures import Structure
from awards_app.models.uploads import PreviewPage, SealedOriginal, StorageCheck, Upload, UploadPiece
from awards_app.services.journal import write_entry

log = logging.getLogger(__name__)

EVERY = timedelta(hours=20)
ORPHAN_SECONDS = 24 * 3600
CHECK = "attachments.check"
# Tables whose `sha256` is that of the stored bytes.
HASHED = (Attachment, SealedOriginal, PreviewPage, UploadPiece, Certificate, HonourPicture, Guide)


@dataclass(frozen=True, slots=True)
class Problem:
    """A stored file that is not what its row says: missing, truncated, altered, or swapped with another."""

    kind: str
    table: str
    storage_key: str
    owner: str
    where: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found; ``forgotten`` counts the bytes that no row had named for a day."""

    checked: int
    problems: tuple[Problem, ...]
    forgotten: int


@dataclass(frozen=True, slots=True)
class Named:
    """A stored file as its row names it."""

    table: str
    storage_key: str
    sha256: str | None
    size: int | None
    owner: str


def start_when_due(now: datetime) -> None:
    """Ask the queue for the nightly check when the last one began long ago."""
    last = db.session.scalar(select(StorageCheck.began_at).order_by(StorageCheck.id.desc()).limit(1))
    if last is None or now - last >= EVERY:
        enqueue(CHECK)


def check_storage(now: datetime, *, forget: bool = True) -> Report:
    """Read every stored file against its row and keep the report; forget what no row named for a day.

    Holds one file at a time in memory and no transaction while it reads.
    """
    with atomic() as session:
        row = StorageCheck(began_at=now, checked=0, problems=[])
        session.add(row)
        session.flush()
        check_id = row.id
    named = list(named_files())
    db.session.rollback()
    problems = _problems(named)
    for problem in problems:
        log.error("stored file %s: %s (%s, %s)", problem.kind, problem.where, problem.table, problem.owner)
    forgotten = _forget_orphans({one.storage_key for one in named}) if forget else 0
    with atomic() as session:
        kept = session.get(StorageCheck, check_id)
        if kept is not None:
            kept.ended_at, kept.checked = now, len(named)
            kept.problems = [asdict(problem) for problem in problems]
    return Report(len(named), tuple(problems), forgotten)


def last_report() -> dict[str, Any] | None:
    """Return the last check that ended: its instant, how many files it read, what it found."""
    row = db.session.execute(
        select(StorageCheck.began_at, StorageCheck.checked, StorageCheck.problems)
        .where(StorageCheck.ended_at.is_not(None))
        .order_by(StorageCheck.id.desc())
        .limit(1)
    ).one_or_none()
    return {"began_at": row.began_at, "checked": row.checked, "problems": row.problems} if row else None


def restore_files(folder: Path) -> tuple[int, int]:
    """Put back, from a copy of the files' folder, what is damaged or missing; return how many were, and how many were mended.

    Only bytes of the very hash that the row keeps are put back; the present ones are left where the copy is no better.
    """
    named = list(named_files())
    db.session.rollback()
    damaged = {problem.storage_key for problem in _problems(named)}
    mended = 0
    for one in named:
        copy = folder / one.storage_key[:2] / one.storage_key
        if one.storage_key not in damaged or not copy.is_file():
            continue
        content = copy.read_bytes()
        if one.sha256 is None or hashlib.sha256(content).hexdigest() == one.sha256:
            storage.put_back(one.storage_key, content)
            mended += 1
    return len(damaged), mended


def open_sealed_original(
    holder: Holder, attachment_key: str, reason: str, now: datetime
) -> tuple[str, bytes]:
    """Return the file as it was sent, before cleaning, with its name: for an incident, at the shell; journaled.

    Raises `DoesNotExist`, `FileIsDamaged`.
    """
    with atomic() as session:
        row = session.execute(
            select(Attachment.clean_name, SealedOriginal.storage_key, SealedOriginal.sha256)
            .join(SealedOriginal, SealedOriginal.attachment_id == Attachment.id)
            .where(Attachment.key == attachment_key)
        ).one_or_none()
        if row is None:
            raise DoesNotExist
        write_entry(
            holder, "open_sealed_original", "attachment", attachment_key, now, detail={"reason": reason}
        )
    return row.clean_name, storage.get(row.storage_key, row.sha256)


def named_files() -> Iterator[Named]:
    """Yield every stored file that a row names, with its owner in words."""
    hashed = {model.__tablename__ for model in HASHED}
    owners = _owners()
    for name, table in sorted(Model.metadata.tables.items()):
        if "storage_key" not in table.c:
            continue
        query = select(
            table.c.storage_key,
            _column(table, "sha256" if name in hashed else "", null()),
            _column(table, "size" if name in hashed else "", null()),
            _column(table, OWNER_COLUMN.get(name, "id"), literal("")),
        ).where(table.c.storage_key.is_not(None))
        for key, sha256, size, owner in db.session.execute(query):
            yield Named(name, key, sha256, size, owners.get((name, owner), f"{name} {owner}"))


OWNER_COLUMN = {
    "attachment": "candidacy_id",
    "sealed_original": "attachment_id",
    "preview_page": "attachment_id",
    "upload_piece": "upload_id",
    "certificate": "number",
    "guide": "year",
    "honour_picture": "photo_id",
}


def _column(table: Table, name: str, otherwise: Any) -> ColumnElement[Any]:
    return table.c[name] if name and name in table.c else otherwise


def _owners() -> dict[tuple[str, Any], str]:
    """Return the owner of each candidacy, attachment and upload in words, by table and identifier (three queries)."""
    words: dict[int, str] = {
        row.id: f"candidature {row.key}, {row.name}"
        for row in db.session.execute(
            select(Candidacy.id, Candidacy.key, Structure.name).join(
                Structure, Structure.id == Candidacy.structure_id
            )
        )
    }
    found: dict[tuple[str, Any], str] = {("attachment", key): said for key, said in words.items()}
    for attachment_id, candidacy_id in db.session.execute(select(Attachment.id, Attachment.candidacy_id)):
        found["sealed_original", attachment_id] = words.get(candidacy_id, "")
        found["preview_page", attachment_id] = words.get(candidacy_id, "")
    for upload_id, candidacy_id in db.session.execute(select(Upload.id, Upload.candidacy_id)):
        found["upload_piece", upload_id] = words.get(candidacy_id, "")
    return found


def _problems(named: list[Named]) -> list[Problem]:
    known = {one.sha256: one.storage_key for one in named if one.sha256}
    problems = []
    for one in named:
        kind = _problem_of(one, known)
        if kind:
            problems.append(
                Problem(kind, one.table, one.storage_key, one.owner, storage.url(one.storage_key))
            )
    return problems


def _problem_of(one: Named, known: dict[str, str]) -> str:
    if one.sha256 is None:
        return "" if storage.exists(one.storage_key) else "missing"
    try:
        content = storage.get(one.storage_key)
    except storage.FileIsDamaged:
        return "missing"
    found = hashlib.sha256(content).hexdigest()
    if found == one.sha256:
        return ""
    if known.get(found, one.storage_key) != one.storage_key:
        return "swapped"
    return "truncated" if one.size is not None and len(content) < one.size else "altered"


def _forget_orphans(named: set[str]) -> int:
    forgotten = 0
    # The machine's own time: it is the one that dates files.
    oldest = time.time() - ORPHAN_SECONDS
    for key, _size, changed in storage.stored():
        if key not in named and changed < oldest:
            storage.delete_stored(key)
            forgotten += 1
    return forgotten
