"""Draws the rounds of an edition: their state, their steps, the board of regions and the map."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from awards_app.domain.coordination import RoundCounts
from awards_app.domain.phases import Phase
from awards_app.queries.staff import StaffRound
from awards_app.web.phrases import phase_name

PHASE_KINDS = {
    Phase.PREPARATION: "neutral",
    Phase.FILING: "info",
    Phase.ADMISSIBILITY: "waiting",
    Phase.SCORING: "info",
    Phase.DELIBERATION: "waiting",
    Phase.DECIDED: "gold",
    Phase.PUBLISHED: "success",
    Phase.ARCHIVED: "neutral",
}


def state_name(line: StaffRound) -> str:
    """Return the round's phase in words, or that the region does not take part."""
    return phase_name(line.phase, is_national=line.is_national) if line.takes_part else _("ne prend pas part")


def state_kind(line: StaffRound) -> str:
    """Return the kind of tag of the round's state."""
    return PHASE_KINDS[line.phase] if line.takes_part else "neutral"


def phase_steps(line: StaffRound) -> list[tuple[str, str, None]]:
    """Return the steps of the cycle for the stepper: done, current, next."""
    phases = list(Phase)
    if line.is_national:
        phases = [phase for phase in phases if phase > Phase.FILING or phase is line.phase]
    here = phases.index(line.phase)
    names = ("done", "current", "next")
    return [
        (phase_name(phase, is_national=line.is_national), names[(index >= here) + (index > here)], None)
        for index, phase in enumerate(phases)
    ]


def progress_of(line: StaffRound) -> tuple[int, int, str]:
    """Return what is done, of how many, in the round's present phase, with its words."""
    counts: RoundCounts = line.counts
    if line.phase is Phase.FILING:
        total = counts.submitted + counts.drafts
        return counts.submitted, total, _("candidatures déposées")
    if line.phase is Phase.ADMISSIBILITY:
        return counts.submitted - counts.undecided, counts.submitted, _("recevabilités décidées")
    if line.phase is Phase.SCORING:
        return counts.finished_jurors, counts.seats, _("membres du jury ont terminé")
    if counts.files and line.phase > Phase.SCORING:
        return 0, 0, ngettext("%(num)s candidature jugée", "%(num)s candidatures jugées", counts.files)
    return 0, 0, ""


# A phase as the map colours it.
_MAP_STATES = {
    Phase.PREPARATION: "none",
    Phase.FILING: "active",
    Phase.ADMISSIBILITY: "waiting",
    Phase.SCORING: "active",
    Phase.DELIBERATION: "waiting",
    Phase.DECIDED: "gold",
    Phase.PUBLISHED: "done",
    Phase.ARCHIVED: "done",
}


def map_region(line: StaffRound) -> dict[str, str | None]:
    """Return the region as the map draws it."""
    return {
        "code": line.region_code,
        "name": line.region_name,
        "href": url_for("staff.round", round_key=line.key),
        "state": _MAP_STATES[line.phase] if line.takes_part else "none",
        "text": state_name(line),
    }


def map_legend() -> list[tuple[str, str]]:
    """Return the states of the map with their words."""
    return [
        ("none", _("en préparation, ou ne prend pas part")),
        ("active", _("dépôt ou notation en cours")),
        ("waiting", _("recevabilité ou délibération")),
        ("gold", _("décidé, sous embargo")),
        ("done", _("publié")),
    ]


def board_cell(line: StaffRound) -> dict[str, object]:
    """Return the region as the board shows it."""
    done, total, text = progress_of(line) if line.takes_part else (0, 0, "")
    if not total and line.phase <= Phase.SCORING:
        text = ""
    return {
        "name": line.region_name,
        "href": url_for("staff.round", round_key=line.key),
        "state": state_name(line),
        "kind": state_kind(line),
        "done": done,
        "total": total,
        "text": text,
    }


def level_names() -> dict[str, str]:
    """Return the words of the two levels of a grid or a prize."""
    return {"regional": _("jurys régionaux"), "national": _("jury national")}


def edition_figures(rounds: tuple[StaffRound, ...]) -> list[tuple[int, str, None, None]]:
    """Return the large numbers of an edition, over the rounds of one's scope."""
    regional = [line for line in rounds if not line.is_national]
    submitted = sum(line.counts.submitted for line in regional)
    admissible = sum(line.counts.admissible for line in regional)
    entries = sum(line.counts.entries for line in rounds)
    if not submitted:
        return []
    return [
        (submitted, ngettext("candidature déposée", "candidatures déposées", submitted), None, None),
        (admissible, ngettext("recevable", "recevables", admissible), None, None),
        (
            entries,
            ngettext("retenue pour le jury national", "retenues pour le jury national", entries),
            None,
            None,
        ),
    ]
