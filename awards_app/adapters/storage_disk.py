"""Files in a folder: written beside, synced, renamed."""

import os
from collections.abc import Iterator
from pathlib import Path

PART = ".part"


class DiskStorage:
    """Files under ``folder``, in sub-folders of the first two signs of their keys."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key

    def put(self, key: str, content: bytes) -> None:
        """Keep ``content``: after this returns it survives a power cut; before, nothing of it is seen under its key."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(PART)
        try:
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _sync(path.parent)

    def get(self, key: str) -> bytes | None:
        """Return the bytes, None if there are none."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Forget the bytes, if any."""
        self._path(key).unlink(missing_ok=True)

    def exists(self, key: str) -> bool:
        """Say whether there are bytes."""
        return self._path(key).is_file()

    def url(self, key: str) -> str:
        """Return the path of the file."""
        return str(self._path(key))

    def stored(self) -> Iterator[tuple[str, int, float]]:
        """Yield each file with its size and time; what a cut left half written is yielded under its key as well."""
        if not self._folder.is_dir():
            return
        for folder in sorted(self._folder.iterdir()):
            if not folder.is_dir():
                continue
            for path in sorted(folder.iterdir()):
                try:
                    known = path.stat()
                except FileNotFoundError:
                    continue
                yield path.name, known.st_size, known.st_mtime


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
