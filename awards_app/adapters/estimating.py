"""Works out the advice of a locked round without loading numpy into a process that only shows pages.

Run as ``python -m awards_app.adapters.estimating``: the themes' scores and the number of places as JSON on the standard
input, what they say on the standard output. A process that calculates already (a worker, a command) works them out itself.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from awards_app.domain.estimated import WorkedOut, as_data, from_data
from awards_app.paths import ROOT

SECONDS = 120


def work_out_themes(themes: Mapping[str, Any], places: int) -> dict[str, WorkedOut]:
    """Return what the marks of each theme say, by its code, from the ``themes`` of a snapshot.

    Raises `subprocess.SubprocessError` when the other process fails.
    """
    if "numpy" in sys.modules:
        return work_out_here(themes, places)
    answer = subprocess.run(
        [sys.executable, "-m", "awards_app.adapters.estimating"],
        cwd=ROOT,
        input=json.dumps({"themes": themes, "places": places}).encode(),
        capture_output=True,
        check=True,
        timeout=SECONDS,
    )
    return {code: from_data(data) for code, data in json.loads(answer.stdout).items()}


def work_out_here(themes: Mapping[str, Any], places: int) -> dict[str, WorkedOut]:
    """Return the same, worked out by this process."""
    # Small matrices: several threads of a BLAS wait for each other and cost four times the work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from awards_app.domain.advice_work import work_out

    return {code: work_out(scores, places) for code, scores in themes.items()}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    found = work_out_here(asked["themes"], asked["places"])
    json.dump({code: as_data(line) for code, line in found.items()}, sys.stdout)
