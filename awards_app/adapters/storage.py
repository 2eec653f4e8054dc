"""Where files are kept: a folder of the instance, under keys that say nothing."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from awards_app.adapters.faults import fault_point


class FileIsDamaged(Exception):
    """The stored bytes are missing, or are no longer those whose hash was kept."""


def _path(key: str) -> Path:
    if not key or any(sign not in "abcdefghijklmnopqrstuvwxyz0123456789" for sign in key):
        raise FileIsDamaged(key)
    return Path(current_app.config["AWARDS_FILES"]) / key[:2] / key


def put(content: bytes) -> str:
    """Keep ``content`` durably and return its key: written beside, synced, then renamed."""
    fault_point("storage.put")
    key = secrets.token_hex(20)
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return key


def get(key: str, sha256: str | None = None) -> bytes:
    """Return the bytes under ``key``; raise `FileIsDamaged` if missing or not of the given hash."""
    try:
        content = _path(key).read_bytes()
    except FileNotFoundError as missing:
        raise FileIsDamaged(key) from missing
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise FileIsDamaged(key)
    return content


def open_file(key: str) -> BinaryIO:
    """Open the bytes under ``key`` for reading; raise `FileIsDamaged` if missing."""
    try:
        return _path(key).open("rb")
    except FileNotFoundError as missing:
        raise FileIsDamaged(key) from missing


def delete(key: str) -> None:
    """Forget the bytes under ``key``, if any."""
    _path(key).unlink(missing_ok=True)


def exists(key: str) -> bool:
    """Say whether there are bytes under ``key``."""
    return _path(key).is_file()
