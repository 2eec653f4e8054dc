"""The launcher knows a whole environment from a half-made one, and says no in one sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from awards_app import _bootstrap

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A folder that looks like an environment with the set of the application."""
    packages = tmp_path / "lib" / "python3.12" / "site-packages"
    for name in ("flask", "rq"):
        (packages / name).mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    _bootstrap._write_mark(str(tmp_path), "app")
    return tmp_path


def test_a_whole_environment_is_ready_for_its_group_only(environment: Path) -> None:
    assert [_bootstrap.is_ready(str(environment), group) for group in ("app", "test")] == [True, False]


def test_the_set_of_the_tests_is_ready_for_everything(environment: Path) -> None:
    _bootstrap._write_mark(str(environment), "test")

    assert [_bootstrap.is_ready(str(environment), group) for group in ("app", "test")] == [True, True]


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: (folder / _bootstrap.MARK).unlink(),
        lambda folder: (folder / _bootstrap.MARK).write_text("{"),
        lambda folder: (folder / "bin" / "python").unlink(),
        lambda folder: (folder / "lib" / "python3.12" / "site-packages" / "rq").rmdir(),
        lambda folder: change_lock(folder),
    ],
    ids=["no mark", "half a mark", "no python", "a package gone", "another lock"],
)
def test_a_harmed_environment_is_not_ready(environment: Path, harm: object) -> None:
    assert _bootstrap.is_ready(str(environment), "app") is True
    assert callable(harm)
    harm(environment)

    assert _bootstrap.is_ready(str(environment), "app") is False


def change_lock(folder: Path) -> None:
    mark = json.loads((folder / _bootstrap.MARK).read_text())
    (folder / _bootstrap.MARK).write_text(json.dumps({**mark, "lock": "0" * 64}))


def test_an_old_python_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemExit) as left:
        _bootstrap.enter(["demo"])

    assert left.value.code == 2
    assert capsys.readouterr().err == (
        "Python 3.9 est trop ancien pour la plateforme, qui demande 3.11 ou plus récent : "
        "installez Python 3.11 ou plus récent, puis relancez la même commande.\n"
    )


def test_a_folder_that_is_not_an_environment_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "somebody" / "letter"
    kept.parent.mkdir()
    kept.write_text("kept")
    done = subprocess.run(
        [sys.executable, "-m", "awards_app", "--help"],
        cwd=ROOT,
        env={**os.environ, "AWARDS_ENV_DIR": str(kept.parent), "AWARDS_BOOTSTRAP": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(
        "n’est pas un environnement Python : choisissez-en un autre."
    )
    assert kept.read_text() == "kept"


def test_the_help_lists_each_command_once(capsys: pytest.CaptureFixture[str]) -> None:
    from awards_app.cli import ADDRESSES, _module_exists, awards

    with pytest.raises(SystemExit):
        awards.main(args=["--help"], prog_name="awards")
    rows = [
        line.split()[0]
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("  ") and line.split()
    ]

    assert [rows.count(name) for name in ADDRESSES if _module_exists(name)] == [1] * len(
        [name for name in ADDRESSES if _module_exists(name)]
    )
