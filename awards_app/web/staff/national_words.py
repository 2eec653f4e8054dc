"""What the national board says: states of a theme and of a region, filters, the map, the lines of the table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from awards_app.domain.phases import Phase
from awards_app.queries.national_board import (
    AWAITED,
    ENTRY,
    FLAGGED,
    UNAWARDED,
    NationalBoard,
    RegionLine,
    ThemeCell,
)
from awards_app.web.languages import day_in_words, instant_in_words
from awards_app.web.phrases import phase_name
from awards_app.web.staff.boards import PHASE_KINDS


def state_words() -> dict[str, tuple[str, str]]:
    """Return the words of what a region says of a theme, and the kind of its tag."""
    return {
        ENTRY: (_("retenue"), "success"),
        FLAGGED: (_("retirée : à remplacer"), "danger"),
        UNAWARDED: (_("sans finaliste"), "neutral"),
        "no_finalist": (_("sans finaliste"), "neutral"),
        "not_taking_part": (_("ne prend pas part"), "neutral"),
        AWAITED: (_("attendue"), "waiting"),
    }


def phase_of(line: RegionLine) -> tuple[str, str]:
    """Return the region's phase in words and the kind of its tag."""
    if not line.takes_part:
        return _("ne prend pas part"), "neutral"
    return phase_name(line.phase), PHASE_KINDS[line.phase]


def late_words(line: RegionLine) -> str:
    """Return how late a region is, in words; empty when it is not."""
    if not line.late:
        return ""
    return ngettext("%(num)s jour de retard", "%(num)s jours de retard", line.late)


def files_words(line: RegionLine) -> str:
    """Return how many files were filed and found admissible."""
    filed = ngettext("%(num)s candidature", "%(num)s candidatures", line.submitted)
    admissible = ngettext("%(num)s recevable", "%(num)s recevables", line.admissible)
    return f"{filed}, {admissible}"


def jury_words(line: RegionLine) -> str:
    """Return how many members of the jury have finished."""
    return _("jury : %(done)s sur %(total)s ont terminé", done=line.finished, total=line.jurors)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; an unknown value asks for nothing."""

    phase: str = ""
    state: str = ""
    only_late: bool = False

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Filters":
        """Return the filters of an address."""
        phase, state = arguments.get("phase", ""), arguments.get("etat", "")
        return cls(
            phase if phase in {one.value for one in Phase} else "",
            state if state in state_words() else "",
            arguments.get("retard", "") == "oui",
        )

    def keeps(self, line: RegionLine) -> bool:
        """Say whether a region answers them."""
        return (
            self.phase in ("", line.phase.value)
            and (not self.state or any(cell.state == self.state for cell in line.cells))
            and (not self.only_late or line.late > 0)
        )

    def arguments(self) -> dict[str, str | None]:
        """Return them as they go in an address."""
        return {
            "phase": self.phase or None,
            "etat": self.state or None,
            "retard": "oui" if self.only_late else None,
        }


def phase_choices() -> list[tuple[str, str]]:
    """Return the phases to filter by."""
    return [("", _("toutes")), *((phase.value, phase_name(phase)) for phase in Phase)]


def state_choices() -> list[tuple[str, str]]:
    """Return the states of a theme to filter by; two of them say the same."""
    return [("", _("tous"))] + [
        (state, words) for state, (words, _kind) in state_words().items() if state != UNAWARDED
    ]


def figures_of(board: NationalBoard) -> list[tuple[object, str, str | None, str | None]]:
    """Return the large numbers of the board."""
    regions = [line for line in board.regions if line.takes_part]
    cells = [cell for line in regions for cell in line.cells]
    entries = sum(cell.state == ENTRY for cell in cells)
    late = sum(line.late > 0 for line in regions)
    decided = sum(line.phase >= Phase.DECIDED for line in regions)
    return [
        (
            _("%(done)s sur %(total)s", done=decided, total=len(regions)),
            _("régions ont décidé"),
            None,
            None,
        ),
        (entries, ngettext("candidature reçue", "candidatures reçues", entries), None, None),
        (
            sum(not cell.is_settled for cell in cells),
            _("réponses encore attendues"),
            _("une par région et par thématique"),
            None,
        ),
        (
            late,
            ngettext("région en retard", "régions en retard", late),
            None,
            url_for("staff_national.board", retard="oui") if late else None,
        ),
    ]


def map_of(lines: Iterable[RegionLine], kept: Iterable[RegionLine]) -> list[dict[str, str | None]]:
    """Return the regions as the map draws them: coloured by what they sent, the late ones apart."""
    shown = {line.code for line in kept}
    return [
        {
            "code": line.code,
            "name": line.name,
            "href": url_for("staff_national.region", round_key=line.key),
            "state": _map_state(line) if line.code in shown else "none",
            "text": _map_text(line),
        }
        for line in lines
    ]


def _map_state(line: RegionLine) -> str:
    if not line.takes_part:
        return "none"
    if line.phase >= Phase.PUBLISHED:
        return "done"
    if line.is_settled:
        return "gold"
    return "late" if line.late else "active"


def _map_text(line: RegionLine) -> str:
    words = state_words()
    parts = [phase_of(line)[0]]
    if line.takes_part:
        parts += [
            _("%(theme)s : %(state)s", theme=cell.theme_name, state=words[cell.state][0])
            for cell in line.cells
        ]
    return " · ".join(part for part in (*parts, late_words(line)) if part)


def map_legend() -> list[tuple[str, str]]:
    """Return the states of the map with their words."""
    return [
        ("none", _("ne prend pas part, ou hors du filtre")),
        ("active", _("en cours, dans les temps")),
        ("late", _("en retard")),
        ("gold", _("tout est reçu, sous embargo")),
        ("done", _("publié")),
    ]


def cell_words(cell: ThemeCell) -> str:
    """Return what the table says of a theme in one cell."""
    words = state_words()[cell.state][0]
    return f"{cell.structure} ({words})" if cell.structure else words


def csv_header(board: NationalBoard) -> list[str]:
    """Return the headings of the table to take away."""
    return [
        _("Région"),
        _("Phase"),
        _("Candidatures déposées"),
        _("Recevables"),
        _("Jury : ont terminé"),
        _("Jury : membres"),
        *(name for _code, name in board.themes),
        _("Attendue le"),
        _("Jours de retard"),
        _("Dernière relance"),
        _("Coordination"),
        _("Courriel"),
    ]


def csv_row(line: RegionLine) -> list[str]:
    """Return one region as a line of that table."""
    return [
        line.name,
        phase_of(line)[0],
        str(line.submitted),
        str(line.admissible),
        str(line.finished),
        str(line.jurors),
        *(cell_words(cell) for cell in line.cells),
        day_in_words(line.due_at, line.zone) if line.due_at else "",
        str(line.late),
        instant_in_words(line.chased_at) if line.chased_at else "",
        ", ".join(name for name, _email in line.contacts),
        ", ".join(email for _name, email in line.contacts),
    ]
