"""Check an exported journal without the platform: python3 verify_journal.py journal.jsonl [heads.json].

Standard library only, no code shared with the platform. Exit code 0 and « yes » when every line holds; 1 and the
first bad sequence number when one does not; 2 when a file cannot be read.
"""

import hashlib
import json
import sys

COVERED = ("at", "act", "actor", "object_kind", "object_key", "round_id", "outcome", "detail")


def first_bad(lines, anchors):
    previous, seq = "0" * 64, 0
    for line in lines:
        seq += 1
        try:
            entry = json.loads(line)
            covered = {name: entry[name] for name in COVERED}
            text = json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            message = bytes.fromhex(previous) + seq.to_bytes(8, "big") + text.encode("utf-8")
            found = hashlib.sha256(message).hexdigest()
            sound = (entry["seq"], entry["previous_hash"], entry["hash"]) == (seq, previous, found)
        except (ValueError, KeyError, TypeError):
            return seq
        if not sound or anchors.get(seq, found) != found:
            return seq
        previous = found
    late = [known for known in anchors if known > seq]
    return seq + 1 if late else None


def main(words):
    if len(words) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(words[1], encoding="utf-8") as file:
            lines = [line for line in file if line.strip()]
        anchors = {}
        if len(words) == 3:
            with open(words[2], encoding="utf-8") as file:
                heads = json.load(file)
            for head in heads if isinstance(heads, list) else [heads]:
                anchors[head["seq"]] = head["hash"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    bad = first_bad(lines, anchors)
    print("yes" if bad is None else f"no: line {bad}")
    return 0 if bad is None else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
