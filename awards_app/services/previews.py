"""Use cases of previews: draw the pages of an attachment once, show one to whoever may read the file."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select, update

from awards_app.adapters import storage
from awards_app.adapters.queue import enqueue
from awards_app.adapters.uploads import CannotBeDrawn, Picture, drawn
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.uploads import (
    INFECTED,
    WAITING,
    FileIsDamagedRefusal,
    PreviewIsMissing,
    StorageIsUnavailable,
    format_of,
)
from awards_app.models.candidacies import Attachment
from awards_app.models.uploads import Preview, PreviewPage
from awards_app.queries.attachments import (
    PAGES_BEFOREHAND,
    AttachmentFacts,
    attachment_facts,
    find_picture,
    jury_attachment_facts,
)
from awards_app.services.attachment_bytes import sha256_of_bytes, stored
from awards_app.services.attachments import DRAW

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
RETRY_AFTER = timedelta(minutes=2)
# One page that nobody drew beforehand, asked for by a reader who waits.
ONE_PAGE_SECONDS = 10.0


def draw_attachment(attachment_id: int, now: datetime) -> str:
    """Draw the first pages of an attachment and its thumbnail; return the state: done, failed, waiting. Safe to repeat.

    A file that cannot be drawn within its bounds ends « failed »; a file that the scanner holds back waits.
    """
    row = db.session.execute(
        select(Attachment.storage_key, Attachment.sha256, Attachment.media_type, Attachment.scan_state).where(
            Attachment.id == attachment_id
        )
    ).one_or_none()
    if row is None or row.scan_state in (WAITING, INFECTED):
        return "waiting"
    if not _take(attachment_id, now):
        return db.session.scalar(select(Preview.state).where(Preview.attachment_id == attachment_id)) or ""
    try:
        content = storage.get(row.storage_key, row.sha256)
        pages, pictures = drawn(content, format_of(row.media_type), 1, PAGES_BEFOREHAND, with_thumbnail=True)
    except (CannotBeDrawn, storage.FileIsDamaged) as fault:
        log.info("the preview of attachment %s cannot be made: %s", attachment_id, fault)
        return _settle(attachment_id, "failed", 0)
    return _keep(attachment_id, pages, pictures)


def _take(attachment_id: int, now: datetime) -> bool:
    """Count an attempt; False when there is nothing left to draw."""
    with atomic() as session:
        row = session.get(Preview, attachment_id, with_for_update=True)
        if row is None or row.state != "waiting":
            return False
        row.attempts += 1
        row.asked_at = now
        if row.attempts > MOST_ATTEMPTS:
            # It ended its worker each time: it is not asked for again.
            row.state = "failed"
            return False
        return True


def _keep(attachment_id: int, pages: int, pictures: list[Picture]) -> str:
    with stored(*(picture.content for picture in pictures)) as keys:
        with atomic() as session:
            row = session.get(Preview, attachment_id, with_for_update=True)
            wanted = row is not None and row.state == "waiting"
            if row is not None and wanted:
                row.state, row.pages = "done", pages
                session.add_all(
                    PreviewPage(
                        attachment_id=attachment_id,
                        number=picture.number,
                        width=picture.width,
                        height=picture.height,
                        size=len(picture.content),
                        sha256=sha256_of_bytes(picture.content),
                        storage_key=key,
                    )
                    for picture, key in zip(pictures, keys, strict=True)
                )
        if not wanted:
            for key in keys:
                storage.delete(key)
    return "done"


def _settle(attachment_id: int, state: str, pages: int) -> str:
    with atomic() as session:
        session.execute(
            update(Preview)
            .where(Preview.attachment_id == attachment_id, Preview.state == "waiting")
            .values(state=state, pages=pages)
        )
    return state


def waiting_previews(now: datetime, *, for_now: bool = False) -> list[int]:
    """Return the attachments whose pages nobody is drawing, those of before the previews included.

    With ``for_now`` also those that a worker was just asked for.
    """
    latest = now if for_now else now - RETRY_AFTER
    rows = db.session.scalars(
        select(Attachment.id)
        .outerjoin(Preview, Preview.attachment_id == Attachment.id)
        .where(
            (Preview.attachment_id.is_(None)) | (Preview.state == "waiting"),
            (Preview.asked_at.is_(None)) | (Preview.asked_at <= latest),
            Attachment.scan_state.not_in((WAITING, INFECTED)),
        )
        .order_by(Attachment.id)
        .limit(200)
    ).all()
    return list(rows)


def enqueue_waiting(now: datetime) -> None:
    """Ask the queue for the previews it lost, and for those of files received before there were previews."""
    for attachment_id in waiting_previews(now):
        _ask(attachment_id, now)
        if not enqueue(DRAW, attachment_id):
            return


def draw_waiting(now: datetime) -> int:
    """Draw, here and now, every preview that waits; return how many."""
    found = waiting_previews(now, for_now=True)
    for attachment_id in found:
        _ask(attachment_id, now)
        draw_attachment(attachment_id, now)
    return len(found)


def _ask(attachment_id: int, now: datetime) -> None:
    with atomic() as session:
        row = session.get(Preview, attachment_id, with_for_update=True)
        if row is None:
            session.add(Preview(attachment_id=attachment_id, state="waiting", asked_at=now))
        else:
            row.asked_at = now


def read_picture(
    holder: Holder, key: str, attachment_key: str, number: int, now: datetime, *, desk_of: str | None = None
) -> bytes:
    """Return the picture (WebP) of a page of an attachment that ``holder`` may read; number 0 is the thumbnail.

    Raises as `read_attachment` does, and `PreviewIsMissing`.
    """
    return _picture(attachment_facts(holder, key, attachment_key, now, desk_of=desk_of), number)


def read_jury_picture(
    holder: Holder, seat_key: str, candidacy_key: str, attachment_key: str, number: int, now: datetime
) -> bytes:
    """Return the picture of a page for the juror of a seat; raises as `read_picture` does."""
    return _picture(jury_attachment_facts(holder, seat_key, candidacy_key, attachment_key, now), number)


def _picture(facts: AttachmentFacts, number: int) -> bytes:
    picture = find_picture(facts.id, number)
    try:
        if picture is not None:
            return storage.get(picture.storage_key, picture.sha256)
        if number <= PAGES_BEFOREHAND:
            raise PreviewIsMissing
        content = storage.get(facts.storage_key, facts.sha256)
    except storage.FileIsDamaged as damaged:
        raise FileIsDamagedRefusal from damaged
    # The transaction ends before the page is drawn: nothing is held open meanwhile.
    db.session.rollback()
    try:
        _, pictures = drawn(content, format_of(facts.media_type), number, number, seconds=ONE_PAGE_SECONDS)
    except (CannotBeDrawn, StorageIsUnavailable) as fault:
        raise PreviewIsMissing from fault
    return pictures[0].content
