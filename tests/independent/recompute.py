"""Recompute a results archive with the standard library alone: python3 recompute.py FILE.zip [SEAL]

Prints "yes" and the seal, or each line that differs. Exit code 0, 1 (differs) or 2 (cannot be read)."""

import hashlib
import json
import sys
import zipfile
from fractions import Fraction


def digest(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def named_lines(archive):
    heads = ("edition", "journal", "rule", "versions")
    lines = {name: archive[name] for name in heads if name in archive}
    for turn in archive["rounds"]:
        code, rest = turn["code"], dict(turn)
        for kind in ("tie_breaks", "decisions"):
            lines.update({f"{code}/{kind}/{at}": line for at, line in enumerate(rest.pop(kind), 1)})
        for theme, scores in rest.pop("scores")["themes"].items():
            lines[f"{code}/{theme}/grid"] = scores["grid"]
            lines[f"{code}/{theme}/candidacies"] = scores["candidacies"]
            lines.update({f"{code}/{theme}/{s['candidacy']}/{s['juror']}": s for s in scores["sheets"]})
        for theme, places in rest.pop("ranking").items():
            lines.update({f"{code}/{theme}/{line['candidacy']}/rank": line for line in places})
        lines[f"{code}/round"] = rest
    return lines


def ranking_differs(where, theme, stated):
    weights = {line["code"]: line["weight"] for line in theme["grid"]["criteria"]}
    if sum(weights.values()) != 100:
        yield f"{where}/grid: weights sum to {sum(weights.values())}"
    found = {number: [] for number in theme["candidacies"]}
    for sheet in theme["sheets"]:
        if sheet["state"] == "counted":
            total = sum(weights[code] * sheet["levels"][code] for code in weights)
            found[sheet["candidacy"]].append(total)
    means = {number: Fraction(sum(given), 100 * len(given)) for number, given in found.items() if given}
    if sorted(line["candidacy"] for line in stated) != sorted(found):
        yield f"{where}: the files ranked are not the files scored"
    for line in stated:
        mine, mean = (None, 0, None, False), means.get(line["candidacy"])
        if mean is not None:
            place, equals = 1 + sum(m > mean for m in means.values()), list(means.values()).count(mean)
            score = f"{mean.numerator}/{mean.denominator}"
            mine = (score, len(found[line["candidacy"]]), place, equals > 1)
        told = (line["score"], line["readers"], line["rank"], line["tied"])
        if told != mine:
            yield f"{where}/{line['candidacy']}/rank: stated {told}, recomputed {mine}"


def decisions_differ(turn):
    live = [line for line in turn["decisions"] if line["status"] != "annulled"]
    for line in live:
        theme, outcome, number = line["theme"], line["outcome"], line["candidacy"]
        same = [d["candidacy"] for d in live if (d["theme"], d["outcome"]) == (theme, outcome)]
        ranks = {r["candidacy"]: r["rank"] for r in turn["ranking"].get(theme, []) if r["rank"]}
        places = turn["places"].get(theme, {}).get(outcome, turn["round_places"].get(outcome, 0))
        pool = set(ranks) - set(turn["withdrawn"])
        if outcome == "laureate" and turn["places"].get(theme, {}).get("nominee"):
            named = ((d["theme"], d["outcome"], d["candidacy"]) for d in live)
            pool &= {who for where, what, who in named if (where, what) == (theme, "nominee")}
        if number and (number not in pool or len(same) - same.count(None) > places):
            yield f"{turn['code']}/{theme}/{number}/{outcome}: this decision cannot be"
        elif not line["motive"] and (not number or any(ranks[o] < ranks[number] for o in pool - set(same))):
            yield f"{turn['code']}/{theme}/{number}/{outcome}: this decision needs a motive"


def differences(archive, manifest, raw):
    computed = {name: digest(line) for name, line in named_lines(archive).items()}
    for name in sorted(computed.keys() | manifest["lines"].keys()):
        if computed.get(name) != manifest["lines"].get(name):
            yield f"{name}: not the line that was sealed"
    members = {"archive.json": hashlib.sha256(raw).hexdigest()}
    if manifest["seal"] != digest({"format": archive["format"], "members": members, "lines": computed}):
        yield "manifest.json: the seal does not match"
    for turn in archive["rounds"]:
        if digest(turn["scores"]) != turn["snapshot_sha256"]:
            yield f"{turn['code']}/snapshot: the hash does not match the scores"
        for name, theme in turn["scores"]["themes"].items():
            yield from ranking_differs(f"{turn['code']}/{name}", theme, turn["ranking"].get(name, []))
        yield from decisions_differ(turn)


try:
    with zipfile.ZipFile(sys.argv[1]) as envelope:
        raw, listed = envelope.read("archive.json"), json.loads(envelope.read("manifest.json"))
    faults = list(differences(json.loads(raw), listed, raw))
except Exception as fault:
    print(f"cannot be read: {fault!r}")
    sys.exit(2)
if listed["seal"] != (sys.argv[2] if len(sys.argv) > 2 else listed["seal"]):
    faults.append(f"seal: this archive bears {listed['seal']}")
print("\n".join(faults) or f"yes {listed['seal']}")
sys.exit(1 if faults else 0)
