"""What people send, cleaned and drawn: here the platform hands each file to a bounded process and takes back the result."""

import errno
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from awards_app.adapters.faults import fault_point
from awards_app.adapters.file_rooms import in_a_room
from awards_app.domain.uploads import (
    FileIsEncrypted,
    FileIsTooHeavyToRead,
    FileIsUnreadable,
    Format,
    ImageIsTooLarge,
    StorageIsFull,
    StorageIsUnavailable,
)

LARGEST_MEGAPIXELS = 50
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn page: its number (0 is the thumbnail), its size in pixels, its WebP."""

    number: int
    width: int
    height: int
    content: bytes


class CannotBeDrawn(Exception):
    """No picture of this file can be made within the bounds."""


@contextmanager
def a_storage_that_may_fail() -> Iterator[None]:
    """Turn a disk that is full or does not answer into a refusal that a person can read."""
    try:
        yield
    except OSError as fault:
        raise (StorageIsFull if fault.errno in _FULL else StorageIsUnavailable) from fault


@contextmanager
def _scratch() -> Iterator[Path]:
    root = Path(current_app.config["AWARDS_INSTANCE"]) / "scratch"
    with a_storage_that_may_fail():
        fault_point("scratch")
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=root) as folder:
            yield Path(folder)


def cleaned(content: bytes, kind: Format) -> bytes:
    """Return ``content`` parsed and written again: an image upright without metadata, a PDF without actions or files.

    The parser runs in a process of its own: 200 MiB more memory, 25 seconds (see `awards_app.adapters.file_room`).
    Raises `FileIsUnreadable`, `FileIsEncrypted`, `ImageIsTooLarge`, `FileIsTooHeavyToRead`, `StorageIsUnavailable`.
    """
    with _scratch() as folder:
        source, target = folder / "source", folder / "target"
        source.write_bytes(content)
        answer = in_a_room(
            {"verb": "clean", "source": str(source), "target": str(target), "format": kind.name}
        )
        if answer.get("done"):
            return target.read_bytes()
    match answer.get("refusal"):
        case "ImageIsTooLarge":
            raise ImageIsTooLarge(limit=LARGEST_MEGAPIXELS)
        case "FileIsEncrypted":
            raise FileIsEncrypted
        case "FileIsUnreadable":
            raise FileIsUnreadable
    raise FileIsTooHeavyToRead


def drawn(
    content: bytes,
    kind: Format,
    first: int,
    last: int,
    *,
    with_thumbnail: bool = False,
    seconds: float = 25.0,
) -> tuple[int, list[Picture]]:
    """Return how many pages a cleaned file has, and pictures of pages ``first`` to ``last`` (0 is the thumbnail).

    Raises `CannotBeDrawn`, `StorageIsUnavailable`.
    """
    with _scratch() as folder:
        source = folder / "source"
        source.write_bytes(content)
        answer = in_a_room(
            {
                "verb": "draw",
                "source": str(source),
                "target": str(folder),
                "format": kind.name,
                "first": first,
                "last": last,
                "with_thumbnail": with_thumbnail,
                "seconds": seconds,
            }
        )
        if not answer.get("done"):
            raise CannotBeDrawn(answer.get("fault") or answer.get("why") or "")
        pictures = [
            Picture(number, width, height, (folder / file).read_bytes())
            for number, file, width, height in answer["drawn"]
        ]
        return int(answer["pages"]), pictures


def resized(content: bytes, kind: Format, widths: Sequence[int]) -> list[Picture]:
    """Return a cleaned image as JPEG once for each width in pixels, which is the picture's number; never enlarged.

    Raises `CannotBeDrawn`, `StorageIsUnavailable`.
    """
    with _scratch() as folder:
        source = folder / "source"
        source.write_bytes(content)
        answer = in_a_room(
            {
                "verb": "resize",
                "source": str(source),
                "target": str(folder),
                "format": kind.name,
                "widths": list(widths),
            }
        )
        if not answer.get("done"):
            raise CannotBeDrawn(answer.get("fault") or answer.get("why") or "")
        return [
            Picture(number, width, height, (folder / file).read_bytes())
            for number, file, width, height in answer["drawn"]
        ]
