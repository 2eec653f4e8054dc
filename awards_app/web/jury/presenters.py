"""What the jury's pages show: states in words, progress in a sentence, a sheet's fields with what was typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from awards_app.domain.permissions import Subject
from awards_app.domain.phases import Phase
from awards_app.domain.scoring import SHEET_STATE_LABELS, Difference, SheetState, text_token, time_left
from awards_app.queries.juries import SeatFacts
from awards_app.queries.reading import OpenFile
from awards_app.queries.seat_list import SeatList
from awards_app.web.languages import PARIS, closing_in_words
from awards_app.web.phrases import phase_name, sentence_of

STATE_KINDS = {
    SheetState.TO_READ: "neutral",
    SheetState.LATER: "waiting",
    SheetState.DRAFT: "info",
    SheetState.DONE: "success",
    SheetState.RECUSED: "neutral",
}


@dataclass(frozen=True, slots=True)
class CriterionField:
    """One criterion of the sheet, as the page draws it."""

    name: str
    label: str
    help: str
    weight: int
    levels: tuple[tuple[int, str], ...]
    value: str
    reason: str
    version: str
    error: str | None


@dataclass(frozen=True, slots=True)
class NoteField:
    """One of the two boxes of text."""

    name: str
    value: str
    version: str
    error: str | None


def state_tag(state: SheetState) -> tuple[str, str]:
    """Return a state's words and its kind of tag."""
    return _(SHEET_STATE_LABELS[state]), STATE_KINDS[state]


def function_name(function: str) -> str:
    """Return a seat's function in words."""
    return {
        "juror": _("Membre du jury"),
        "chair": _("Présidence du jury"),
        "deputy": _("Vice-présidence du jury"),
        "secretary": _("Secrétariat du jury"),
    }[function]


def jury_name(region_name: str | None) -> str:
    """Return « Jury régional Bretagne » or « Jury national »."""
    return _("Jury national") if region_name is None else _("Jury régional · %(region)s", region=region_name)


def seat_name(seat: SeatFacts) -> str:
    """Return « Jury régional Bretagne · 2026 »."""
    return f"{jury_name(seat.region_name)} · {seat.year}"


def seat_items(seats: Iterable[SeatFacts]) -> list[tuple[str, str, str, str, str]]:
    """Return the lines of the list of one's seats."""
    return [
        (
            seat_name(seat),
            url_for("jury.seat", seat_key=seat.key),
            phase_name(seat.phase, is_national=seat.is_national),
            "info",
            function_name(seat.function) + (f" · {seat.theme_name}" if seat.theme_name else ""),
        )
        for seat in seats
    ]


def progress_sentence(done: int, total: int) -> str:
    """Return « 5 dossiers notés sur 8, il reste environ 1 h 15. »."""
    left = total - done
    if not total:
        return _("Aucun dossier à noter pour le moment.")
    if not left:
        return ngettext(
            "%(num)s dossier noté : tout est fait.", "%(num)s dossiers notés : tout est fait.", done
        )
    return _(
        "%(done)s sur %(total)s, il reste environ %(time)s.",
        done=done,
        total=total,
        time=duration(time_left(left)),
    )


def duration(minutes: int) -> str:
    """Return « 1 h 10 » or « 40 minutes »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s\u00a0minutes", minutes=rest)
    return f"{hours}\u00a0h" + (f"\u00a0{rest:02d}" if rest else "")


def closing(closes_at: datetime | None, zone: str) -> tuple[str, str | None] | None:
    """Return the closing instant in the round's zone, and in Paris's where it differs."""
    if closes_at is None:
        return None
    local = closing_in_words(closes_at, zone)
    return local, None if zone == PARIS else closing_in_words(closes_at, PARIS)


def seat_tabs(
    seat_key: str, function: str, phase: Phase, current: str, *, leads: bool | None = None
) -> list[tuple[str, str, bool, None]]:
    """Return the tabs of a seat's pages, those that have something to show in this phase."""
    wanted = [("jury.seat", _("Dossiers")), ("jury.interests", _("Mes liens"))]
    if phase >= Phase.SCORING and function != "secretary":
        wanted.append(("jury_file.my_marks", _("Mes notes")))
    if phase is Phase.SCORING and (function in ("chair", "deputy") if leads is None else leads):
        wanted.append(("jury_chair.progress_page", _("Avancement")))
    if phase in (Phase.DELIBERATION, Phase.DECIDED, Phase.PUBLISHED):
        wanted += [
            ("jury_chair.ranking", _("Classement")),
            ("deliberation.home", _("Délibération")),
            ("deliberation.minutes", _("Procès-verbal")),
        ]
    if phase in (Phase.DECIDED, Phase.PUBLISHED) and function in ("chair", "deputy"):
        wanted.append(("candidate_accounts.home", _("Comptes rendus")))
    return [
        (label, url_for(endpoint, seat_key=seat_key), endpoint == current, None)
        for endpoint, label in wanted
        if endpoint in current_app.view_functions
    ]


