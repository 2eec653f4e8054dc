"""Files that can be made again at any time, kept beside the instance so that they are made once: cards, kits.

A name says all that the file is made of, so that nothing kept is ever out of date; the oldest leave when there are too many.
"""

import contextlib
import os
import secrets
from pathlib import Path

from flask import current_app

MOST_BYTES = 300 * 1024 * 1024


def _folder() -> Path:
    folder = Path(current_app.config["AWARDS_INSTANCE"]) / "made"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def kept(name: str) -> bytes | None:
    """Return the bytes kept under ``name`` (letters, digits, « - » and « . »), or None."""
    try:
        return (_folder() / name).read_bytes()
    except OSError:
        return None


def keep(name: str, content: bytes) -> None:
    """Keep ``content`` under ``name``, whole or not at all; a disk that does not answer keeps nothing."""
    with contextlib.suppress(OSError):
        folder = _folder()
        draft = folder / f".{secrets.token_hex(8)}"
        try:
            draft.write_bytes(content)
            os.replace(draft, folder / name)
        finally:
            draft.unlink(missing_ok=True)
        _make_room(folder)


def _make_room(folder: Path) -> None:
    known = []
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            about = path.stat()
            known.append((about.st_mtime_ns, about.st_size, path))
    total = sum(size for _at, size, _path in known)
    for _at, size, path in sorted(known):
        if total <= MOST_BYTES:
            return
        with contextlib.suppress(OSError):
            path.unlink()
            total -= size
