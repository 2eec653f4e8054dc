"""Cuts the still faces the papers are set in from the project's variable fonts.

Run it again after the fonts change: ``python -m awards_app.adapters.pdf.cut_faces``. A variable font would be made
still again in each PDF (a third of a second a face) and stamped with the time, so that no two runs gave the same bytes.
"""

from io import BytesIO
from pathlib import Path
from typing import Any

from awards_app.paths import PACKAGE

FONTS = PACKAGE / "static" / "fonts"
FACES = Path(__file__).parent / "faces"

# Face -> (variable font, place on its axes). "opsz" is Fraunces' optical size in points.
CUTS: dict[str, tuple[str, dict[str, float]]] = {
    "fraunces-display": ("fraunces-latin.woff2", {"wght": 600, "opsz": 96}),
    "fraunces-display-ext": ("fraunces-latin-ext.woff2", {"wght": 600, "opsz": 96}),
    "fraunces-title": ("fraunces-latin.woff2", {"wght": 600, "opsz": 22}),
    "fraunces-title-ext": ("fraunces-latin-ext.woff2", {"wght": 600, "opsz": 22}),
    "fraunces-text": ("fraunces-latin.woff2", {"wght": 400, "opsz": 18}),
    "fraunces-text-ext": ("fraunces-latin-ext.woff2", {"wght": 400, "opsz": 18}),
    "atkinson-regular": ("atkinson-latin.woff2", {"wght": 400}),
    "atkinson-regular-ext": ("atkinson-latin-ext.woff2", {"wght": 400}),
    "atkinson-bold": ("atkinson-latin.woff2", {"wght": 700}),
    "atkinson-bold-ext": ("atkinson-latin-ext.woff2", {"wght": 700}),
}
_NARROW_NO_BREAK_SPACE = 0x202F
_THIN_SPACE = 0x2009


def cut(source: Path, axes: dict[str, float]) -> bytes:
    """Return the face of a variable font at one place of its axes, as woff2, with the thin spaces French needs."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = instantiateVariableFont(TTFont(source, recalcTimestamp=False), axes, static=True)
    if 0x20 in font.getBestCmap():
        _add_thin_space(font)
    font.flavor = "woff2"
    target = BytesIO()
    font.save(target)
    return target.getvalue()


def _add_thin_space(font: Any) -> None:
    """Give the font U+202F and U+2009, a fifth of an em wide: both fonts lack them and another would be borrowed."""
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    font["glyf"]["thinspace"] = Glyph()
    font["hmtx"]["thinspace"] = (font["head"].unitsPerEm // 5, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update({_NARROW_NO_BREAK_SPACE: "thinspace", _THIN_SPACE: "thinspace"})


def main() -> None:
    """Write each face of `CUTS` beside this module."""
    FACES.mkdir(exist_ok=True)
    for face, (source, axes) in CUTS.items():
        (FACES / f"{face}.woff2").write_bytes(cut(FONTS / source, axes))


if __name__ == "__main__":
    main()
