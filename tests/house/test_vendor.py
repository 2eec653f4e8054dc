"""The third-party files served are those of the packages they name, byte for byte."""

import hashlib
import json
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "awards_app" / "static"


def entries() -> list[dict[str, str]]:
    packages = json.loads((STATIC / "vendor.json").read_text(encoding="utf-8"))
    return [entry for package in packages for entry in package["files"]]


def test_each_vendored_file_has_the_recorded_hash() -> None:
    recorded = {entry["file"]: entry["sha256"] for entry in entries()}
    found = {name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest() for name in recorded}
    assert found == recorded


def test_each_font_served_is_recorded() -> None:
    served = {f"fonts/{path.name}" for path in (STATIC / "fonts").iterdir()}
    assert served == {entry["file"] for entry in entries()}
