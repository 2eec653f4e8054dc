"""The command of the rehearsal: its JSON, its exit codes, and the same honours from the same seed."""

import json
from pathlib import Path

from click.testing import CliRunner

from awards_app.cli.rehearse import rehearse

TABLE = "organisation;theme;region_code\nLa Cordée;Utilité sociale;53\nTy Glaz;Utilité sociale;53\n"


def _run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(rehearse, words)
    return result.exit_code, result.stdout, result.stderr


def test_the_account_in_json_and_the_same_honours_twice(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(TABLE, "utf-8")
    found = []
    for name in ("a", "b"):
        out = tmp_path / name
        code, text, _errors = _run(
            "--input", str(table), "--seed", "5", "--out", str(out), "--year", "2027", "--json"
        )
        account = json.loads(text)
        assert {name: held for name, held in account["checks"].items() if not held} == {}, account["checks"]
        assert (code, set(account)) == (0, {"seed", "input", "steps", "checks", "out"})
        assert {frozenset(step) for step in account["steps"]} == {frozenset({"name", "counts", "seconds"})}
        assert (account["seed"], account["out"], set(account["checks"].values())) == ("5", str(out), {True})
        found.append((out / "palmares.csv").read_text("utf-8"))
    assert found[0] == found[1]


def test_a_file_that_cannot_be_read_exits_with_2(tmp_path: Path) -> None:
    other = tmp_path / "autre.csv"
    other.write_bytes(b"\x00\x01\x02 pas un tableau")
    code, text, errors = _run("--input", str(other), "--out", str(tmp_path / "sortie"))
    assert (code, text, bool(errors)) == (2, "", True)
    assert _run("--input", str(tmp_path / "absent.csv"), "--out", str(tmp_path / "sortie"))[0] == 2
