"""Passwords: Argon2id at the strength that a sign-in rush on a small machine can bear (19 MiB, 2 passes, 1 lane).

The parameters are those of the OWASP Password Storage Cheat Sheet.
"""

import threading
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# At most this many hashes at once: a rush of sign-ins queues here instead of starving those who save.
_TURNS = threading.BoundedSemaphore(2)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return what is kept of a password; composed and decomposed accents are the same password."""
    with _TURNS:
        return _hasher().hash(unicodedata.normalize("NFC", password))


def password_matches(kept: str | None, password: str) -> bool:
    """Say whether ``password`` is the one kept; costs the same when nothing is kept."""
    with _TURNS:
        try:
            _hasher().verify(kept or _nobody(), unicodedata.normalize("NFC", password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None
