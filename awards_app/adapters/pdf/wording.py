"""How a text is set: sizes by length, French quotation marks, long fingerprints in readable groups."""

import re
import unicodedata
from collections.abc import Callable

from markupsafe import Markup, escape

_NAME_STEPS = (14, 22, 34, 52, 84, 130, 200)
_CITATION_STEPS = (160, 320, 520, 800)
_TONES = {"u": "social", "t": "ecology"}
_ORDINAL = re.compile(r"\b(\d{1,3})(e|er|re)\b")
_NBSP = "\u00a0"


def _step(length: int, steps: tuple[int, ...]) -> int:
    return sum(length > limit for limit in steps)


def name_size(name: str) -> int:
    """Return the size of a name, 0 (largest) to 7; a wide script and a very long word count for more."""
    width = sum(2 if ord(character) > 0x2E7F else 1 for character in name)
    longest = max((len(word) for word in name.split()), default=0)
    return _step(max(width, 2 * longest if longest > 18 else 0), _NAME_STEPS)


def citation_size(citation: str) -> int:
    """Return the size of a citation, 0 (largest) to 4."""
    return _step(len(citation), _CITATION_STEPS)


def quoted(citation: str) -> str:
    """Return a citation between guillemets, its own outer ones replaced, inner ones turned into “ ”."""
    bare = citation.strip().removeprefix("«").removesuffix("»").strip(" \u00a0\u202f")
    inner = bare.replace("«\u00a0", "“").replace("«\u202f", "“").replace("« ", "“").replace("«", "“")
    inner = inner.replace("\u00a0»", "”").replace("\u202f»", "”").replace(" »", "”").replace("»", "”")
    return f"«{_NBSP}{inner}{_NBSP}»"


def direction(text: str) -> str:
    """Return ``rtl`` for a text whose first letter is of a script written from right to left, else ``ltr``."""
    sides = (unicodedata.bidirectional(sign) for sign in text)
    return "rtl" if next((side for side in sides if side in ("L", "R", "AL")), "L") != "L" else "ltr"


def tone(theme_code: str) -> str:
    """Return the colour word of a theme, ``plain`` for one the palette does not know."""
    return _TONES.get(theme_code[:1].lower(), "plain")


def grouped(fingerprint: str) -> str:
    """Return a fingerprint in groups of eight, which an eye can compare."""
    return " ".join(fingerprint[place : place + 8] for place in range(0, len(fingerprint), 8))


def raised(text: str) -> Markup:
    """Return a text with the ending of its ordinals raised (7ᵉ, 1ʳᵉ)."""
    return Markup(_ORDINAL.sub(r"\1<sup>\2</sup>", str(escape(text))))


def shown_address(url: str) -> str:
    """Return an address without its scheme."""
    return url.partition("://")[2] or url


def filters() -> dict[str, Callable[..., object]]:
    """Return the filters of the templates."""
    return {
        "name_size": name_size,
        "citation_size": citation_size,
        "quoted": quoted,
        "direction": direction,
        "tone": tone,
        "grouped": grouped,
        "raised": raised,
        "shown_address": shown_address,
    }
