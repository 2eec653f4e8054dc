"""Ten thousand generated juries, ranked by us and by a script of plain fractions that shares no code with us."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from awards_app.domain.grid import Criterion, Grid
from awards_app.domain.ranking import Ballot, MarksAreMissing, Sheet, rank

SCRIPT = Path(__file__).parents[1] / "independent" / "rank_rounds.py"
ROUNDS = 10_000


def a_round(chance: random.Random) -> Ballot:
    """Return a round with recusals, sheets set aside, waivers, and now and then a sheet that is missing."""
    cuts = sorted(chance.randint(0, 100) for _cut in range(3))
    weights = [cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], 100 - cuts[2]]
    top = chance.choice((1, 3, 4, 5))
    grid = Grid(
        tuple(Criterion(code, weight) for code, weight in zip("abcd", weights, strict=True)), top, 100
    )
    jurors = [f"j{n}" for n in range(chance.randint(1, 6))]
    sheets, waivers, panel = [], set(), {}
    for n in range(chance.randint(0, 9)):
        file = f"f{n}"
        panel[file] = frozenset(juror for juror in jurors if chance.random() < 0.9)
        for juror in jurors:
            fate = chance.random()
            levels: dict[str, int | None] = {code: chance.randint(0, top) for code in "abcd"}
            if fate < 0.08:
                sheets.append(Sheet(juror, file, {}, recused=True))
            elif fate < 0.12:
                sheets.append(Sheet(juror, file, levels, set_aside=True))
            elif fate < 0.16:
                waivers.add((juror, file))
            elif fate < 0.1605:
                levels["b"] = None
                sheets.append(Sheet(juror, file, levels))
            else:
                sheets.append(Sheet(juror, file, levels))
    return Ballot(grid, panel, tuple(sheets), frozenset(waivers))


def told(held: Ballot) -> str:
    def state(sheet: Sheet) -> str:
        return "recused" if sheet.recused else "aside" if sheet.set_aside else "given"

    return json.dumps(
        {
            "weights": {criterion.code: criterion.weight for criterion in held.grid.criteria},
            "called": {file: sorted(jurors) for file, jurors in held.panel.items()},
            "sheets": [
                [sheet.juror, sheet.candidacy, state(sheet), dict(sheet.levels)] for sheet in held.sheets
            ],
            "waived": sorted(held.waivers),
        }
    )


def ours(held: Ballot) -> dict[str, list[object]] | None:
    try:
        standings = rank(held)
    except MarksAreMissing:
        return None
    return {
        str(one.candidacy): [
            None if one.score is None else f"{one.score.numerator}/{one.score.denominator}",
            one.rank,
            one.tied,
            one.readers,
        ]
        for one in standings
    }


@pytest.mark.slow
def test_ten_thousand_juries_agree_with_a_script_of_plain_fractions():
    chance = random.Random(2027)
    rounds = [a_round(chance) for _round in range(ROUNDS)]
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        input="\n".join(told(held) for held in rounds),
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = [json.loads(line) for line in done.stdout.splitlines()]
    mine = [ours(held) for held in rounds]
    assert [n for n in range(ROUNDS) if mine[n] != theirs[n]] == []
    # The draw is worth something: rounds that block, ties, files that cannot be ranked.
    blocked = sum(one is None for one in mine)
    tied = sum(any(line[2] for line in one.values()) for one in mine if one)
    bare = sum(any(line[0] is None for line in one.values()) for one in mine if one)
    assert min(blocked, tied, bare) > 50
