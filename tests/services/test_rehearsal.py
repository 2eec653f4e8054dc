"""A whole edition on a few candidacies: it holds, the same seed gives the same honours, a stranger's script agrees."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from flask import Flask

from awards_app.domain.preset import load_preset
from awards_app.paths import PACKAGE, ROOT
from awards_app.services.rehearsal import Rehearsal, Volumes, rehearse, volumes_of, write_table
from awards_app.services.rehearsal.checks import spoiled
from awards_app.services.rehearsal.company import Juror, Jury
from awards_app.services.rehearsal.plan import File, Plan, Wish, plan_round
from tests.invariants import CHECKS, broken

TABLE = """organisation;theme;region_code;project_title
La Cordée;Utilité sociale;53;Le relais
Ty Glaz;Utilité sociale;53;La maison bleue
Le Fournil;Transition écologique;53;
L’Atelier des marées;Utilité sociale;28;Au bord
La Recyclerie du port;Transition écologique;28;Tout resservir
Sans thème;;28;
"""
# An endowment is published as the amount of its structure's title, not as a line of its own.
HOLDING = [number for number in CHECKS if number != 16]


def _rehearse(folder: Path, lines: str = TABLE, seed: str = "7") -> Rehearsal:
    table = folder / "candidatures.csv"
    table.write_text(lines, "utf-8")
    return rehearse(
        table, folder / "sortie", load_preset(PACKAGE / "presets" / "prix-ess.toml"), 2027, seed=seed
    )


def test_an_edition_is_played_to_its_verified_papers(context: Flask, tmp_path: Path) -> None:
    game = _rehearse(tmp_path)
    assert [name for name, holds in game.checks.items() if not holds] == []
    assert broken(HOLDING) == []
    counts = {step.name: step.counts for step in game.steps}
    assert counts["import"] == {"read": 6, "taken": 6, "incomplete": 6, "refused": 0}
    assert counts["admissibility"] == {"received": 5, "admissible": 5, "inadmissible": 0, "left_aside": 1}
    assert (counts["juries"]["juries"], counts["publication"]["rounds"]) == (2, 3)
    out = tmp_path / "sortie"
    assert sorted(path.name for path in (out / "minutes").iterdir()) == [
        "bretagne.pdf",
        "national.pdf",
        "normandie.pdf",
    ]
    papers = list((out / "certificates").iterdir())
    assert (len(papers), {path.read_bytes()[:5] for path in papers}) == (
        counts["certificates"]["certificates"],
        {b"%PDF-"},
    )
    lines = json.loads((out / "palmares.json").read_text("utf-8"))["honours"]
    assert (
        len(lines)
        == len((out / "palmares.csv").read_text("utf-8").splitlines()) - 1
        == counts["results"]["palmares"]
    )
    national = sorted(
        one["theme"] for one in lines if (one["level"], one["distinction"]) == ("national", "laureate")
    )
    assert national == ["Transition écologique", "Utilité sociale"]
    script = ROOT / "tests" / "independent" / "recompute.py"
    verdict = subprocess.run([sys.executable, script, out / "results.zip"], capture_output=True, check=False)
    assert verdict.returncode == 0


def test_without_any_theme_nobody_is_judged_and_all_still_holds(context: Flask, tmp_path: Path) -> None:
    game = _rehearse(tmp_path, "organisation;region_code\nLa Cordée;53\nTy Glaz;28\n")
    assert [name for name, holds in game.checks.items() if not holds] == []
    counts = {step.name: step.counts for step in game.steps}
    assert (counts["admissibility"]["left_aside"], counts["juries"]["juries"]) == (2, 0)


def test_an_edition_of_given_volumes_with_a_withdrawal_a_tie_and_a_correction(
    context: Flask, tmp_path: Path
) -> None:
    volumes = Volumes(15, ("53", "28", "11"), {"te": 2, "us": 3})
    table = tmp_path / "candidatures.csv"
    write_table(volumes, 2027, "1", table)
    preset = load_preset(PACKAGE / "presets" / "prix-ess.toml")
    game = rehearse(table, tmp_path, preset, 2027, seed="1", volumes=volumes)
    counts = {step.name: step.counts for step in game.steps}
    assert [name for name, holds in game.checks.items() if not holds] == []
    assert (counts["withdrawal"], counts["correction"]) == ({"replaced": 1}, {"corrected": 1})
    assert (counts["national"]["entries"], counts["decisions"]["ties_parted"] > 0) == (5, True)
    assert broken(HOLDING) == []


def test_the_volumes_of_2023_are_the_published_ones(tmp_path: Path) -> None:
    volumes = volumes_of(2023)
    write_table(volumes, 2027, "1", tmp_path / "table.csv")
    write_table(volumes, 2027, "1", tmp_path / "again.csv")
    lines = (tmp_path / "table.csv").read_text("utf-8").splitlines()[1:]
    regions = {line.split(";")[2] for line in lines}
    passed = volumes.without_entry()
    assert (volumes.files, len(volumes.regions), volumes.entries) == (515, 18, {"te": 13, "us": 14})
    assert (len(lines), len(set(lines)), len(regions)) == (515, 515, 18)
    assert sorted(passed.values()) == ["te"] * 5 + ["us"] * 4
    assert (tmp_path / "table.csv").read_bytes() == (tmp_path / "again.csv").read_bytes()


@pytest.mark.parametrize("content", [b"x", b"xxx", bytes(5), b"%PDF-x-\xff"])
def test_a_spoiled_file_is_another_file_whatever_its_middle(content: bytes) -> None:
    other = spoiled(content)
    assert (len(other), sum(one != two for one, two in zip(content, other, strict=True))) == (len(content), 1)


def _jury(size: int = 6) -> Jury:
    functions = ["chair", "deputy", *["juror"] * (size - 2)]
    return Jury([Juror(f"s{n}", n, f"Personne {n}", function) for n, function in enumerate(functions)])


def _files(count: int, theme: str = "us", regions: Iterable[str] = ("53",)) -> list[File]:
    homes = list(regions)
    return [
        File(n, f"f{n}", f"Structure {n}", f"Titre {n}", theme, 1, homes[n % len(homes)])
        for n in range(count)
    ]


def _plan(wish: Wish, files: list[File], seed: str = "1", **more: dict[str, str | None]) -> Plan:
    return plan_round(seed, _jury(), files, {"us": ("need", "reach")}, 4, wish, **more)  # type: ignore[arg-type]  # regions only


def test_the_same_seed_gives_the_same_plan_and_another_one_another() -> None:
    wish = Wish(tie=True, absence=True)
    assert _plan(wish, _files(9)) == _plan(wish, _files(9))
    assert _plan(wish, _files(9)) != _plan(wish, _files(9), seed="2")


def test_tied_files_get_the_same_levels_from_every_juror() -> None:
    plan = _plan(Wish(tie=True), _files(9))
    sheets = {
        key: {sheet.seat_key: sheet.levels for sheet in plan.sheets if sheet.file.key == key}
        for key in plan.tied
    }
    first, second = sheets.values()
    assert (len(plan.tied), first == second, len(first)) == (2, True, 6)


def test_a_file_keeps_three_readers_whatever_is_drawn() -> None:
    plan = _plan(Wish(recused_share=100), _files(5))
    readers = [sum(sheet.file.key == f"f{n}" for sheet in plan.sheets) for n in range(5)]
    assert readers == [3] * 5


def test_a_national_juror_stands_aside_from_their_region() -> None:
    regions: dict[str, str | None] = {"s3": "53"}
    plan = _plan(Wish(recused_share=0), _files(4, regions=("53", "28")), regions=regions)
    assert sorted(plan.recusals) == [("s3", "f0"), ("s3", "f2")]


@pytest.mark.parametrize("size", [0, 1, 2])
def test_a_plan_survives_small_rounds(size: int) -> None:
    plan = _plan(Wish(tie=True, absence=True, recused_chair=True), _files(size))
    assert {sheet.file.key for sheet in plan.sheets} == {f"f{n}" for n in range(size)}


def test_levels_are_whole_and_on_the_scale() -> None:
    plan = _plan(Wish(), _files(40))
    given = {level for sheet in plan.sheets for level in sheet.levels.values()}
    assert given <= {0, 1, 2, 3, 4}
    assert len(given) >= 4
