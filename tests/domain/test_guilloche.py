"""The guilloche of a certificate."""

from awards_app.domain.guilloche import braid, rosette


def test_a_number_always_gives_the_same_drawing_and_another_another() -> None:
    assert rosette("ESS-1") == rosette("ESS-1")
    assert braid("ESS-1") == braid("ESS-1")
    assert len({rosette(f"ESS-{number}") for number in range(300)}) == 300


def test_every_curve_stays_within_its_seal_and_closes() -> None:
    for number in range(100):
        for layer in rosette(f"ESS-{number}"):
            ends = [segment[4:] for segment in layer.curve.segments]
            assert ends[-1] == layer.curve.start
            assert max((x * x + y * y) ** 0.5 * layer.radius for x, y in ends) < 1.03
            assert min((x * x + y * y) ** 0.5 * layer.radius for x, y in ends) > 0.5


def test_a_braid_runs_from_one_end_to_the_other() -> None:
    for strand in braid("ESS-1"):
        ends = [segment[4:] for segment in strand.segments]
        assert (strand.start[0], ends[-1][0]) == (0.0, 1.0)
        assert max(abs(y) for _, y in ends) <= 1.0
