"""Identifiers that depend on the step of the script that asks for them, so that one more row elsewhere moves no other."""

import base64
import hashlib
import secrets
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

SCRIPTS = ("/services/worlds/", "/two_worlds/script.py")
# What a step of the script loops over: the same line asked for another person or file is another step.
TURNS = ("code", "name", "theme", "prize", "question", "who")


@contextmanager
def written_keys() -> Iterator[None]:
    """Have the random generator of identifiers write the same ones each time the same script is played."""
    asked: Counter[str] = Counter()
    kept = (secrets.token_bytes, secrets.token_hex, secrets.token_urlsafe, secrets.choice)

    def token_bytes(size: int | None = None) -> bytes:
        size = size or 32
        label = _step()
        asked[label] += 1
        return hashlib.shake_256(f"{label} {asked[label]}".encode()).digest(size)

    def token_hex(size: int | None = None) -> str:
        return token_bytes(size).hex()

    def token_urlsafe(size: int | None = None) -> str:
        return base64.urlsafe_b64encode(token_bytes(size)).rstrip(b"=").decode()

    def choice(among: Sequence[Any]) -> Any:
        return among[int.from_bytes(token_bytes(8)) % len(among)]

    written = (token_bytes, token_hex, token_urlsafe, choice)
    secrets.token_bytes, secrets.token_hex, secrets.token_urlsafe, secrets.choice = written
    try:
        yield
    finally:
        secrets.token_bytes, secrets.token_hex, secrets.token_urlsafe, secrets.choice = kept


def _step() -> str:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if any(script in code.co_filename for script in SCRIPTS):
            turns = [f"{name}={frame.f_locals.get(name)}" for name in TURNS if name in frame.f_locals]
            return f"{code.co_name} {frame.f_lineno} {turns}"
        frame = frame.f_back
    return "asked by a request"
