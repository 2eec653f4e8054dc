"""Reads a table that somebody exported: CSV in the encodings of life, or an XLSX workbook."""

from pathlib import Path

from awards_app.adapters.table_shape import Row, Table, TableIsUnreadable
from awards_app.adapters.table_text import read_text_table
from awards_app.adapters.table_workbook import is_locked, read_workbook_table
from awards_app.domain.words import N_

__all__ = ["MAX_BYTES", "Row", "Table", "TableIsUnreadable", "read_table", "table_from_bytes"]

MAX_BYTES = 50 * 1024 * 1024
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLD_OFFICE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An encrypted workbook is an old Office container holding a stream of this name.
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def read_table(path: Path) -> Table:
    """Read the table at ``path``, whatever its extension: its first bytes say what it is.

    Raises ``TableIsUnreadable`` with a French sentence; no content makes it raise anything else.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_big()
        content = path.read_bytes()
    except FileNotFoundError:
        raise TableIsUnreadable(N_("Le fichier « %(name)s » n’existe pas."), name=path.name) from None
    except (OSError, ValueError) as error:
        raise TableIsUnreadable(
            N_("Le fichier « %(name)s » ne peut pas être ouvert."), name=path.name
        ) from error
    return table_from_bytes(content)


def table_from_bytes(content: bytes) -> Table:
    """Read the table held in ``content`` (a file sent through the web). Raises ``TableIsUnreadable``."""
    if len(content) > MAX_BYTES:
        raise _too_big()
    if content.startswith(ZIP_MARKS):
        return read_workbook_table(content)
    if content.startswith(OLD_OFFICE_MARK):
        if ENCRYPTED_STREAM in content:
            raise is_locked()
        raise TableIsUnreadable(
            N_("Ce fichier est à l’ancien format XLS : enregistrez-le en XLSX ou en CSV.")
        )
    if content.startswith(b"%PDF"):
        raise TableIsUnreadable(N_("Ce fichier est un PDF : envoyez le tableau en CSV ou en XLSX."))
    return read_text_table(content)


def _too_big() -> TableIsUnreadable:
    return TableIsUnreadable(
        N_("Ce fichier dépasse %(limit)s Mio : découpez-le, ou retirez-en les images."),
        limit=MAX_BYTES // 1024 // 1024,
    )
