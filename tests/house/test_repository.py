"""What is committed names no registry and no machine, and installs only what is locked."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve()
# Written in pieces so that this file does not find itself.
REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.",
    "yarn" + "pkg.com",
    "crates" + ".io",
    "un" + "pkg.com",
)
MIRRORS = re.compile(
    r"^\s*(--)?(extra-)?(index-url|find-links)\b|\bregistry\s*=\s*[\"']https?:", re.MULTILINE
)
MACHINE = re.compile(
    r"(?<![\w.])(/wo"
    + r"rk/|/ro"
    + r"ot/|/ho"
    + r"me/\w|/Us"
    + r"ers/\w|/tmp/ba"
    + r"sh_jobs|/opt/wh"
    + r"eels|/opt/py"
    + r"pi)"
)
LOCKS = ("app.lock", "test.lock", "uv.lock")
LAUNCHER = ("__init__.py", "__main__.py", "_bootstrap.py", "_system.py")


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for path in committed():
        try:
            found.append((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_names_a_registry() -> None:
    named = [(name, host) for name, text in texts() for host in REGISTRIES if host in text]

    assert named == []


def test_no_file_gives_an_index_address() -> None:
    assert [
        name
        for name, text in texts()
        if name.endswith((".lock", ".toml", ".cfg", ".txt", ".json")) and MIRRORS.search(text)
    ] == []


def test_no_file_names_this_machine() -> None:
    assert [
        (name, match.group()) for name, text in texts() for match in [MACHINE.search(text)] if match
    ] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_hashes(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)

    assert [entry.split()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []
    assert [line for line in text.splitlines() if re.match(r"[a-z0-9]", line) and "==" not in line] == []


def pinned(lock: str) -> set[str]:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return {line.removesuffix(" \\") for line in text.splitlines() if re.match(r"[a-z0-9]", line)}


def test_the_set_of_the_tests_contains_the_set_of_the_application() -> None:
    assert pinned("app.lock") - pinned("test.lock") == set()


def test_each_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {"app.lock": project["dependencies"], "test.lock": project["optional-dependencies"]["test"]}
    missing = [
        name
        for lock, wanted in declared.items()
        for name in (re.split(r"[\[<>=~; ]", word)[0].lower() for word in wanted)
        if name not in {line.split("==")[0].split("[")[0] for line in pinned(lock)}
    ]

    assert missing == []


@pytest.mark.parametrize("name", LAUNCHER)
def test_the_launcher_reads_on_an_old_python_and_knows_only_the_standard_library(name: str) -> None:
    import sys

    tree = ast.parse((ROOT / "awards_app" / name).read_text(encoding="utf-8"), feature_version=(3, 8))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}

    assert {word.split(".")[0] for word in imported} - sys.stdlib_module_names - {"awards_app"} == set()


def test_the_continuous_integration_never_skips_the_browser() -> None:
    script = ROOT / ".ci" / "run"

    assert script.stat().st_mode & 0o111 == 0o111
    assert re.findall(r"AWARDS_REQUIRE_BROWSER=(\S+)", script.read_text(encoding="utf-8")) == ["1"]
