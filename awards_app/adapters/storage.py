"""Where files are kept, under keys that say nothing: a folder of the instance, or an S3 server by a setting.

Both keep a file whole or not at all. No address of a stored file is ever given to a browser (ATT-4): routes read the
bytes, after their locks.
"""

import hashlib
import io
import secrets
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from flask import current_app

from awards_app.adapters.faults import fault_point
from awards_app.adapters.storage_disk import DiskStorage
from awards_app.adapters.storage_s3 import S3Storage

SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


class FileIsDamaged(Exception):
    """The stored bytes are missing, or are no longer those whose hash was kept."""


class Storage(Protocol):
    """What keeps files: each verb raises OSError when the machine does not answer."""

    def put(self, key: str, content: bytes) -> None: ...

    def get(self, key: str) -> bytes | None: ...

    def delete(self, key: str) -> None: ...

    def exists(self, key: str) -> bool: ...

    def url(self, key: str) -> str: ...

    def stored(self) -> Iterator[tuple[str, int, float]]: ...


def _storage() -> Storage:
    made: Storage | None = current_app.extensions.get("awards_storage")
    if made is None:
        s3 = str(current_app.config.get("AWARDS_S3_URL") or "")
        made = S3Storage(s3) if s3 else DiskStorage(current_app.config["AWARDS_FILES"])
        current_app.extensions["awards_storage"] = made
    return made


def _checked(key: str) -> str:
    if not key or not SIGNS.issuperset(key):
        raise FileIsDamaged(key)
    return key


def put(content: bytes) -> str:
    """Keep ``content`` durably and return its key. Raises OSError when it cannot be kept; nothing is then half there."""
    fault_point("storage.put")
    key = secrets.token_hex(20)
    _storage().put(key, content)
    return key


def put_back(key: str, content: bytes) -> None:
    """Keep ``content`` under a key that is already known: what a restored backup gives back."""
    _storage().put(_checked(key), content)


def get(key: str, sha256: str | None = None) -> bytes:
    """Return the bytes under ``key``; raise `FileIsDamaged` if missing or not of the given hash."""
    content = _storage().get(_checked(key))
    if content is None or (sha256 is not None and hashlib.sha256(content).hexdigest() != sha256):
        raise FileIsDamaged(key)
    return content


def open_file(key: str) -> BinaryIO:
    """Open the bytes under ``key`` for reading; raise `FileIsDamaged` if missing."""
    return io.BytesIO(get(key))


def delete(key: str) -> None:
    """Forget the bytes under ``key``, if any."""
    _storage().delete(_checked(key))


def delete_stored(name: str) -> None:
    """Forget what `stored` yielded, which may be what a cut left half written."""
    _storage().delete(name)


def exists(key: str) -> bool:
    """Say whether there are bytes under ``key``."""
    return _storage().exists(_checked(key))


def url(key: str) -> str:
    """Return where the bytes are, for an operator's report; never for a page."""
    return _storage().url(_checked(key))


def stored() -> Iterator[tuple[str, int, float]]:
    """Yield each key there is with its size and the machine's time of its last change, in seconds since 1970."""
    yield from _storage().stored()
