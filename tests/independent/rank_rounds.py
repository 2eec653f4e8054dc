"""Rank rounds with the standard library alone: python3 rank_rounds.py < rounds.jsonl

A line is {"weights": {code: weight}, "called": {file: [juror, …]}, "sheets": [[juror, file, state, {code: level}], …],
"waived": [[juror, file], …]}, state being "given", "recused" or "aside". The answer is a line a round: null while a
sheet is missing, else {file: [score "n/d" or null, rank or null, tied, readers]}."""

import json
import sys
from fractions import Fraction


def ranked(turn):
    weights, sheets = turn["weights"], {(s[0], s[1]): (s[2], s[3]) for s in turn["sheets"]}
    waived = {tuple(pair) for pair in turn["waived"]}
    means, readers = {}, {}
    for file, called in turn["called"].items():
        scores = []
        for juror in called:
            state, levels = sheets.get((juror, file), ("missing", {}))
            if state in ("recused", "aside") or (juror, file) in waived:
                continue
            if any(levels.get(code) is None for code in weights):
                return None
            scores.append(sum(Fraction(weights[code], 100) * levels[code] for code in weights))
        readers[file] = len(scores)
        means[file] = sum(scores) / len(scores) if scores else None
    found = {}
    for file, mean in means.items():
        if mean is None:
            found[file] = [None, None, False, 0]
            continue
        others = [m for f, m in means.items() if f != file and m is not None]
        place, tied = 1 + sum(m > mean for m in others), mean in others
        found[file] = [f"{mean.numerator}/{mean.denominator}", place, tied, readers[file]]
    return found


for line in sys.stdin:
    print(json.dumps(ranked(json.loads(line))))
