"""The guide of a year: asked for by national staff, made by a worker from published lines, made again when they change."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from awards_app.adapters import pdf, storage
from awards_app.adapters.pdf.booklet import render_guide
from awards_app.adapters.pdf.pictures import jpeg_address
from awards_app.adapters.public_address import public_address
from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.guide import GuidePhoto, GuideText, Initiative, made_from
from awards_app.domain.holder import Holder
from awards_app.domain.honour_names import distinction_name, theme_code_of
from awards_app.domain.instants_fr import day_fr
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import PHASE_LABELS, Phase
from awards_app.domain.refusals import DoesNotExist, IsNotThePhase, Refusal
from awards_app.domain.typesetting import euros_fr, place_of, safe_address, typeset
from awards_app.domain.words import N_
from awards_app.models.honours import EditionRecord
from awards_app.models.public_pages import Guide
from awards_app.queries.access import open_round
from awards_app.queries.guides import (
    FAILED,
    MADE,
    MAKING,
    NOT_SHOWN,
    WAITING,
    guide_of,
    guides,
    honours_of_guide,
    published_nations,
    readable,
    said_of,
    structures_of,
)
from awards_app.queries.honour_photos import LARGE, PhotoLine, photos_of, stored_pictures
from awards_app.queries.honours import PRIZES, HonourLine
from awards_app.services.attachment_bytes import forget_bytes, sha256_of_bytes, stored
from awards_app.services.honour_photos import picture_bytes
from awards_app.services.journal import write_entry

log = logging.getLogger(__name__)

MAKE = "guide.make"
MOST_ATTEMPTS = 3
RETRY_AFTER = timedelta(minutes=10)
# Reading the lines, the photos, laying out, keeping.
STEPS = 4


def order_guide(holder: Holder, round_key: str, now: datetime) -> int:
    """Ask for the guide of a year, for its national round once published (SET-3); return the year.

    Raises `DoesNotExist` for a regional round, `IsNotThePhase` before publication, or the matrix's refusal.
    """
    with atomic() as session:
        facts = open_round(holder, round_key, Permission.CHANGE_WORDING, now)
        if facts.region_code is not None:
            raise DoesNotExist
        if facts.phase not in (Phase.PUBLISHED, Phase.ARCHIVED):
            raise IsNotThePhase(phase=PHASE_LABELS[facts.phase])
        row = session.get(Guide, facts.year, with_for_update=True)
        if row is None:
            session.add(Guide(year=facts.year, state=WAITING, steps=STEPS, asked_at=now))
        elif row.state != MAKING:
            row.state, row.step, row.attempts, row.asked_at = WAITING, 0, 0, now
            row.tried_from = ""
        write_entry(holder, "order_guide", "round", round_key, now, round_id=facts.id)
        after_commit(enqueue, MAKE, facts.year)
        return facts.year


def enqueue_waiting(now: datetime) -> None:
    """Ask the queue for the guides it lost, for those whose lines have changed, and for the first of a published nation."""
    for year in changed_guides(now):
        if not enqueue(MAKE, year):
            return


def changed_guides(now: datetime) -> list[int]:
    """Mark as waiting the guides that are out of date; return the years of all that wait for a worker."""
    known = {line.year: line for line in guides()}
    years = []
    for year in sorted({*known, *published_nations()}):
        line = known.get(year)
        if line is None or (line.state in (MADE, FAILED) and _fingerprint(year) != line.tried_from):
            _mark(year, now)
            years.append(year)
        elif line.state == WAITING or (line.state == MAKING and now - line.asked_at >= RETRY_AFTER):
            years.append(year)
    return years


def _mark(year: int, now: datetime) -> None:
    with atomic() as session:
        row = session.get(Guide, year, with_for_update=True)
        if row is None:
            session.add(Guide(year=year, state=WAITING, steps=STEPS, asked_at=now))
        elif row.state in (MADE, FAILED):
            row.state, row.step, row.attempts, row.asked_at = WAITING, 0, 0, now


def _fingerprint(year: int) -> str:
    text, photos, _lines = _gathered(year, "")
    return made_from(text, [photo.key for photo in photos.values()])


def make_guide(year: int, now: datetime) -> str:
    """Make the guide of a year and keep it in the place of the former one; return its state. Safe to repeat.

    A guide that cannot be made ends « failed »; the one made before it stays.
    """
    if not _take(year, now):
        line = guide_of(year)
        return line.state if line else ""
    try:
        return _made(year, now)
    except Exception:
        # Whatever the typesetter met, the last guide stays and the reason is in the log.
        log.exception("the guide of %s cannot be made", year)
        db.session.rollback()
        return _settle(year, FAILED)


def _take(year: int, now: datetime) -> bool:
    with atomic() as session:
        row = session.get(Guide, year, with_for_update=True)
        if row is None or row.state in (MADE, FAILED):
            return False
        if row.state == MAKING and now - row.asked_at < RETRY_AFTER and row.attempts:
            return False
        row.attempts += 1
        row.asked_at = now
        if row.attempts > MOST_ATTEMPTS:
            row.state = FAILED
            return False
        row.state, row.step, row.steps = MAKING, 0, STEPS
        return True


def _made(year: int, now: datetime) -> str:
    text, photos, lines = _gathered(year, day_fr(now))
    source = made_from(text, [photo.key for photo in photos.values()])
    with atomic() as session:
        session.execute(update(Guide).where(Guide.year == year).values(tried_from=source))
    if not text.initiatives:
        return _settle(year, FAILED)
    _step(year, 1)
    pictures = stored_pictures(photos, LARGE)
    db.session.rollback()
    addresses = {slug: jpeg_address(picture_bytes(found)) for slug, found in pictures.items()}
    initiatives = tuple(
        replace(one, photo=replace(one.photo, address=addresses.get(slug, ""))) if one.photo else one
        for one, slug in zip(text.initiatives, _photo_slugs(lines, photos), strict=True)
    )
    _step(year, 2)
    content, pages = render_guide(replace(text, initiatives=initiatives), identifier=source, created_at=now)
    _step(year, 3)
    shows = {line.slug: said_of(line) for line in lines}
    return _keep(year, source, shows, content, pages, now, photos)


def _photo_slugs(lines: tuple[HonourLine, ...], photos: dict[str, PhotoLine]) -> list[str]:
    return [_with_photo(group, photos) for group in structures_of(lines)]


def _with_photo(group: tuple[HonourLine, ...], photos: dict[str, PhotoLine]) -> str:
    return next((line.slug for line in group if line.slug in photos), "")


def _gathered(year: int, made_on: str) -> tuple[GuideText, dict[str, PhotoLine], tuple[HonourLine, ...]]:
    """Return the words of a guide, the photos by slug, and the distinctions they come from (three queries)."""
    lines = honours_of_guide(year)
    photos = photos_of(line.slug for line in lines)
    number = db.session.scalar(select(EditionRecord.number).where(EditionRecord.year == year))
    initiatives = tuple(
        _initiative(place, group, photos.get(_with_photo(group, photos)))
        for place, group in enumerate(structures_of(lines), start=1)
    )
    text = GuideText(
        year=year,
        edition=f"{number}e édition" if number and number > 1 else "",
        made_on=made_on,
        address=public_address(f"/palmares/{year}"),
        initiatives=initiatives,
    )
    return text, photos, lines


def _initiative(place: int, group: tuple[HonourLine, ...], photo: PhotoLine | None) -> Initiative:
    first = group[0]
    citation = next((line.citation for line in group if line.citation), "")
    amount = sum(line.amount or 0 for line in group)
    prizes = [line.prize_name or distinction_name(line.level, line.distinction) for line in group]
    return Initiative(
        number=place,
        name=typeset(first.structure_name),
        prizes=tuple(dict.fromkeys(prizes)),
        is_national=any(line.level == "national" and line.distinction in PRIZES for line in group),
        theme=typeset(first.theme),
        theme_code=theme_code_of(first.theme_code, first.theme),
        region_code=first.region_code,
        region_name=first.region_name or "",
        place=place_of(first.city, first.department, first.region_name or ""),
        project=typeset(next((line.project_title for line in group if line.project_title), "")),
        citation=typeset(citation),
        summary=typeset(next((line.summary for line in group if line.summary), "")),
        amount=euros_fr(amount) if amount else "",
        site=safe_address(first.website) or "",
        page=public_address(f"/laureats/{first.slug}"),
        erratum=" ".join(line.erratum for line in group if line.erratum),
        photo=GuidePhoto(photo.alternative, photo.credit, "") if photo else None,
    )


def _step(year: int, step: int) -> None:
    with atomic() as session:
        session.execute(update(Guide).where(Guide.year == year).values(step=step))


def _settle(year: int, state: str) -> str:
    with atomic() as session:
        session.execute(update(Guide).where(Guide.year == year, Guide.state == MAKING).values(state=state))
    return state


def _keep(
    year: int,
    source: str,
    shows: dict[str, str],
    content: bytes,
    pages: int,
    now: datetime,
    photos: dict[str, PhotoLine],
) -> str:
    with stored(content) as (key,), atomic() as session:
        row = session.get_one(Guide, year, with_for_update=True)
        # What was taken off the site meanwhile is in the pages all the same.
        today = {slug: photo.key for slug, photo in photos_of(photos).items()}
        gone = [slug for slug, photo in photos.items() if today.get(slug) != photo.key]
        shows = shows | dict.fromkeys(gone, NOT_SHOWN)
        if row.storage_key is not None:
            after_commit(forget_bytes, row.storage_key)
        row.state, row.step = MADE, STEPS
        row.made_from, row.shows, row.made_at = source, shows, now
        row.pages, row.size, row.sha256 = pages, len(content), sha256_of_bytes(content)
        row.storage_key = key
    return MADE


class GuideIsInTheMaking(Refusal):
    """There is a guide to come, and none to read today."""

    sentence = N_("Ce guide est en préparation. Revenez dans quelques minutes.")
    status = 503


def read_guide(year: int) -> tuple[bytes, str]:
    """Return the guide of a year as PDF with its SHA-256.

    Raises `DoesNotExist` when nobody asked for one, `GuideIsInTheMaking` before the first is made and while what it shows
    was corrected.
    """
    line = guide_of(year)
    if line is None or line.storage_key is None or line.sha256 is None:
        raise DoesNotExist if line is None else GuideIsInTheMaking
    if not readable(line):
        raise GuideIsInTheMaking
    try:
        return storage.get(line.storage_key, line.sha256), line.sha256
    except storage.FileIsDamaged as damaged:
        raise GuideIsInTheMaking from damaged


def make_waiting(now: datetime) -> int:
    """Make, here and now, every guide that waits; return how many."""
    if pdf.pdf_available() is not None:
        return 0
    years = changed_guides(now)
    for year in years:
        make_guide(year, now)
    return len(years)
