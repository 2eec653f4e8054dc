"""Who reads what, in words: loads, reasons, what cannot hold."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from awards_app.domain.assignment import Demand, Pair, groups
from awards_app.domain.effort import minutes_each, minutes_of_file
from awards_app.domain.phases import Phase
from awards_app.queries.assignments import Assignments, FileToGive, PlanLine, ReaderSeat, ThemeToGive

PER_PAGE = 50
# A file as it is when none is known yet: about 1,700 words and three attachments.
USUAL_SIGNS = 10_000
USUAL_FILES = 3
SHOWN_NAMES = 6


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person with what they read and why."""

    key: str
    name: str
    function: str
    files: int
    minutes: int
    why: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a jury is asked for: minutes each, from the files there are or from the numbers typed."""

    files: int
    people: int
    readers: int
    minutes_a_file: int
    minutes_each: int


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file with its readers; ``is_short`` when fewer than asked read it."""

    file: FileToGive
    readers: tuple[tuple[ReaderSeat, bool], ...]
    is_parted: bool
    is_short: bool


@dataclass(frozen=True, slots=True)
class ThemeView:
    """One theme of the page."""

    theme: ThemeToGive
    is_parted: bool
    people: tuple[PersonLine, ...]
    rows: tuple[FileRow, ...]
    plan: PlanLine | None
    asked: int
    least: int
    most: int
    short: int
    linked: bool


def theme_view(state: Assignments, theme: ThemeToGive) -> ThemeView:
    """Return a theme with its people and files."""
    files, seats = state.files_of(theme.id), state.seats_of(theme.id)
    plan = state.plans.get(theme.id)
    is_parted = state.is_parted(theme.id)
    pairs = frozenset(
        (file.key, seat.key)
        for file in files
        for seat in seats
        if _reads(state, file, seat) and (file.key, seat.key) not in state.closed
    )
    wanted = state.asked.get(theme.id, 0) if is_parted else 0
    rows = tuple(_file_row(state, file, seats, pairs, wanted) for file in files)
    people = tuple(_person(state, seat, files, pairs, is_parted) for seat in seats)
    counts = [person.files for person in people]
    return ThemeView(
        theme=theme,
        is_parted=is_parted,
        people=people,
        rows=rows,
        plan=plan,
        asked=wanted,
        least=min(counts, default=0),
        most=max(counts, default=0),
        short=sum(row.is_short for row in rows),
        linked=len(groups([seat.key for seat in seats], pairs)) <= 1,
    )


def _reads(state: Assignments, file: FileToGive, seat: ReaderSeat) -> bool:
    return file.key not in state.parted or (file.key, seat.key) in state.given


def _file_row(
    state: Assignments,
    file: FileToGive,
    seats: Iterable[ReaderSeat],
    pairs: frozenset[Pair],
    wanted: int,
) -> FileRow:
    readers = tuple(
        (seat, state.given.get((file.key, seat.key)) == "hand")
        for seat in seats
        if (file.key, seat.key) in pairs
    )
    return FileRow(file, readers, file.key in state.parted, len(readers) < wanted)


def _person(
    state: Assignments,
    seat: ReaderSeat,
    files: tuple[FileToGive, ...],
    pairs: frozenset[Pair],
    is_parted: bool,
) -> PersonLine:
    own = [file for file in files if (file.key, seat.key) in pairs]
    return PersonLine(
        key=seat.key,
        name=seat.name,
        function=seat.function,
        files=len(own),
        minutes=sum(file.minutes for file in own),
        why=_why(state, seat, files, own, pairs) if is_parted else _why_all(state, seat, files),
    )


def _why_all(state: Assignments, seat: ReaderSeat, files: tuple[FileToGive, ...]) -> str:
    closed = sum((file.key, seat.key) in state.closed for file in files)
    if not closed:
        return _("Lit tous les dossiers de la thématique.")
    return _("Lit tous les dossiers de la thématique, sauf %(closed)s.", closed=_set_apart(closed))


