"""A kept answer as its own people read it back: a table or an address in words, any other text as it is."""

import json
from typing import Any

from awards_app.domain.postal_addresses import PARTS


def kept_words(value: str) -> str:
    """Return a kept text in words: the rows of a table, one a line, the parts of an address, or the text itself."""
    if not value.startswith(("[{", '{"')):
        return value
    try:
        found: Any = json.loads(value)
    except (ValueError, RecursionError):
        return value
    if isinstance(found, dict) and set(found) <= set(PARTS):
        return ", ".join(str(found[name]) for name in PARTS if found.get(name))
    if isinstance(found, list) and all(isinstance(row, dict) for row in found):
        return "\n".join(" ; ".join(str(cell) for cell in row.values()) for row in found)
    return value
