"""Redo the translation catalogue: extract every sentence, merge it into the English catalogue, compile it.

Usage: ``python scripts/catalogue.py`` (extract and merge) or ``python scripts/catalogue.py --compile`` (compile only).
French is the source: its catalogue is the code itself.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "awards_app" / "translations" / "en" / "LC_MESSAGES"
PO = FOLDER / "messages.po"
MO = FOLDER / "messages.mo"
FIRST_DAY = datetime(2026, 11, 22, tzinfo=UTC)
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
}


def extracted() -> Catalog:
    """Return every sentence that the code and the templates mark, without places nor dates, so that it compares."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    catalog = Catalog(locale="en", charset="utf-8", header_comment="# The English catalogue.")
    for _file, _line, message, _comments, context in extract_from_dir(
        str(ROOT), methods, options, keywords=KEYWORDS
    ):
        if message:
            catalog.add(message, context=context)
    return catalog


def current() -> Catalog:
    """Return the English catalogue as it is kept, an empty one before the first time."""
    if not PO.exists():
        return Catalog(locale="en", charset="utf-8")
    with PO.open("rb") as file:
        catalog = read_po(file, locale="en")
    # Without a date of its own the catalogue takes the day's, and would compile to other bytes each day.
    catalog.creation_date = catalog.revision_date = FIRST_DAY
    return catalog


def gaps(kept: Catalog) -> list[str]:
    """Return the sentences that the code marks and the catalogue lacks, or holds only as a guess."""
    missing = []
    for message in extracted():
        if not message.id:
            continue
        found = kept.get(message.id, message.context)
        texts = (
            found.string
            if found is not None and isinstance(found.string, tuple | list)
            else ((found.string,) if found is not None else ())
        )
        if found is None or found.fuzzy or not texts or not all(texts):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def write(catalog: Catalog) -> None:
    """Write the catalogue sorted by sentence, without dates, so that two people's changes meet as little as possible."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    plain = Catalog(
        locale="en", charset="utf-8", header_comment="# The English catalogue of the Prix de l’ESS."
    )
    plain.fuzzy = False
    for message in catalog:
        if message.id:
            plain.add(message.id, message.string, flags=message.flags, context=message.context)
    catalog = plain
    buffer = io.BytesIO()
    write_po(buffer, catalog, sort_output=True, include_lineno=False, width=110)
    unstable = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By')
    lines = [line for line in buffer.getvalue().splitlines() if not line.startswith(unstable)]
    PO.write_bytes(b"\n".join(lines) + b"\n")


def compile_catalogue() -> None:
    """Write the compiled catalogue that the platform reads."""
    with MO.open("wb") as file:
        write_mo(file, current())


def main() -> None:
    """Merge what is extracted into what is kept, then compile."""
    if "--compile" not in sys.argv:
        kept = current()
        kept.update(extracted(), no_fuzzy_matching=True)
        kept.obsolete.clear()
        write(kept)
        print(f"{len(kept)} sentences, {len(gaps(current()))} without English")
    compile_catalogue()


if __name__ == "__main__":
    main()
