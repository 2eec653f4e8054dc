"""Use cases of the photo of a laureate: chosen among what was filed or sent, written again by the file room, taken off."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from awards_app.adapters import storage
from awards_app.adapters.uploads import CannotBeDrawn, Picture, cleaned, resized
from awards_app.database import after_commit, atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.honour_photos import ACCEPTS, MAX_MIB, NO_PHOTO, checked_words
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.uploads import (
    WAITING,
    FileIsBeingScanned,
    FileIsDamagedRefusal,
    FileIsUnreadable,
    check_upload,
)
from awards_app.models.honours import Honour
from awards_app.models.public_pages import Guide, HonourPhoto, HonourPicture
from awards_app.queries.guides import NOT_SHOWN
from awards_app.queries.honour_photos import WIDTHS, StoredPicture, stored_picture
from awards_app.queries.public_desk import FiledPicture, desk_honour
from awards_app.services.attachment_bytes import forget_bytes, sha256_of_bytes, stored
from awards_app.services.attachments import scanned
from awards_app.services.journal import write_entry


def choose_photo(
    holder: Holder,
    round_key: str,
    slug: str,
    now: datetime,
    *,
    alternative: str,
    credit: str,
    rights: str,
    content: bytes = b"",
    attachment_key: str = "",
) -> None:
    """Give a published distinction its photo: the bytes sent, else the filed image named, else the words alone change.

    The image is scanned, cleaned and resized as attachments are. Raises `DoesNotExist`, `InputIsInvalid` for missing words
    or no photo at all, and the refusals of `check_upload` and of the file room.
    """
    _facts, honour, filed = desk_honour(holder, round_key, slug, now)
    words = checked_words(alternative, credit, rights)
    if not content and not attachment_key:
        if honour.alternative is None:
            raise InputIsInvalid({"file": NO_PHOTO})
        _change_words(holder, round_key, slug, words, now)
        return
    db.session.rollback()
    pictures = _pictures(content or _filed_bytes(filed, attachment_key))
    with stored(*(picture.content for picture in pictures)) as keys, atomic() as session:
        facts, honour, _filed = desk_honour(holder, round_key, slug, now)
        _forget(session, honour.id)
        photo = HonourPhoto(
            honour_id=honour.id,
            alternative=words[0],
            credit=words[1],
            rights=words[2],
            chosen_by_id=holder.account_id,
            chosen_at=now,
        )
        session.add(photo)
        session.flush()
        session.add_all(_row(photo.id, picture, key) for picture, key in zip(pictures, keys, strict=True))
        write_entry(holder, "choose_photo", "honour", slug, now, round_id=facts.id)


def _row(photo_id: int, picture: Picture, key: str) -> HonourPicture:
    return HonourPicture(
        photo_id=photo_id,
        width=picture.number,
        drawn_width=picture.width,
        drawn_height=picture.height,
        size=len(picture.content),
        sha256=sha256_of_bytes(picture.content),
        storage_key=key,
    )


def _filed_bytes(filed: tuple[FiledPicture, ...], attachment_key: str) -> bytes:
    found = next((one for one in filed if one.key == attachment_key), None)
    if found is None:
        raise DoesNotExist
    try:
        return storage.get(found.storage_key, found.sha256)
    except storage.FileIsDamaged as damaged:
        raise FileIsDamagedRefusal from damaged


def _pictures(content: bytes) -> list[Picture]:
    kind = check_upload(content, ACCEPTS, MAX_MIB)
    if scanned(content) == WAITING:
        raise FileIsBeingScanned
    try:
        return resized(cleaned(content, kind), kind, WIDTHS)
    except CannotBeDrawn as fault:
        raise FileIsUnreadable from fault


def _change_words(
    holder: Holder, round_key: str, slug: str, words: tuple[str, str, str], now: datetime
) -> None:
    with atomic() as session:
        facts, honour, _filed = desk_honour(holder, round_key, slug, now)
        photo = session.scalar(select(HonourPhoto).where(HonourPhoto.honour_id == honour.id))
        if photo is None:
            raise InputIsInvalid({"file": NO_PHOTO})
        photo.alternative, photo.credit, photo.rights = words
        write_entry(holder, "choose_photo", "honour", slug, now, round_id=facts.id)


def remove_photo(holder: Holder, round_key: str, slug: str, now: datetime) -> None:
    """Take the photo of a published distinction off the site, in every size. Raises `DoesNotExist`."""
    with atomic() as session:
        facts, honour, _filed = desk_honour(holder, round_key, slug, now)
        if not _forget(session, honour.id):
            raise DoesNotExist
        write_entry(holder, "remove_photo", "honour", slug, now, round_id=facts.id)


def _forget(session: Session, honour_id: int) -> bool:
    photo = session.scalar(select(HonourPhoto).where(HonourPhoto.honour_id == honour_id).with_for_update())
    if photo is None:
        return False
    keys = session.scalars(select(HonourPicture.storage_key).where(HonourPicture.photo_id == photo.id)).all()
    session.execute(delete(HonourPicture).where(HonourPicture.photo_id == photo.id))
    session.delete(photo)
    session.flush()
    _take_off_guide(session, honour_id)
    for key in keys:
        after_commit(forget_bytes, key)
    return True


def _take_off_guide(session: Session, honour_id: int) -> None:
    """Have the guide that may show the photo not read until it is made again."""
    slug, year = session.execute(select(Honour.slug, Honour.year).where(Honour.id == honour_id)).one()
    guide = session.get(Guide, year, with_for_update=True)
    if guide is not None and slug in guide.shows:
        guide.shows = {**guide.shows, slug: NOT_SHOWN}


def read_photo(slug: str, photo_key: str, width: int) -> tuple[bytes, str]:
    """Return the JPEG of a published photo at a width with its SHA-256; raise `DoesNotExist`, `FileIsDamagedRefusal`."""
    found = stored_picture(slug, photo_key, width)
    if found is None:
        raise DoesNotExist
    return picture_bytes(found), found.sha256


def picture_bytes(found: StoredPicture) -> bytes:
    """Return the bytes of a stored picture; raise `FileIsDamagedRefusal`."""
    try:
        return storage.get(found.storage_key, found.sha256)
    except storage.FileIsDamaged as damaged:
        raise FileIsDamagedRefusal from damaged
