"""Cuts the two faces that public pages load from the project's variable fonts: the weights in use, no hinting.

Run it again after the fonts change: ``python scripts/cut_web_faces.py``. The whole fonts weigh 102 kB together, more than a
public page may; these weigh half.
"""

import io
from pathlib import Path
from typing import Any

STATIC = Path(__file__).resolve().parents[1] / "awards_app" / "static"
# Face -> (variable font, what is left of its axes).
CUTS: dict[str, tuple[str, dict[str, Any]]] = {
    "titles": ("fraunces-latin.woff2", {"opsz": 40, "wght": (400, 600)}),
    "texts": ("atkinson-latin.woff2", {"wght": (400, 700)}),
}
FEATURES = ["ccmp", "kern", "liga", "lnum", "locl", "mark", "pnum", "tnum"]


def cut(source: Path, axes: dict[str, Any]) -> bytes:
    """Return a font with less of its axes, as woff2, every character kept."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    between = io.BytesIO()
    less = instantiateVariableFont(TTFont(source, recalcTimestamp=False), axes)
    less.flavor = None
    less.save(between)
    font = TTFont(io.BytesIO(between.getvalue()), recalcTimestamp=False)
    options = Options()
    options.layout_features, options.hinting = FEATURES, False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=list(font.getBestCmap()))
    subsetter.subset(font)
    font.flavor = "woff2"
    target = io.BytesIO()
    font.save(target)
    return target.getvalue()


def main() -> None:
    """Write each face of `CUTS`."""
    for face, (source, axes) in CUTS.items():
        (STATIC / "faces" / f"{face}.woff2").write_bytes(cut(STATIC / "fonts" / source, axes))


if __name__ == "__main__":
    main()
