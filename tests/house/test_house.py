"""The house itself: floors, doors, sizes that only shrink, no dead template, plain jobs, documented commands."""

import ast
import importlib
import inspect
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from awards_app.cli import COMMANDS
from awards_app.web.doors import OPEN_ENDPOINTS, door_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "awards_app"
TEMPLATES = ROOT / "templates"
PLAIN = {"int", "str"}

# What exceeded its size when it was listed. A line leaves when its file is mended; none is added.
LONG_MODULES: set[str] = set()
LONG_FUNCTIONS: set[str] = {
    "awards_app/queries/accounts.py:_with_rights",
    "awards_app/queries/minutes.py:minutes_text",
}
LONG_TEMPLATES: set[str] = set()


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_go_down_only() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_each_route_has_a_door(app: Flask) -> None:
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OPEN_ENDPOINTS and door_of(app, rule.endpoint) is None
    ]
    assert bare == []


def test_an_open_door_says_why(app: Flask) -> None:
    doors = {rule.endpoint: door_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert [
        name for name, door in doors.items() if door and not door.permission and not door.reason.strip()
    ] == []


def test_no_module_outgrows_its_size() -> None:
    long = {named(path) for path in modules() if len(path.read_text("utf-8").splitlines()) > 400}
    assert long == LONG_MODULES


def test_no_function_outgrows_its_size() -> None:
    long = {
        f"{named(path)}:{node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > 50
    }
    assert long == LONG_FUNCTIONS


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function without its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_no_template_outgrows_its_size() -> None:
    long = {
        named(path)
        for path in TEMPLATES.rglob("*.html")
        if len(path.read_text("utf-8").splitlines()) > 150 and path.name != "regions.svg.html"
    }
    assert long == LONG_TEMPLATES


def test_no_test_file_outgrows_its_size() -> None:
    assert [
        named(path)
        for path in (ROOT / "tests").rglob("*.py")
        if len(path.read_text("utf-8").splitlines()) > 500
    ] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "base"}
    assert [named(path) for path in modules() if path.stem in empty] == []


def test_no_template_is_dead() -> None:
    texts = "\n".join(path.read_text("utf-8") for path in modules())
    texts += "\n".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    # A name put together (« errors/ » + a code) is looked for by its stem.
    dead = [
        named(path)
        for path in TEMPLATES.rglob("*.*")
        if path.suffix in {".html", ".css", ".txt", ".xml"}
        and str(path.relative_to(TEMPLATES)) not in texts
        and not re.search(rf"[\"'/]{re.escape(path.stem)}(\.html|\.css)?[\"']", texts)
    ]
    assert dead == []


def jobs() -> Iterator[tuple[str, object]]:
    for path in sorted((PACKAGE / "jobs").glob("[a-z]*.py")):
        module = importlib.import_module(f"awards_app.jobs.{path.stem}")
        for name, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{path.stem}.{name}", value


def test_jobs_take_plain_values() -> None:
    wrong = [
        name
        for name, job in jobs()
        for parameter in inspect.signature(job).parameters.values()  # type: ignore[arg-type]  # a function
        if getattr(parameter.annotation, "__name__", str(parameter.annotation)) not in PLAIN
    ]
    assert [name for name, _ in jobs()] != []
    assert wrong == []


def test_each_command_and_setting_is_documented() -> None:
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md"))
    commands = [name for _section, group in COMMANDS for name, _address in group]
    settings = re.findall(r"^([A-Z_]{4,}) = ", (ROOT / "config.py").read_text("utf-8"), re.MULTILINE)
    environment = set(
        re.findall(r"environ\.get\(\"(\w+)\"|_flag\(\"(\w+)\"", (ROOT / "config.py").read_text("utf-8"))
    )
    names = {one or other for one, other in environment}
    assert settings
    assert [name for name in commands if f"awards {name}" not in text] == []
    assert sorted(name for name in names if name not in text) == []


def comments() -> Iterator[tuple[str, str]]:
    for path in [
        *modules(),
        ROOT / "config.py",
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "scripts").rglob("*.py"),
    ]:
        reader = io.StringIO(path.read_text("utf-8")).readline
        for token in tokenize.generate_tokens(reader):
            if token.type == tokenize.COMMENT:
                yield f"{named(path)}:{token.start[0]}", token.string


def test_each_exception_to_a_rule_says_why() -> None:
    bare = [
        where
        for where, text in comments()
        if re.search(r"#\s*(noqa|type:\s*ignore)", text)
        and not re.search(r"(noqa(:\s*[A-Z0-9, ]+)?|type:\s*ignore(\[[\w, -]+\])?)\s*[#-]\s*\S.{3,}", text)
    ]
    assert bare == []


def test_nothing_is_left_to_do_in_a_comment() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")
    assert [where for where, text in comments() if words.search(text)] == []


@pytest.mark.parametrize("folder", ["templates"])
def test_no_template_holds_script_or_style(folder: str) -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)|\sstyle=\"|\son(click|change|input|submit|load)=", re.IGNORECASE
    )
    found = [
        named(path)
        for path in (ROOT / folder).rglob("*.html")
        if not {"certificates", "documents", "emails"} & set(path.relative_to(TEMPLATES).parts)
        and inline.search(path.read_text("utf-8"))
    ]
    assert found == []
