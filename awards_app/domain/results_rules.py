"""Whether a results archive holds together: everything recomputed from its scores, nothing taken on trust."""

from collections.abc import Iterator

from awards_app.domain.grid import Criterion, Grid, GridIsInvalid, check_grid
from awards_app.domain.ranking import Ballot, Key, MarksAreMissing, Sheet, rank
from awards_app.domain.results_schema import (
    ANNULLED,
    CONFIRMED,
    LAUREATE,
    NATIONAL,
    NATIONAL_ENTRY,
    NOMINEE,
    PROPOSED,
    REGIONAL,
    DecisionLine,
    Problem,
    RankingLine,
    ResultsArchive,
    RoundLine,
    ranking_lines,
)
from awards_app.domain.snapshot import RECUSED, SET_ASIDE, STATES, WAIVED, ThemeScores, sha256_of
from awards_app.domain.words import N_

UNKNOWN_LEVEL = N_("le tour n’est ni régional ni national.")
REPEATED_ROUND = N_("deux tours portent ce code.")
SNAPSHOT_DIFFERS = N_("l’empreinte de l’instantané ne correspond pas aux notes (recalculée : %(found)s).")
THEMES_DIFFER = N_("le classement ne porte pas sur les mêmes thématiques que les notes.")
SHEETS_ARE_WRONG = N_("les fiches d’évaluation ne sont pas cohérentes : %(why)s.")
GRID_IS_WRONG = N_("la grille ne tient pas : %(why)s")
MARKS_MISSING = N_("il manque des notes sans dispense.")
RANKING_DIFFERS = N_("le classement annonce %(stated)s, le recalcul donne %(found)s.")
NOT_OF_THE_THEME = N_("le dossier n’est pas de ce tour et de cette thématique.")
NOT_RANKED = N_("le dossier n’est pas classé.")
WITHDRAWN = N_("le dossier est retiré.")
UNKNOWN_STATUS = N_("l’état de la décision est inconnu.")
DECIDED_TWICE = N_("le dossier reçoit deux fois la même distinction.")
NO_PLACE = N_("décisions : %(count)s, places : %(places)s.")
MOTIVE_NEEDED = N_("une décision hors de l’ordre du classement doit porter un motif.")
UNAWARDED_NEEDS_MOTIVE = N_("une distinction non attribuée doit porter un motif.")
TIE_NOT_BROKEN = N_("un ex æquo n’est pas départagé avec une méthode et un motif.")
NOT_A_NOMINEE = N_("le dossier lauréat n’est pas parmi les dossiers nommés.")
NOT_AN_ENTRY = N_("aucun tour régional n’a retenu ce dossier pour le jury national.")


def problems_of(contents: ResultsArchive) -> Iterator[Problem]:
    """Yield what does not hold: snapshots, rankings, rules of decision, entries of the national jury."""
    seen: set[str] = set()
    for held in contents["rounds"]:
        if held["code"] in seen:
            yield Problem(held["code"], REPEATED_ROUND)
        seen.add(held["code"])
        if held["level"] not in (REGIONAL, NATIONAL):
            yield Problem(held["code"], UNKNOWN_LEVEL)
        yield from _round_problems(held)
    yield from _entry_problems(contents)


def ballot_of(scores: ThemeScores) -> Ballot:
    """Rebuild the ballot a theme was ranked from; raise ``GridIsInvalid``, or ``ValueError`` for a false line."""
    grid = check_grid(
        (Criterion(line["code"], line["weight"]) for line in scores["grid"]["criteria"]),
        scores["grid"]["top_level"],
        scores["grid"]["shown_out_of"],
    )
    panel: dict[Key, set[Key]] = {number: set() for number in scores["candidacies"]}
    if len(panel) != len(scores["candidacies"]):
        raise ValueError("a file is listed twice")
    sheets = []
    waivers = set()
    for line in scores["sheets"]:
        candidacy, juror, state = line["candidacy"], line["juror"], line["state"]
        where = f"{candidacy}/{juror}"
        if state not in STATES or candidacy not in panel or juror in panel[candidacy]:
            raise ValueError(where)
        _check_levels(grid, line["levels"], where)
        panel[candidacy].add(juror)
        sheets.append(Sheet(juror, candidacy, line["levels"], state == RECUSED, state == SET_ASIDE))
        if state == WAIVED:
            waivers.add((juror, candidacy))
    return Ballot(
        grid,
        {number: frozenset(jurors) for number, jurors in panel.items()},
        tuple(sheets),
        frozenset(waivers),
    )


def _check_levels(grid: Grid, levels: dict[str, int | None], where: str) -> None:
    for code, level in levels.items():
        if code not in grid.codes or (level is not None and not 0 <= level <= grid.top_level):
            raise ValueError(f"{where}/{code}")


def _round_problems(held: RoundLine) -> Iterator[Problem]:
    code = held["code"]
    found = sha256_of(held["scores"])
    if found != held["snapshot_sha256"]:
        yield Problem(f"{code}/snapshot", SNAPSHOT_DIFFERS, {"found": found})
    if set(held["scores"]["themes"]) != set(held["ranking"]):
        yield Problem(f"{code}/ranking", THEMES_DIFFER)
    for theme, scores in held["scores"]["themes"].items():
        yield from _ranking_problems(f"{code}/{theme}", scores, held["ranking"].get(theme, []))
    yield from _decision_problems(held)


