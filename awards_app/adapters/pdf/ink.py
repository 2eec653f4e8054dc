"""What is drawn under the text of a certificate, as PDF operators: paper, frame, guilloche, braid, emblem.

Lengths are millimetres from the top left corner. The whole is marked as an artifact: it says nothing the text does not.
It is written straight into the page because a stylesheet and an SVG parser would spend most of a certificate's time on it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import cos, radians, sin

from awards_app.domain import emblem
from awards_app.domain.guilloche import Curve, Layer, braid, rosette

_POINTS_A_MILLIMETRE = 72 / 25.4
_EMBLEM_REACH = 145  # units from the heart to the tip of a petal in `emblem.PETAL_PATH`
_ROUND = 0.5523  # handle of a quarter of a circle of radius 1

PAPER, LINE, BRAND = "#FBF8F1", "#7C8784", "#0B4F4A"
_LAYER_INKS = ("#8FB8AE", "#D9BE7C", "#8FB8AE")


@dataclass(frozen=True)
class Seal:
    """Where a rosette is drawn: its centre, the radius of its guilloche, the radius of the emblem in it."""

    x: float
    y: float
    radius: float
    emblem: float


@dataclass(frozen=True)
class Sheet:
    """The drawing of one kind of certificate: size of the paper, frame, seal, small emblem, braid (x, y, length, height)."""

    width: float
    height: float
    margin: float
    frame_ink: str
    seal: Seal
    sign: tuple[float, float, float] | None
    braids: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True)
class Ink:
    """Operators to draw first on a page, and the curves they call by name (/Curve0, /Curve1…)."""

    operators: bytes
    curves: tuple[bytes, ...]


SHEETS = {
    "diploma": Sheet(297, 210, 10, BRAND, Seal(219, 87, 50, 22.5), (36, 33, 8), ((28, 154, 241, 1.7),)),
    "attestation": Sheet(210, 297, 11, LINE, Seal(105, 58, 31, 14), None, ((28, 244, 154, 1.2),)),
}


def sheet_ink(kind: str, number: str, region_code: str | None) -> Ink:
    """Return the drawing of a whole sheet for one certificate."""
    sheet = SHEETS[kind]
    scale = _POINTS_A_MILLIMETRE
    layers = rosette(number)
    parts = [
        "/Artifact BMC q",
        f"{scale:.5f} 0 0 {-scale:.5f} 0 {sheet.height * scale:.3f} cm",
        f"{_rgb(PAPER)} rg 0 0 {sheet.width} {sheet.height} re f",
        *_frame(sheet),
        *_seal(sheet.seal, layers),
        *(_braid(number, *place) for place in sheet.braids),
        emblem_ink(region_code, sheet.seal.x, sheet.seal.y, sheet.seal.emblem),
    ]
    if sheet.sign is not None:
        parts.append(emblem_ink(None, *sheet.sign))
    operators = "\n".join([*parts, "Q EMC"]).encode("ascii")
    return Ink(operators, tuple(f"{_path(layer.curve, 4)} s".encode("ascii") for layer in layers))


@cache
def emblem_ink(region_code: str | None, x: float, y: float, radius: float) -> str:
    """Return the operators of the emblem at a place; a code that is no region gives the emblem of all."""
    known = region_code if region_code in emblem.PETAL_ORDER else None
    inks = {"deep": emblem.DEEP, "soft": emblem.SOFT, "gold": emblem.GOLD}
    petal = _petal()
    parts = [f"q {_turn(0, radius / _EMBLEM_REACH)} {x} {y} cm"]
    for leaf in emblem.petals(known):
        parts.append(f"q {_turn(leaf.angle, 1)} 0 0 cm {_rgb(inks[leaf.part])} rg {petal} f Q")
    heart = emblem.GOLD if known else emblem.DEEP
    parts.append(f"{_rgb(emblem.DEEP)} RG 5 w {_circle(emblem.RING_RADIUS)} s")
    parts.append(f"{_rgb(heart)} rg {_circle(emblem.HEART_RADIUS)} f Q")
    return "\n".join(parts)


def _frame(sheet: Sheet) -> Iterable[str]:
    """One thin frame, opened at its corners by a small notch."""
    left, top = sheet.margin, sheet.margin
    right, bottom, notch = sheet.width - left, sheet.height - top, 3.2
    yield f"{_rgb(sheet.frame_ink)} RG 0.3 w 0 J 0 j"
    yield (
        f"{left + notch} {top} m {right - notch} {top} l {right - notch} {top + notch} l {right} {top + notch} l "
        f"{right} {bottom - notch} l {right - notch} {bottom - notch} l {right - notch} {bottom} l "
        f"{left + notch} {bottom} l {left + notch} {bottom - notch} l {left} {bottom - notch} l "
        f"{left} {top + notch} l {left + notch} {top + notch} l s"
    )


def _seal(seal: Seal, layers: tuple[Layer, ...]) -> Iterable[str]:
    for rank, (layer, ink) in enumerate(zip(layers, _LAYER_INKS, strict=True)):
        size = layer.radius * seal.radius
        yield f"q {_rgb(ink)} RG {seal.radius / 450 / size:.5f} w {_turn(0, size)} {seal.x} {seal.y} cm"
        yield from [f"/Curve{rank} Do {_turn(layer.turn, 1)} 0 0 cm"] * layer.copies
        yield "Q"


def _braid(number: str, x: float, y: float, length: float, height: float) -> str:
    strands = "\n".join(_path(_stretched(strand, x, y, length, height), 2) for strand in braid(number))
    return f"{_rgb(_LAYER_INKS[0])} RG 0.11 w {strands} S"


def _stretched(curve: Curve, x: float, y: float, length: float, height: float) -> Curve:
    u, v = curve.start
    return Curve(
        (x + u * length, y + v * height),
        tuple(
            (
                x + a * length,
                y + b * height,
                x + c * length,
                y + d * height,
                x + e * length,
                y + f * height,
            )
            for a, b, c, d, e, f in curve.segments
        ),
    )


def _path(curve: Curve, places: int) -> str:
    """Return a path, its numbers rounded to so many places; written at once, for there are six thousand of them."""
    number = f"%.{places}f "
    written = number * 2 + "m" + ("\n" + number * 6 + "c") * len(curve.segments)
    return written % (*curve.start, *chain.from_iterable(curve.segments))


@cache
def _petal() -> str:
    """The petal of the emblem, whose SVG path is one move and two relative or absolute cubics."""
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", emblem.PETAL_PATH)]
    start, cubics = numbers[:2], (numbers[2:8], numbers[8:14])
    curves = " ".join(" ".join(f"{number:g}" for number in cubic) + " c" for cubic in cubics)
    return f"{start[0]:g} {start[1]:g} m {curves}"


def _circle(radius: float) -> str:
    r, h = radius, round(radius * _ROUND, 3)
    return (
        f"{r} 0 m {r} {h} {h} {r} 0 {r} c {-h} {r} {-r} {h} {-r} 0 c "
        f"{-r} {-h} {-h} {-r} 0 {-r} c {h} {-r} {r} {-h} {r} 0 c"
    )


def _turn(degrees: float, scale: float) -> str:
    """Return the first four numbers of a matrix that turns clockwise on the sheet and scales."""
    c, s = scale * cos(radians(degrees)), scale * sin(radians(degrees))
    return f"{c:.6f} {s:.6f} {-s:.6f} {c:.6f}"


def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[place : place + 2], 16) / 255:.4f}" for place in (1, 3, 5))
