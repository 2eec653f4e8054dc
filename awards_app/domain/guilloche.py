"""The guilloche of a certificate: fine curves drawn from its number, so that no two papers are alike.

The rosette is made of closed curves r(θ) = 1 + a·cos(pθ + φ) + b·cos(qθ + ψ), each repeated by small turns, as the rose
engine of a banknote engraver does; the braid is made of swelling waves. Curves are in units of 1 and rounded, so that a
number always gives the same drawing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from math import cos, pi, sin

_STEPS_A_LOBE = 8
_STEPS_A_WAVE = 4

Point = tuple[float, float]
Segment = tuple[Point, Point, Point]


@dataclass(frozen=True)
class Curve:
    """A start point, then cubic segments (two handles and an end)."""

    start: Point
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Layer:
    """A closed curve around (0, 0), to be drawn ``copies`` times at ``radius``, each turned by ``turn`` degrees."""

    radius: float
    curve: Curve
    copies: int
    turn: float


def rosette(number: str) -> tuple[Layer, ...]:
    """Return the layers of the seal of a certificate, outermost first, for a seal of radius about 1."""
    dice = sha256(number.encode()).digest()
    lobes = 8 + dice[0] % 7
    return (
        _layer(0.9, (lobes, 3 * lobes), (0.085, 0.022), dice[1:6], copies=12),
        _layer(0.74, (lobes + 4, 2), (0.12, 0.012), dice[6:11], copies=12),
        _layer(0.585, (2 * lobes, lobes), (0.035, 0.03), dice[11:16], copies=6),
    )


def braid(number: str, strands: int = 4) -> tuple[Curve, ...]:
    """Return the strands of the braided rule of a certificate: x from 0 to 1, y between -1 and 1."""
    dice = sha256(b"braid" + number.encode()).digest()
    waves, swells = 22 + dice[0] % 9, 3 + dice[1] % 3
    lag = 2 * pi / strands * (1 + dice[2] / 512)

    def strand(rank: int) -> Callable[[float], tuple[Point, Point]]:
        def place(x: float) -> tuple[Point, Point]:
            swell, swelling = sin(pi * swells * x) ** 2, pi * swells * sin(2 * pi * swells * x)
            size, growth = 0.3 + 0.7 * swell, 0.7 * swelling
            angle, speed = 2 * pi * waves * x + lag * rank, 2 * pi * waves
            return (x, size * sin(angle)), (1.0, growth * sin(angle) + size * speed * cos(angle))

        return place

    steps = _STEPS_A_WAVE * waves
    return tuple(_curve(strand(rank), 1.0, steps) for rank in range(strands))


def _layer(
    radius: float, lobes: tuple[int, int], depths: tuple[float, float], dice: bytes, copies: int
) -> Layer:
    """Shape one layer: five bytes choose the depths, the phases and the pitch of the repetition."""
    first, second = lobes
    deep, fine = depths[0] * (0.75 + dice[0] / 510), depths[1] * (0.6 + dice[1] / 320)
    phase, other = 2 * pi * dice[2] / 256, 2 * pi * dice[3] / 256

    def place(angle: float) -> tuple[Point, Point]:
        r = 1 + deep * cos(first * angle + phase) + fine * cos(second * angle + other)
        slope = -deep * first * sin(first * angle + phase) - fine * second * sin(second * angle + other)
        x, y = r * cos(angle), r * sin(angle)
        return (x, y), (slope * cos(angle) - y, slope * sin(angle) + x)

    curve = _curve(place, 2 * pi, _STEPS_A_LOBE * max(first, second))
    return Layer(radius, curve, copies, round(360 / first / copies * (1 + dice[4] % 2), 4))


def _curve(place: Callable[[float], tuple[Point, Point]], length: float, steps: int) -> Curve:
    """Sample a curve given with its slope, and join the samples along their tangents (Hermite to Bézier)."""
    third = length / steps / 3
    posts = [place(length * step / steps) for step in range(steps + 1)]
    segments = tuple(
        (
            _rounded(x + third * dx, y + third * dy),
            _rounded(u - third * du, v - third * dv),
            _rounded(u, v),
        )
        for ((x, y), (dx, dy)), ((u, v), (du, dv)) in pairwise(posts)
    )
    return Curve(_rounded(*posts[0][0]), segments)


def _rounded(x: float, y: float) -> Point:
    return round(x, 4), round(y, 4)
