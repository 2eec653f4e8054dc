"""Pictures put in papers, as ``data:`` addresses: the only ones the typesetter reads."""

from base64 import b64encode

from awards_app.domain.emblem import DEEP, PETAL_ORDER, emblem_svg

# On a deep ground, what is deep elsewhere is drawn lighter.
_LIGHTER = "#57A398"


def svg_address(svg: str) -> str:
    """Return an SVG as an address."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode("ascii")


def jpeg_address(content: bytes) -> str:
    """Return a JPEG as an address."""
    return "data:image/jpeg;base64," + b64encode(content).decode("ascii")


def emblem_address(region_code: str | None, title: str = "") -> str:
    """Return the emblem as an address, the petal of its region in gold."""
    return svg_address(emblem_svg(region_code if region_code in PETAL_ORDER else None, title=title))


def emblem_on_deep() -> str:
    """Return the emblem for a deep ground, as an address."""
    return svg_address(emblem_svg().replace(DEEP, _LIGHTER))
