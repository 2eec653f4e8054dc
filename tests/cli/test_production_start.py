"""In production, what serves refuses an unsafe setting at once, with a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUNICORN = ["-m", "gunicorn", "--workers", "1", "-b", "127.0.0.1:0", "awards_app:create_app()"]


@pytest.mark.parametrize("words", [["-m", "awards_app", "serve", "--port", "8399"], GUNICORN])
def test_a_missing_secret_stops_the_server_instead_of_starting_it_again(
    words: list[str], tmp_path: Path
) -> None:
    settings = {"AWARDS_MODE": "production", "AWARDS_INSTANCE": str(tmp_path), "AWARDS_BOOTSTRAP": "off"}
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("AWARDS_", "SECRET_"))}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**plain, **settings},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 3
    assert "SECRET_KEY manque" in done.stderr
