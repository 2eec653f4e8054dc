"""A deliberation for the screen: themes with their ranking, slots with what is proposed, values of forms."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from awards_app.domain.deliberations import ATTENDANCE, TIE_METHODS, Slot, check_eligible
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import Refusal
from awards_app.queries.deliberation_views import DeliberationView
from awards_app.queries.deliberations import DecisionLine, RankedLine
from awards_app.web.jury.deliberation_forms import NOBODY
from awards_app.web.phrases import sentence_of

FUNCTIONS = {
    "chair": "Présidence",
    "deputy": "Vice-présidence",
    "secretary": "Secrétariat",
    "juror": "Membre",
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of the ranking, with its quorum in words and who leaves the room."""

    line: RankedLine
    quorum: str
    quorate: bool
    leaving: str


@dataclass(frozen=True, slots=True)
class TieGroup:
    """Equal files, and how they were parted if they were."""

    rank: int
    files: tuple[RankedLine, ...]
    order: tuple[str, ...]
    method: str
    reason: str


@dataclass(frozen=True, slots=True)
class ThemePage:
    """A theme of the deliberation."""

    code: str
    name: str
    files: tuple[FileRow, ...]
    ties: tuple[TieGroup, ...]
    leads: bool


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A prize, in a theme or over all, with the decisions on it."""

    slot: Slot
    decisions: tuple[DecisionLine, ...]
    is_full: bool


def themes(view: DeliberationView) -> list[ThemePage]:
    """Return the themes with their files."""
    pages = []
    for theme in view.desk.themes:
        files = [file for file in view.desk.files if file.theme_id == theme.id]
        pages.append(
            ThemePage(
                theme.code,
                theme.name,
                tuple(_file(view, file) for file in files),
                tuple(_ties(view, files)),
                view.room.may(Permission.PROPOSE_DECISION, theme.id),
            )
        )
    return pages


def _file(view: DeliberationView, file: RankedLine) -> FileRow:
    quorum = view.desk.quorum(file)
    words = _("%(present)s sur %(base)s", present=quorum.present, base=quorum.base)
    return FileRow(file, words, quorum.is_reached, ", ".join(view.leaving(file)))


def _ties(view: DeliberationView, files: list[RankedLine]) -> list[TieGroup]:
    ranks = Counter(file.rank for file in files if file.rank is not None and not file.withdrawn)
    names = {file.key: file.structure for file in files}
    groups = []
    for rank, count in sorted(ranks.items()):
        if count < 2:
            continue
        equals = tuple(file for file in files if file.rank == rank and not file.withdrawn)
        keys = {file.key for file in equals}
        known = next((line for line in view.desk.tie_breaks if set(line.ordered_keys) >= keys), None)
        groups.append(
            TieGroup(
                rank,
                equals,
                tuple(names.get(key, "") for key in known.ordered_keys) if known else (),
                _(TIE_METHODS[known.method]) if known else "",
                known.reason if known else "",
            )
        )
    return groups


def seats(view: DeliberationView) -> list[dict[str, Any]]:
    """Return the members of the jury with what is noted of their attendance."""
    return [
        {
            "key": seat.key,
            "name": seat.name,
            "function": _(FUNCTIONS.get(seat.function, "Membre")),
            "attendance": seat.attendance,
            "words": _(ATTENDANCE[seat.attendance]) if seat.attendance in ATTENDANCE else _("à noter"),
        }
        for seat in view.desk.seats
    ]


def methods() -> list[tuple[str, str]]:
    """Return the methods of a tie-break."""
    return [(code, _(words)) for code, words in TIE_METHODS.items()]


def slots(view: DeliberationView) -> list[SlotRow]:
    """Return the prizes with what is proposed or decided on each."""
    codes = {theme.id: theme.code for theme in view.desk.themes}
    rows = []
    for slot in view.desk.slots():
        mine = tuple(
            line
            for line in view.desk.decisions
            if view.desk.prize(line.prize_id).code == slot.prize
            and (slot.theme is None or codes.get(line.theme_id or 0) == slot.theme)
        )
        full = len(mine) >= slot.places or any(line.candidacy_key is None for line in mine)
        rows.append(SlotRow(slot, mine, full))
    return rows


def choices(view: DeliberationView, slot: Slot) -> list[SelectChoice]:
    """Return the files that may receive a prize, in the order of the ranking, then nobody."""
    contest = view.desk.contest()
    found = [SelectChoice("", _("Choisissez"))]
    for file in view.desk.files:
        try:
            check_eligible(contest, slot, file.key)
        except Refusal:
            continue
        found.append(SelectChoice(file.key, f"{file.rank}. {file.structure}, {file.title}"))
    return [*found, SelectChoice(NOBODY, _("Non décerné"))]


def minutes_values(view: DeliberationView, name: str) -> dict[str, Any]:
    """Return what the form of the minutes shows first."""
    typed = view.desk.minutes.content.get("typed", {}) if view.desk.minutes else {}
    votes = typed.get("votes") or [{}]
    secretary = next((seat.name for seat in view.desk.seats if seat.function == "secretary"), "")
    return {
        "place": typed.get("place", ""),
        "held_on": typed.get("day", ""),
        "chair": typed.get("chair", name),
        "secretary": typed.get("secretary", secretary),
        "notes": typed.get("notes", ""),
        **{key: str(value) for key, value in votes[0].items()},
    }


def attach(form: FlaskForm, refusal: Refusal, default: str) -> None:
    """Put a refusal's sentences on the fields they belong to, or on ``default``."""
    errors = {
        name: sentence_of(words) for name, words in getattr(refusal, "errors", {}).items() if name in form
    }
    for name, sentence in (errors or {default: sentence_of(refusal)}).items():
        form[name].errors = [*form[name].errors, sentence]


def place_of(name: str) -> int:
    """Return the place that a field of a tie-break's form names."""
    text = name.removeprefix("place-")
    return int(text) if text.isascii() and text.isdigit() else 0


def as_pdf(name: str, paper: bytes) -> Response:
    """Return a paper as the answer to a download."""
    disposition = f'inline; filename="{name}"'
    return Response(paper, mimetype="application/pdf", headers={"Content-Disposition": disposition})
