"""What axe-core says of a page; the library is kept beside the tests, with its hash."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
GRAVE = ("serious", "critical")


@lru_cache(maxsize=1)
def axe() -> str:
    """Return the library's text. Raises ValueError when it is not the one that was kept."""
    content = AXE.read_bytes()
    if hashlib.sha256(content).hexdigest() != AXE_SHA256:
        raise ValueError(f"{AXE.name} is not the version that was kept")
    return content.decode()


def problems_of_page(page: Any) -> list[str]:
    """Return the serious and critical findings on the page as it is shown now."""
    page.evaluate(axe())
    result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}"
        for one in result["violations"]
        if one["impact"] in GRAVE
    ]
