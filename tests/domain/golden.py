"""The golden data of the ranking, and small rounds built from it."""

from awards_app.domain.grid import Criterion, Grid
from awards_app.domain.ranking import Ballot, Sheet, rank
from awards_app.domain.results_schema import ResultsArchive, RoundLine, ranking_lines
from awards_app.domain.snapshot import take_snapshot

GRID = Grid((Criterion("a", 40), Criterion("b", 30), Criterion("c", 20), Criterion("d", 10)), 5, 5)
JURORS = ("J1", "J2", "J3", "J4")
NOTES = {
    "Béta": ("5521", "R", "4444", "4345"),
    "Alpha": ("4352", "5443", "3344", "4433"),
    "Gamma": ("4444", "4444", "4443", "3333"),
    "Epsilon": ("4444", "4443", "3333", "4444"),
    "Delta": ("2555", "5225", "5522", "2353"),
}
NUMBERS = {"Alpha": "76-001", "Béta": "76-002", "Gamma": "76-003", "Delta": "76-004", "Epsilon": "76-005"}


def sheet(juror, candidacy, notes, grid=GRID):
    """One sheet from a word: a digit a criterion, ``-`` where the mark is missing, ``R`` recused, ``S…`` set aside."""
    if notes == "R":
        return Sheet(juror, candidacy, {}, recused=True)
    levels = [None if sign == "-" else int(sign) for sign in notes.removeprefix("S")]
    codes = [criterion.code for criterion in grid.criteria]
    return Sheet(juror, candidacy, dict(zip(codes, levels, strict=True)), set_aside=notes.startswith("S"))


def ballot(notes=None, waivers=(), grid=GRID, jurors=JURORS):
    """A ballot where each file is read by the jurors of its columns; an empty word is a sheet never opened."""
    notes = NOTES if notes is None else notes
    panel = {name: frozenset(jurors[: len(row)]) for name, row in notes.items()}
    sheets = [
        sheet(juror, name, word, grid)
        for name, row in notes.items()
        for juror, word in zip(jurors, row, strict=False)
        if word
    ]
    return Ballot(grid, panel, tuple(sheets), frozenset(waivers))


def round_line(code="76", level="regional", ballots=None, numbers=None, **changes) -> RoundLine:
    """A locked round without decisions."""
    ballots = {"us": ballot()} if ballots is None else ballots
    numbers = NUMBERS if numbers is None else numbers
    snapshot = take_snapshot(ballots, numbers)
    line = {
        "code": code,
        "level": level,
        "region": "76" if level == "regional" else None,
        "locked_at": "2027-09-20T16:00:00Z",
        "scores": snapshot.scores,
        "snapshot_sha256": snapshot.sha256,
        "withdrawn": [],
        "places": {"us": {"national_entry": 1, "nominee": 3, "laureate": 1}},
        "round_places": {"title": 1},
        "ranking": {theme: ranking_lines(rank(held), numbers) for theme, held in ballots.items()},
        "tie_breaks": [],
        "decisions": [],
        "minutes_sha256": "ab" * 32,
    }
    return {**line, **changes}


def decision(number, outcome="national_entry", motive=None, theme="us", status="confirmed"):
    """A line of decision."""
    return {"theme": theme, "outcome": outcome, "candidacy": number, "status": status, "motive": motive}


def archive(*rounds) -> ResultsArchive:
    """An archive of these rounds; by default one region that retains its first file."""
    return {
        "format": 2,
        "edition": {"year": 2027, "name": "Prix de l’ESS 2027", "region": None},
        "rounds": list(rounds) or [round_line(decisions=[decision("76-002")])],
        "journal": {"seq": 12, "hash": "cd" * 32},
        "rule": {
            "ranking": "weighted_mean_of_counted_sheets",
            "ranks": "1-2-2-4",
            "missing": "refused_unless_waived",
            "tie_rule": "vote",
            "tie_rule_text": "Un vote du jury.",
            "ballot": "open",
            "chair_casting_vote": True,
            "minimum_readers": 3,
            "quorum": "1/2",
            "two_persons": True,
        },
        "versions": {"platform": "0.1.0", "tables": "0002", "rules": "1", "snapshot": 1},
    }
