"""Run the cases of the catalogue: ``python3 -m awards_app test --cases [ID or group …] [--json] [--base-url URL]``.

Each of the cases is listed as passed, failed, not built yet or not applicable, with a reason for all but the first.
"""

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx

from tests.adapter import NotBuiltYet
from tests.cases.context import CASES, Context, NotApplicable
from tests.cases.reasons import reason_of

CATALOGUE = Path(__file__).parents[1] / "data" / "cases.json"
PASSED, FAILED, NOT_BUILT, NOT_APPLICABLE = "passed", "failed", "not built yet", "not applicable"
Line = dict[str, Any]


def catalogue() -> list[dict[str, str]]:
    """Return the cases of the catalogue in their order."""
    found: list[dict[str, str]] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return found


def chosen(words: list[str]) -> list[dict[str, str]]:
    """Return the cases that the words name: an identifier (« A1 ») or a group (« A »); all without a word.

    Raises ValueError for a word that names nothing.
    """
    every = catalogue()
    if not words:
        return every
    named: set[str] = set()
    for word in words:
        fits = {
            one["id"]
            for one in every
            if word.upper() in (one["id"].upper(), one["group"].split(".")[0])
            or word.lower() == one["group"].lower()
        }
        if not fits:
            raise ValueError(f"« {word} » n’est ni un cas ni un groupe du catalogue")
        named |= fits
    return [one for one in every if one["id"] in named]


def load() -> None:
    """Read the modules that hold the cases."""
    for module in sorted(Path(__file__).parent.glob("group_*.py")):
        import_module(f"tests.cases.{module.stem}")


def run_one(one: dict[str, str], base_url: str) -> Line:
    """Run one case and return its line."""
    started = time.monotonic()
    status, reason = PASSED, ""
    context = Context(base_url)
    try:
        CASES[one["id"]](context)
    except NotBuiltYet as verb:
        status, reason = NOT_BUILT, f"the platform has no {verb} yet"
    except NotApplicable as why:
        status, reason = NOT_APPLICABLE, str(why)
    except AssertionError as broken:
        status, reason = FAILED, str(broken).split("\n")[0][:300] or _where(broken)
    except (httpx.HTTPError, LookupError, RuntimeError, ValueError, TypeError, AttributeError) as broken:
        status, reason = FAILED, f"{type(broken).__name__}: {str(broken)[:200]} ({_where(broken)})"
    finally:
        context.close()
    return _line(one, status, reason, time.monotonic() - started)


def _where(broken: BaseException) -> str:
    frame = traceback.extract_tb(broken.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno} {frame.line}"


def _line(one: dict[str, str], status: str, reason: str, seconds: float) -> Line:
    return {
        "id": one["id"],
        "group": one["group"],
        "status": status,
        "reason": reason,
        "seconds": round(seconds, 3),
    }


def unwritten(one: dict[str, str]) -> Line:
    """Return the line of a case that has no function: its reason is written down, or it is simply not written."""
    applies, reason = reason_of(one["id"])
    return _line(one, NOT_BUILT if applies else NOT_APPLICABLE, reason, 0.0)


def main(argv: list[str]) -> int:
    """Run what is asked and return 1 if a case failed, 2 if the words are not understood."""
    parser = argparse.ArgumentParser(prog="test --cases")
    parser.add_argument("words", nargs="*", help="cases or groups; all by default")
    parser.add_argument("--json", action="store_true", help="print a JSON list for machines")
    parser.add_argument(
        "--base-url", help="a platform already running with AWARDS_TEST_HOOKS on; its data is replaced"
    )
    asked = parser.parse_args(argv)
    load()
    try:
        cases = chosen(asked.words)
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 2
    written = [one for one in cases if one["id"] in CASES]
    if asked.base_url or not written:
        opened: Any = nullcontext(asked.base_url)
    else:
        opened = import_module("tests.cases.server").platform()
    lines = []
    with opened as url:
        for one in cases:
            line = run_one(one, url) if one["id"] in CASES else unwritten(one)
            lines.append(line)
            if not asked.json:
                print(shown(line), flush=True)
    if asked.json:
        print(json.dumps(lines, ensure_ascii=False, indent=1))
    else:
        counts = Counter(line["status"] for line in lines)
        print(
            "\n"
            + ", ".join(
                f"{counts[status]} {status}" for status in (PASSED, FAILED, NOT_BUILT, NOT_APPLICABLE)
            )
        )
    return 1 if any(line["status"] == FAILED for line in lines) else 0


def shown(line: Line) -> str:
    """Return a case on one line for a person."""
    seconds = f"{line['seconds']:6.2f} s" if line["seconds"] else "        "
    return f"{line['id']:4} {line['status']:14} {seconds}  {line['reason']}".rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