def _ranking_problems(where: str, scores: ThemeScores, stated: list[RankingLine]) -> Iterator[Problem]:
    try:
        ballot = ballot_of(scores)
        standings = rank(ballot)
    except GridIsInvalid as refusal:
        yield Problem(f"{where}/grid", GRID_IS_WRONG, {"why": refusal})
        return
    except MarksAreMissing as refusal:
        for missing in refusal.missing:
            yield Problem(f"{where}/{missing.candidacy}/{missing.juror}", MARKS_MISSING)
        return
    except ValueError as fault:
        yield Problem(f"{where}/sheets", SHEETS_ARE_WRONG, {"why": fault})
        return
    numbers: dict[Key, str] = {number: number for number in scores["candidacies"]}
    computed = {line["candidacy"]: line for line in ranking_lines(standings, numbers)}
    held = {line["candidacy"]: line for line in stated}
    repeated = len(stated) != len(held)
    for number in sorted(computed.keys() | held.keys()):
        if held.get(number) != computed.get(number) or repeated:
            values = {"stated": _said(held.get(number)), "found": _said(computed.get(number))}
            yield Problem(f"{where}/{number}/rank", RANKING_DIFFERS, values)


def _said(line: RankingLine | None) -> str:
    if line is None:
        return "–"
    tied = " (ex æquo)" if line["tied"] else ""
    place = line["reason"] if line["rank"] is None else f"{line['rank']}{tied}"
    return f"{place}, {line['score']}, {line['readers']}"


def _decision_problems(held: RoundLine) -> Iterator[Problem]:
    standing = [line for line in held["decisions"] if line["status"] != ANNULLED]
    ranks = {
        (theme, line["candidacy"]): line["rank"] for theme, lines in held["ranking"].items() for line in lines
    }
    given: set[tuple[str, str, str | None]] = set()
    for line in standing:
        number = line["candidacy"]
        where = f"{held['code']}/{line['theme']}/{number or '–'}/{line['outcome']}"
        if line["status"] not in (PROPOSED, CONFIRMED):
            yield Problem(where, UNKNOWN_STATUS)
        if number is None:
            if not (line["motive"] or "").strip():
                yield Problem(where, UNAWARDED_NEEDS_MOTIVE)
            continue
        if (line["theme"], line["outcome"], number) in given:
            yield Problem(where, DECIDED_TWICE)
        given.add((line["theme"], line["outcome"], number))
        if (line["theme"], number) not in ranks:
            yield Problem(where, NOT_OF_THE_THEME)
        elif ranks[line["theme"], number] is None:
            yield Problem(where, NOT_RANKED)
        elif number in held["withdrawn"]:
            yield Problem(where, WITHDRAWN)
        else:
            yield from _order_problems(where, held, line)
    yield from _place_problems(held, [line for line in standing if line["candidacy"] is not None])


def _order_problems(where: str, held: RoundLine, line: DecisionLine) -> Iterator[Problem]:
    theme, outcome = line["theme"], line["outcome"]
    kept = _kept(held, theme, outcome)
    pool = {
        place["candidacy"]: place["rank"]
        for place in held["ranking"][theme]
        if place["rank"] is not None and place["candidacy"] not in held["withdrawn"]
    }
    if outcome == LAUREATE and held["places"].get(theme, {}).get(NOMINEE):
        nominees = _kept(held, theme, NOMINEE)
        if line["candidacy"] not in nominees:
            yield Problem(where, NOT_A_NOMINEE)
            return
        pool = {number: place for number, place in pool.items() if number in nominees}
    own = pool[line["candidacy"] or ""]
    passed_over = [number for number, place in pool.items() if number not in kept and place < own]
    if passed_over and not (line["motive"] or "").strip():
        yield Problem(where, MOTIVE_NEEDED)
    for equal in sorted(number for number, place in pool.items() if number not in kept and place == own):
        if not _tie_is_broken(held, line, equal):
            yield Problem(where, TIE_NOT_BROKEN)
            return


def _kept(held: RoundLine, theme: str, outcome: str) -> set[str | None]:
    return {
        line["candidacy"]
        for line in held["decisions"]
        if line["status"] != ANNULLED and line["theme"] == theme and line["outcome"] == outcome
    }


def _tie_is_broken(held: RoundLine, line: DecisionLine, equal: str) -> bool:
    return any(
        tie["theme"] == line["theme"]
        and tie["outcome"] == line["outcome"]
        and {line["candidacy"], equal} <= set(tie["candidacies"])
        and line["candidacy"] in tie["kept"]
        and equal not in tie["kept"]
        and bool(tie["method"].strip() and tie["motive"].strip())
        for tie in held["tie_breaks"]
    )


def _place_problems(held: RoundLine, awarded: list[DecisionLine]) -> Iterator[Problem]:
    for theme, outcome in sorted({(line["theme"], line["outcome"]) for line in awarded}):
        count = sum(line["theme"] == theme and line["outcome"] == outcome for line in awarded)
        places = held["places"].get(theme, {}).get(outcome, held["round_places"].get(outcome, 0))
        if count > places:
            values = {"count": count, "places": places}
            yield Problem(f"{held['code']}/{theme}/{outcome}", NO_PLACE, values)
    for outcome, places in sorted(held["round_places"].items()):
        count = sum(line["outcome"] == outcome for line in awarded)
        if count > places:
            yield Problem(f"{held['code']}/{outcome}", NO_PLACE, {"count": count, "places": places})


def _entry_problems(contents: ResultsArchive) -> Iterator[Problem]:
    regional = [held for held in contents["rounds"] if held["level"] == REGIONAL]
    if not regional:
        return
    entries = {
        (line["theme"], line["candidacy"])
        for held in regional
        for line in held["decisions"]
        if line["outcome"] == NATIONAL_ENTRY and line["status"] == CONFIRMED
    }
    for held in contents["rounds"]:
        if held["level"] != NATIONAL:
            continue
        for theme, scores in held["scores"]["themes"].items():
            for number in scores["candidacies"]:
                if (theme, number) not in entries:
                    yield Problem(f"{held['code']}/{theme}/{number}", NOT_AN_ENTRY)