def criterion_fields(
    file: OpenFile,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    differences: Mapping[str, Difference] | None = None,
) -> list[CriterionField]:
    """Return the criteria with what is kept, or with what was typed where something was."""
    typed, errors, differences = typed or {}, errors or {}, differences or {}
    fields = []
    for criterion in file.criteria:
        name = f"mark-{criterion.code}"
        stored = file.sheet.marks[criterion.code]
        fields.append(
            CriterionField(
                name=name,
                label=criterion.name,
                help=criterion.question,
                weight=criterion.weight,
                levels=criterion.levels,
                value=str(typed.get(name, stored.value)),
                reason=str(typed.get(f"{name}-reason", stored.reason)),
                version=str(stored.version),
                error=_error(name, errors, differences, dict(criterion.levels)),
            )
        )
    return fields


def _error(
    name: str, errors: Mapping[str, str], differences: Mapping[str, Difference], words: Mapping[int, str]
) -> str | None:
    if name in errors:
        return sentence_of(errors[name])
    level, reason = differences.get(name), differences.get(f"{name}-reason")
    if level is not None:
        return _(
            "Modifié entre-temps. Ici : %(yours)s. Enregistré : %(theirs)s.",
            yours=level_words(level.yours, words),
            theirs=level_words(level.theirs, words),
        )
    if reason is not None:
        return _("Modifié entre-temps. Le motif enregistré est : « %(theirs)s »", theirs=reason.theirs)
    return None


def level_words(value: str, words: Mapping[int, str]) -> str:
    """Return a level with its words, as people read it."""
    if value == "none":
        return _("je ne peux pas juger")
    if not value:
        return _("sans réponse")
    return f"{value} — {words.get(int(value), '')}"


def note_fields(
    file: OpenFile,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    differences: Mapping[str, Difference] | None = None,
) -> dict[str, NoteField]:
    """Return the two boxes with what is kept, or typed."""
    typed, errors, differences = typed or {}, errors or {}, differences or {}
    fields = {}
    for name in ("private_note", "shared_comment"):
        stored = str(getattr(file.sheet, name))
        other = differences.get(name)
        error = sentence_of(errors[name]) if name in errors else None
        if other is not None:
            error = _("Modifié entre-temps. Le texte enregistré est : « %(theirs)s »", theirs=other.theirs)
        fields[name] = NoteField(name, str(typed.get(name, stored)), text_token(stored), error)
    return fields


def why_these(listed: SeatList) -> str:
    """Say why these files are in the list of this person; empty where that is not known."""
    if listed.given is None:
        return ""
    if not listed.given:
        if listed.seat.theme_id is None:
            return _("Tout le jury lit tout : vous avez chaque dossier, sauf ceux dont vous vous déportez.")
        return _(
            "Tout le jury lit tout : vous avez chaque dossier de votre thématique, sauf ceux dont vous vous déportez."
        )
    parts = [
        ngettext(
            "%(num)s dossier vous est confié : une répartition a donné à chaque dossier le nombre de lectures voulu, à chaque membre du jury une charge égale, et à vous aucun dossier dont vous vous déportez. Entre les répartitions possibles, le sort a choisi.",
            "%(num)s dossiers vous sont confiés : une répartition a donné à chaque dossier le nombre de lectures voulu, à chaque membre du jury une charge égale, et à vous aucun dossier dont vous vous déportez. Entre les répartitions possibles, le sort a choisi.",
            min(listed.given, listed.total),
        )
    ]
    if listed.by_hand:
        parts.append(
            ngettext(
                "%(num)s a été ajouté à la main.",
                "%(num)s ont été ajoutés à la main.",
                listed.by_hand,
            )
        )
    if listed.total > listed.given:
        parts.append(_("Les autres sont lus par tout le jury."))
    return " ".join(parts)


def why_missing(why: str) -> str:
    """Return why the lock waits for a sheet."""
    return {
        "undeclared": _("lien à déclarer"),
        "unsure": _("lien à régler par la CRESS"),
        "cannot_judge": _("« je ne peux pas juger »"),
        "unmarked": _("notes manquantes"),
        "final": _("fiche définitive"),
    }[why]


def marks_headings(criteria: Iterable[str]) -> list[str | tuple[str, str]]:
    """Return the headings of the table of one's own marks."""
    return [_("Dossier"), *((name, "num") for name in criteria), (_("Note"), "num")]


def missing_items(lines: Iterable[tuple[str, str]]) -> list[tuple[None, str]]:
    """Return what the lock waits for, a sentence a sheet."""
    return [
        (None, _("%(juror)s : la fiche de « %(file)s »", juror=juror, file=file)) for juror, file in lines
    ]


def is_chair(subjects: Iterable[Subject]) -> bool:
    """Say whether the person leads the jury here."""
    return Subject.CHAIR in frozenset(subjects)