def _set_apart(count: int) -> str:
    return ngettext("%(num)s dont cette personne se déporte", "%(num)s dont cette personne se déporte", count)


def _why(
    state: Assignments,
    seat: ReaderSeat,
    files: tuple[FileToGive, ...],
    own: list[FileToGive],
    pairs: frozenset[Pair],
) -> str:
    """Say why this person reads these: what is closed, what was drawn, what was given by hand, who is shared with."""
    closed = sum((file.key, seat.key) in state.closed for file in files)
    by_hand = sum(state.given.get((file.key, seat.key)) == "hand" for file in own)
    keys = {file.key for file in own}
    others = {juror for file, juror in pairs if file in keys and juror != seat.key}
    parts = [
        ngettext(
            "tirés au sort parmi les répartitions équilibrées, sur %(num)s dossier",
            "tirés au sort parmi les répartitions équilibrées, sur %(num)s dossiers",
            len(files),
        )
    ]
    if closed:
        parts.append(ngettext("%(num)s fermé par un déport", "%(num)s fermés par un déport", closed))
    if by_hand:
        parts.append(ngettext("%(num)s ajouté à la main", "%(num)s ajoutés à la main", by_hand))
    parts.append(
        ngettext(
            "au moins un dossier en commun avec %(num)s autre personne",
            "au moins un dossier en commun avec %(num)s autres personnes",
            len(others),
        )
        if others
        else _("aucun dossier en commun avec le reste du jury")
    )
    sentence = " ; ".join(parts)
    return sentence[0].upper() + sentence[1:] + "."


def impossible_sentences(plan: PlanLine, state: Assignments) -> tuple[str, list[str]]:
    """Return which demand cannot hold and what would, from a plan that has no answer."""
    demand = Demand(plan.outcome["demand"])
    lines = _reasons(demand, plan, state)
    if demand not in (Demand.TIME, Demand.NOBODY):
        lines.append(_way_out(demand, plan.outcome.get("possible")))
    return _title(demand, plan), lines


def _title(demand: Demand, plan: PlanLine) -> str:
    match demand:
        case Demand.READERS:
            return _("Chaque dossier ne peut pas avoir %(readers)s lectures", readers=plan.readers)
        case Demand.MOST:
            return _("Le plafond de %(most)s dossiers par personne est trop bas", most=plan.most)
        case Demand.TOGETHER:
            return _("Ces lectures ne tiennent pas ensemble")
        case Demand.BALANCE:
            return _("La charge ne peut pas être égale à %(spread)s dossier près", spread=plan.spread)
        case Demand.LINKS:
            return _("Le jury ne peut pas rester comparable d’un bout à l’autre")
        case Demand.TIME:
            return _("Le calcul n’a pas abouti dans le temps imparti")
        case Demand.NOBODY:
            return _("Personne ne peut lire")


def _reasons(demand: Demand, plan: PlanLine, state: Assignments) -> list[str]:
    outcome: Mapping[str, Any] = plan.outcome
    files = {file.key: file.structure for file in state.files}
    people = {seat.key: seat.name for seat in state.seats}
    match demand:
        case Demand.READERS:
            return [_short_file(files.get(key, key), able) for key, able in outcome["files"][:SHOWN_NAMES]]
        case Demand.MOST:
            return [
                _(
                    "%(readers)s lectures par dossier demandent plus de lectures que le jury n’en a sous ce plafond.",
                    readers=plan.readers,
                )
            ]
        case Demand.TOGETHER:
            named = _listed([files.get(key, key) for key, _able in outcome["files"]])
            return [_("Ces dossiers se disputent les mêmes personnes : %(files)s.", files=named)]
        case Demand.BALANCE:
            return [_busy(people.get(key, key), able) for key, able in outcome["jurors"][:SHOWN_NAMES]]
        case Demand.LINKS:
            return [
                _(
                    "Il faut que des dossiers en commun relient toutes les personnes, de proche en proche. Avec ces demandes, certaines n’auraient aucun dossier en commun avec les autres."
                )
            ]
        case Demand.TIME:
            return [
                _(
                    "Acceptez un écart plus grand entre deux personnes, puis demandez de nouveau la répartition."
                )
            ]
        case Demand.NOBODY:
            return [_("Aucune personne n’a encore accepté de place dans cette thématique.")]


