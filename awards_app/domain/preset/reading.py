"""From TOML to a checked `Preset`. An error names the key it is about."""

import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from awards_app.domain.preset.checks import check_preset
from awards_app.domain.preset.errors import PresetError
from awards_app.domain.preset.values import Preset


def load_preset(path: Path) -> Preset:
    """Read a preset and the files of the same folder that its `include` lists.

    Raises PresetError for content, OSError for a missing file.
    """
    main = path.read_text(encoding="utf-8")
    included = _table(main).get("include", [])
    return parse_preset(main, *((path.parent / name).read_text(encoding="utf-8") for name in included))


def parse_preset(*texts: str) -> Preset:
    """Read one preset from TOML texts whose tables are put together. Raises PresetError."""
    merged: dict[str, Any] = {}
    for text in texts:
        table = _table(text)
        table.pop("include", None)
        for key, value in table.items():
            if key in merged:
                raise PresetError(key, "written in two files")
            merged[key] = value
    preset = _build(Preset, merged, "")
    check_preset(preset)
    return preset


def _table(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PresetError("toml", str(error)) from error


def _build(kind: Any, table: object, key: str) -> Any:
    if not isinstance(table, dict):
        raise PresetError(key or "preset", "a table is expected")
    known = {field.name: field for field in fields(kind)}
    for name in table:
        if name not in known:
            raise PresetError(_join(key, name), "unknown key")
    hints = typing.get_type_hints(kind)
    values = {}
    for name, field in known.items():
        if name in table:
            values[name] = _convert(hints[name], table[name], _join(key, name))
        elif field.default is MISSING and not _optional(hints[name]):
            raise PresetError(_join(key, name), "missing")
        elif field.default is MISSING:
            values[name] = None
    return kind(**values)


def _convert(hint: Any, value: Any, key: str) -> Any:
    if _optional(hint):
        hint = next(part for part in typing.get_args(hint) if part is not types.NoneType)
    origin = typing.get_origin(hint)
    if origin is tuple:
        return _row(typing.get_args(hint)[0], value, key)
    if origin is Mapping:
        return _mapping(typing.get_args(hint)[1], value, key)
    if is_dataclass(hint):
        return _build(hint, value, key)
    if type(value) is not hint:
        raise PresetError(key, f"{hint.__name__} expected, {type(value).__name__} found")
    return value


def _row(hint: Any, value: Any, key: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise PresetError(key, "a list is expected")
    return tuple(_convert(hint, item, f"{key}[{place}]") for place, item in enumerate(value))


def _mapping(hint: Any, value: Any, key: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise PresetError(key, "a table is expected")
    return MappingProxyType({name: _convert(hint, item, _join(key, name)) for name, item in value.items()})


def _optional(hint: Any) -> bool:
    return typing.get_origin(hint) in (types.UnionType, typing.Union) and types.NoneType in typing.get_args(
        hint
    )


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
