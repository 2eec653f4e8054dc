"""The emblem: a rosette of eighteen petals, one per region; the region that speaks is gold."""

from __future__ import annotations

from dataclasses import dataclass

# Clockwise from the top: the mainland as one reads the map, the overseas regions below left.
PETAL_ORDER = (
    "11", "32", "44", "27", "84", "93", "94", "76", "75",
    "06", "04", "03", "02", "01", "52", "53", "28", "24",
)  # fmt: skip
PETAL_STEP_DEGREES = 20
PETAL_PATH = "M0-59C-21-95-23-133 0-145 23-133 21-95 0-59Z"
RING_RADIUS = 48
HEART_RADIUS = 31

DEEP, SOFT, GOLD = "#0B4F4A", "#BFD8D0", "#E0A51B"


@dataclass(frozen=True)
class Petal:
    """One petal: its region, its turn in degrees from the top, and its part (deep, soft, gold)."""

    region_code: str
    angle: int
    part: str


def petals(region_code: str | None = None) -> tuple[Petal, ...]:
    """Return the eighteen petals; raises `ValueError` for a code that is no region.

    Without a region, petals alternate deep and soft; with one, its petal is gold and the others soft.
    """
    if region_code is not None and region_code not in PETAL_ORDER:
        raise ValueError(region_code)
    return tuple(
        Petal(code, rank * PETAL_STEP_DEGREES, _part(code, rank, region_code))
        for rank, code in enumerate(PETAL_ORDER)
    )


def _part(code: str, rank: int, speaking: str | None) -> str:
    if speaking is None:
        return "soft" if rank % 2 else "deep"
    return "gold" if code == speaking else "soft"


def emblem_svg(region_code: str | None = None, title: str = "", size: int = 300) -> str:
    """Return the emblem as a whole SVG document with its own colours, for files, cards and PDFs.

    `size` is in pixels; `title` is its text alternative and may be empty (then it is decorative).
    """
    colours = {"deep": DEEP, "soft": SOFT, "gold": GOLD}
    leaves = "".join(
        f'<path d="{PETAL_PATH}" transform="rotate({petal.angle})" fill="{colours[petal.part]}"/>'
        for petal in petals(region_code)
    )
    heart = GOLD if region_code else DEEP
    label = f"<title>{_escaped(title)}</title>" if title else ""
    role = 'role="img"' if title else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-150 -150 300 300" '
        f'width="{size}" height="{size}" {role}>{label}{leaves}'
        f'<circle r="{RING_RADIUS}" fill="none" stroke="{DEEP}" stroke-width="5"/>'
        f'<circle r="{HEART_RADIUS}" fill="{heart}"/></svg>'
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
