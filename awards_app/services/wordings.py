"""Use cases of the texts of letters and reasons: read them, write them again, go back to the edition's (SET-3)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.preset import load_preset
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.text import clean_line, clean_text
from awards_app.domain.wordings import WordingHasChanged, check_wording, fill, places_in, wording_mark
from awards_app.models.admissibility import RegionWording
from awards_app.models.editions import Wording
from awards_app.paths import PRESETS
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.wordings import MESSAGE, REASON, WordingList, wordings_for
from awards_app.services.journal import write_entry
from awards_app.services.messages import preset_wordings
from awards_app.services.rounds import lock_round


@dataclass(frozen=True, slots=True)
class EditableText:
    """A text of a letter, or of a reason: what stands, and the words in braces it may hold with what each means."""

    code: str
    kind: str
    name: str
    subject: str
    body: str
    is_own: bool
    places: tuple[tuple[str, str], ...]

    @property
    def mark(self) -> str:
        """Return a name for the text as it stands."""
        return wording_mark(self.subject, self.body)


def editable_texts(holder: Holder, round_key: str, now: datetime) -> tuple[WordingList, list[EditableText]]:
    """Return the letters that a chamber signs and its reasons, with their texts for the round. Raises the matrix's refusal."""
    found = wordings_for(holder, round_key, now)
    return found, [_text(found, code) for code in _origins()]


def editable_text(
    holder: Holder, round_key: str, code: str, now: datetime
) -> tuple[WordingList, EditableText]:
    """Return one of them; raise `DoesNotExist` for any other."""
    found = wordings_for(holder, round_key, now)
    if code not in _origins():
        raise DoesNotExist
    return found, _text(found, code)


def change_wording(
    holder: Holder,
    round_key: str,
    code: str,
    subject: str,
    body: str,
    now: datetime,
    *,
    seen: str | None = None,
) -> None:
    """Keep a text: the chamber's own in a region, the edition's in the national round.

    Only the words in braces of its list are accepted. ``seen`` is the mark of the text that was read (`wording_mark`).
    Raises `WordingIsInvalid`, `WordingHasChanged`, `DoesNotExist`, or the matrix's refusal.
    """
    with atomic():
        facts = open_round(holder, round_key, Permission.CHANGE_WORDING, now)
        if code not in _origins():
            raise DoesNotExist
        title, text = clean_line(subject), clean_text(body).strip() + "\n"
        check_wording(title, text, _places(_origins()[code]))
        # Two people at one text of a round follow each other.
        lock_round(facts.id)
        kept = _text(wordings_for(holder, round_key, now), code)
        if seen is not None and (kept.subject, kept.body) != (title, text) and seen != kept.mark:
            raise WordingHasChanged
        if facts.region_code is None:
            _keep_edition(facts, code, title, text)
        else:
            _keep_region(holder, facts, code, title, text, now)
        write_entry(
            holder,
            "change_wording",
            "round",
            round_key,
            now,
            round_id=facts.id,
            detail={"code": code},
        )


def restore_wording(holder: Holder, round_key: str, code: str, now: datetime) -> None:
    """Go back to the edition's text in a region, to the preset's in the national round."""
    with atomic():
        facts = open_round(holder, round_key, Permission.CHANGE_WORDING, now)
        if code not in _origins():
            raise DoesNotExist
        if facts.region_code is None:
            origin = _origins()[code]
            _keep_edition(facts, code, origin.subject, origin.body)
        else:
            db.session.execute(delete(RegionWording).where(*_own(facts, code)))
        write_entry(
            holder,
            "restore_wording",
            "round",
            round_key,
            now,
            round_id=facts.id,
            detail={"code": code},
        )


@dataclass(frozen=True, slots=True)
class _Origin:
    kind: str
    name: str
    subject: str
    body: str


def _origins() -> dict[str, _Origin]:
    """Return the texts as the preset has them, by code; a reason's name is what staff choose it by."""
    letters = {
        code: _Origin(MESSAGE, text.name, text.subject, text.body)
        for code, text in preset_wordings().items()
        if "{chamber}" in text.body
    }
    return letters | {
        one.code: _Origin(REASON, one.label, one.label, one.wording)
        for one in load_preset(PRESETS / "prix-ess.toml").reasons
    }


def _places(origin: _Origin) -> frozenset[str]:
    return places_in(origin.subject) | places_in(origin.body)


def _text(found: WordingList, code: str) -> EditableText:
    origin = _origins()[code]
    kept = found.kept.get(code)
    meanings = {one.code: one.meaning for one in load_preset(PRESETS / "prix-ess.toml").placeholders}
    return EditableText(
        code,
        origin.kind,
        origin.name,
        kept.subject if kept else origin.subject,
        kept.body if kept else origin.body,
        bool(kept and kept.is_own),
        tuple((name, meanings.get(name, "")) for name in sorted(_places(origin))),
    )


def _own(facts: RoundFacts, code: str) -> tuple[ColumnElement[bool], ...]:
    return (
        RegionWording.edition_id == facts.edition_id,
        RegionWording.region_code == facts.region_code,
        RegionWording.kind == _origins()[code].kind,
        RegionWording.code == code,
    )


def _keep_region(holder: Holder, facts: RoundFacts, code: str, title: str, body: str, now: datetime) -> None:
    row = db.session.scalar(select(RegionWording).where(*_own(facts, code)))
    if row is None:
        row = RegionWording(
            edition_id=facts.edition_id, region_code=facts.region_code, kind=_origins()[code].kind, code=code
        )
        db.session.add(row)
    row.title, row.body = title, body
    row.saved_at, row.saved_by_id = now, holder.account_id
    db.session.flush()


def _keep_edition(facts: RoundFacts, code: str, title: str, body: str) -> None:
    row = db.session.scalar(
        select(Wording).where(
            Wording.edition_id == facts.edition_id,
            Wording.kind == _origins()[code].kind,
            Wording.code == code,
        )
    )
    if row is None:
        row = Wording(edition_id=facts.edition_id, kind=_origins()[code].kind, code=code)
        db.session.add(row)
    row.title, row.body = title, body
    db.session.flush()


def sample_of(subject: str, body: str, values: dict[str, str]) -> tuple[str, str]:
    """Return a letter as it would read with these values; a word without a value stays in its braces."""
    return fill(subject, values), fill(body, values)
