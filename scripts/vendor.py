"""Fetch again the third-party files kept under `awards_app/static`, by `npm pack NAME@VERSION`.

`python3 scripts/vendor.py` rewrites the files and `vendor.json`; `--check` only compares the hashes.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "awards_app" / "static"
MANIFEST = STATIC / "vendor.json"


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def pack(name: str, version: str, folder: Path) -> tarfile.TarFile:
    """Download one package as npm publishes it and open its archive; raises if npm fails."""
    result = subprocess.run(
        ["npm", "pack", "--silent", f"{name}@{version}"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return tarfile.open(folder / result.stdout.strip().splitlines()[-1])


def fetch_again() -> None:
    """Replace each vendored file by the one of its package, and record its hash."""
    packages = json.loads(MANIFEST.read_text(encoding="utf-8"))
    for package in packages:
        with (
            tempfile.TemporaryDirectory() as folder,
            pack(package["name"], package["version"], Path(folder)) as archive,
        ):
            for entry in package["files"]:
                source = archive.extractfile(entry["source"])
                if source is None:
                    raise FileNotFoundError(entry["source"])
                content = source.read()
                target = STATIC / entry["file"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                entry["sha256"] = digest(content)
    MANIFEST.write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")


def changed_files() -> list[str]:
    """Return the vendored files that are absent or differ from `vendor.json`."""
    packages = json.loads(MANIFEST.read_text(encoding="utf-8"))
    entries = [entry for package in packages for entry in package["files"]]
    return [
        entry["file"]
        for entry in entries
        if not (STATIC / entry["file"]).is_file()
        or digest((STATIC / entry["file"]).read_bytes()) != entry["sha256"]
    ]


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        changed = changed_files()
        sys.exit("\n".join(changed) if changed else 0)
    fetch_again()