def _short_file(name: str, able: int) -> str:
    return ngettext(
        "« %(file)s » : %(num)s personne seulement peut le lire, les autres s’en déportent ou ne siègent pas dans sa thématique.",
        "« %(file)s » : %(num)s personnes seulement peuvent le lire, les autres s’en déportent ou ne siègent pas dans sa thématique.",
        able,
        file=name,
    )


def _busy(name: str, able: int) -> str:
    return ngettext(
        "%(name)s ne peut lire que %(num)s dossier.",
        "%(name)s ne peut lire que %(num)s dossiers.",
        able,
        name=name,
    )


def _way_out(demand: Demand, possible: int | None) -> str:
    if possible is None:
        return (
            _("Aucun écart ne le permet : augmentez le nombre de lectures par dossier, ou complétez le jury.")
            if demand in (Demand.LINKS, Demand.BALANCE)
            else _("Complétez le jury de cette thématique.")
        )
    if demand in (Demand.BALANCE, Demand.LINKS):
        return ngettext(
            "C’est possible en acceptant un écart de %(num)s dossier.",
            "C’est possible en acceptant un écart de %(num)s dossiers.",
            possible,
        )
    return ngettext(
        "C’est possible avec %(num)s lecture par dossier.",
        "C’est possible avec %(num)s lectures par dossier.",
        possible,
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"« {name} »" for name in names[:SHOWN_NAMES])
    left = len(names) - SHOWN_NAMES
    return shown + (_(" et %(count)s autres", count=left) if left > 0 else "")


def may_take_away(phase: Phase) -> bool:
    """Say whether a reading may be taken away: not once scoring is open."""
    return phase < Phase.SCORING


def forecast(state: Assignments, typed: Mapping[str, str]) -> Forecast:
    """Return the hours each person is asked for, before anybody is invited.

    Numbers typed win; without them, the files found admissible and the people who accepted.
    """
    counts = {name: _count(typed.get(name, "")) for name in ("dossiers", "personnes", "lectures")}
    known = [file.minutes for file in state.files]
    a_file = (
        round(sum(known) / len(known)) if known else minutes_of_file(state.pace, USUAL_SIGNS, USUAL_FILES)
    )
    files = counts["dossiers"] or len(known)
    people = counts["personnes"] or len(state.seats) + state.invited
    readers = min(counts["lectures"] or people, people)
    each = minutes_each([a_file] * files, readers, people)
    if state.parted and not any(counts.values()):
        readings = [
            file
            for file in state.files
            for seat in state.seats
            if _reads(state, file, seat) and (file.key, seat.key) not in state.closed
        ]
        readers = round(len(readings) / len(state.files))
        each = minutes_each([file.minutes for file in readings], 1, len(state.seats))
    return Forecast(files=files, people=people, readers=readers, minutes_a_file=a_file, minutes_each=each)


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def hours(minutes: int) -> str:
    """Return « 6 h 40 » or « 50 min », to the nearest ten minutes."""
    rounded = -(-minutes // 10) * 10
    whole, rest = divmod(rounded, 60)
    if not whole:
        return _("%(minutes)s min", minutes=rest)
    return _("%(hours)s h", hours=whole) + (f" {rest:02d}" if rest else "")


def page_links(round_key: str, theme: str) -> Callable[[int], str]:
    """Return the address of each page of the list of files."""
    return lambda page: url_for("staff_assignments.home", round_key=round_key, theme=theme, page=page)
