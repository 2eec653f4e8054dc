"""The guilloche of a certificate: fine curves drawn from its number, so that no two papers are alike.

The rosette is made of closed curves r(θ) = 1 + a·cos(pθ + φ) + b·cos(qθ + ψ), each repeated by small turns, as the rose
engine of a banknote engraver does; the braid is made of swelling waves. Curves are in units of 1; whoever writes them
rounds them, so that a number always gives the same drawing.
"""

from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from math import cos, pi, sin

_STEPS_A_LOBE = 8
_STEPS_A_WAVE = 4

Point = tuple[float, float]
# Two handles and an end, one number after the other.
Segment = tuple[float, float, float, float, float, float]
# A sample of a curve: where it is, and its slope there.
Post = tuple[float, float, float, float]


@dataclass(frozen=True)
class Curve:
    """A start point, then cubic segments."""

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

    steps = _STEPS_A_WAVE * waves
    speed = 2 * pi * waves
    # What the strands share at each step: its place, the size of the wave and how it grows, the angle before the lag.
    shared = []
    for step in range(steps + 1):
        x = step / steps
        size, growth = 0.3 + 0.7 * sin(pi * swells * x) ** 2, 0.7 * (pi * swells * sin(2 * pi * swells * x))
        shared.append((x, size, growth, 2 * pi * waves * x))
    strands_posts = []
    for rank in range(strands):
        behind = lag * rank
        posts: list[Post] = []
        for x, size, growth, angle in shared:
            height, slant = sin(angle + behind), cos(angle + behind)
            posts.append((x, size * height, 1.0, growth * height + size * speed * slant))
        strands_posts.append(posts)
    return tuple(_curve(posts, 1.0) for posts in strands_posts)


def _layer(
    radius: float, lobes: tuple[int, int], depths: tuple[float, float], dice: bytes, copies: int
) -> Layer:
    """Shape one layer: five bytes choose the depths, the phases and the pitch of the repetition."""
    first, second = lobes
    deep, fine = depths[0] * (0.75 + dice[0] / 510), depths[1] * (0.6 + dice[1] / 320)
    phase, other = 2 * pi * dice[2] / 256, 2 * pi * dice[3] / 256

    steps = _STEPS_A_LOBE * max(first, second)
    posts: list[Post] = []
    for step in range(steps):
        angle = 2 * pi * step / steps
        one, two = first * angle + phase, second * angle + other
        r = 1 + deep * cos(one) + fine * cos(two)
        slope = -deep * first * sin(one) - fine * second * sin(two)
        along, across = cos(angle), sin(angle)
        x, y = r * along, r * across
        posts.append((x, y, slope * along - y, slope * across + x))
    curve = _curve([*posts, posts[0]], 2 * pi)
    return Layer(radius, curve, copies, round(360 / first / copies * (1 + dice[4] % 2), 4))


def _curve(posts: list[Post], length: float) -> Curve:
    """Join the samples of a curve along their tangents (Hermite to Bézier)."""
    third = length / (len(posts) - 1) / 3
    segments = [
        (x + third * dx, y + third * dy, u - third * du, v - third * dv, u, v)
        for (x, y, dx, dy), (u, v, du, dv) in pairwise(posts)
    ]
    x, y, _dx, _dy = posts[0]
    return Curve((x, y), tuple(segments))
