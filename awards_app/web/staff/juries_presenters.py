"""What the chamber's pages about a jury show in words."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from awards_app.domain.permissions import Permission, Subject, is_allowed
from awards_app.domain.phases import Phase
from awards_app.queries.access import RoundFacts
from awards_app.queries.compositions import SeatLine
from awards_app.web.languages import PARIS, closing_in_words

Tab = tuple[str, str, bool, None]


def function_name(function: str) -> str:
    """Return a seat's function in words."""
    return {
        "juror": _("Membre du jury"),
        "chair": _("Présidence du jury"),
        "deputy": _("Vice-présidence du jury"),
        "secretary": _("Secrétariat du jury"),
    }[function]


def round_name(facts: RoundFacts) -> str:
    """Return the region's name, or « Jury national »."""
    return facts.region_name or _("Jury national")


def breadcrumb_items(facts: RoundFacts) -> list[tuple[str, str]]:
    """Return the way to a page of a round."""
    return [
        (_("Coordination"), url_for("staff.home")),
        (round_name(facts), url_for("staff.round", round_key=facts.key)),
    ]


def jury_tabs(facts: RoundFacts, current: str) -> list[Tab]:
    """Return the tabs of the jury's desk, those that have something to show in this phase."""
    wanted = [("staff_juries.jury", _("Composition"))]
    if facts.phase <= Phase.SCORING and facts.subjects & {Subject.COORDINATOR, Subject.NATIONAL_STAFF}:
        wanted.append(("staff_assignments.home", _("Qui lit quoi")))
    if facts.phase >= Phase.ADMISSIBILITY:
        wanted.append(("staff_juries.interests", _("Liens et déports")))
    early = facts.phase is Phase.ADMISSIBILITY or (
        facts.region_code is None and facts.phase is Phase.PREPARATION
    )
    if is_allowed(Permission.READ_PROGRESS, facts.phase, facts.subjects) or (
        early and is_allowed(Permission.OPEN_SCORING, Phase.ADMISSIBILITY, facts.subjects)
    ):
        wanted.append(("staff_scoring.progress_page", _("Avancement")))
    if facts.phase >= Phase.DELIBERATION:
        wanted.append(("staff_scoring.ranking", _("Classement")))
    return [
        (label, url_for(endpoint, round_key=facts.key), endpoint == current, None)
        for endpoint, label in wanted
    ]


def seat_state(seat: SeatLine) -> tuple[str, str]:
    """Return where a seat stands, and the kind of its tag."""
    if seat.left_at is not None:
        return _("retiré"), "neutral"
    if seat.accepted_at is None and seat.standing_by_at is not None:
        return _("en suppléance"), "neutral"
    if seat.accepted_at is None:
        return _("invitation sans réponse"), "waiting"
    if seat.charter_at is None:
        return _("charte à accepter"), "waiting"
    return (_("a terminé"), "success") if seat.finished_at else (_("en place"), "info")


def why_nothing(seat: SeatLine, phase: str) -> str | None:
    """Return why a member of the jury sees no file, in one sentence; None when they see some."""
    if seat.standing_by_at is not None and seat.accepted_at is None:
        return _("En suppléance : cette personne ne siège pas tant que vous ne l’appelez pas.")
    if seat.accepted_at is None:
        return _("Cette personne n’a pas encore accepté son invitation.")
    if phase < "P2":
        return _("Aucun dossier ne s’ouvre avant la clôture de l’appel.")
    if seat.charter_at is None:
        return _("Cette personne n’a pas encore accepté la charte du jury.")
    if seat.files == 0:
        return _("Aucun dossier n’est recevable dans sa thématique pour l’instant.")
    if seat.opened:
        return None
    if seat.recused == seat.files:
        return _("Cette personne se déporte de tous les dossiers.")
    if seat.doubtful:
        return _("Un lien est à régler par la CRESS, les autres restent à déclarer.")
    return _("Cette personne n’a pas encore dit quels liens l’unissent aux structures.")


def has_chair(seats: Iterable[SeatLine]) -> bool:
    """Say whether somebody presides, or is invited to."""
    return any(seat.function == "chair" for seat in seats)


def closing(closes_at: Any, zone: str) -> tuple[str, str | None] | None:
    """Return the closing instant in the round's zone, and in Paris's where it differs."""
    if closes_at is None:
        return None
    return closing_in_words(closes_at, zone), None if zone == PARIS else closing_in_words(closes_at, PARIS)


def why_missing(why: str) -> str:
    """Return why the lock waits for a sheet."""
    return {
        "undeclared": _("lien à déclarer"),
        "unsure": _("lien à régler"),
        "cannot_judge": _("« je ne peux pas juger »"),
        "unmarked": _("notes manquantes"),
        "final": _("fiche définitive"),
    }[why]
