"""The sealed export: a ZIP from which anybody entitled can recompute the outcome, and in which an alteration shows.

The ZIP is a function of its contents alone: two members in a fixed order, stored as they are, one fixed date.
Verification therefore rebuilds it and compares every byte. The format is written down in
``docs/results-archive.md``.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from awards_app.domain.results_rules import problems_of
from awards_app.domain.results_schema import (
    SHAPES,
    Problem,
    ResultsArchive,
    in_order,
    lines_of,
    misshapen_archive,
    parse_strictly,
)
from awards_app.domain.snapshot import canonical_bytes, sha256_of
from awards_app.domain.words import N_

ARCHIVE = "archive.json"
MANIFEST = "manifest.json"
EARLIEST = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o644 << 16
UNIX = 3
LOCAL_HEADER = 30
SIZE_LIMIT = 200 * 1024 * 1024

TOO_BIG = N_("le fichier est trop volumineux pour être une archive de résultats.")
NOT_READABLE = N_("l’enveloppe ZIP est illisible ou altérée.")
WRONG_MEMBERS = N_("l’archive ne contient pas exactement les deux fichiers attendus.")
NOT_JSON = N_("le contenu est altéré ou n’est pas écrit dans la forme attendue.")
MISSHAPEN = N_("cette valeur manque, est en trop ou n’est pas du type attendu.")
UNKNOWN_FORMAT = N_("la version %(format)s du format n’est pas connue.")
LINE_DIFFERS = N_("cette ligne a été modifiée, ajoutée ou supprimée après le scellement.")
MANIFEST_DIFFERS = N_("le manifeste ne correspond pas au contenu.")
NOT_CANONICAL = N_("le fichier diffère de sa forme scellée à partir de l’octet %(offset)s.")
OTHER_SEAL = N_("le sceau est %(found)s ; le sceau attendu est %(expected)s.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an archive holds, what does not, and the seal computed from its contents (if it can be read)."""

    ok: bool
    problems: tuple[Problem, ...]
    seal: str | None


def build_archive(contents: ResultsArchive) -> bytes:
    """Return the bytes of the sealed archive. Raise ``ValueError`` when a field is missing or of another type."""
    fault = misshapen_archive(contents)
    if fault:
        raise ValueError(f"{fault} is missing, in excess or of another type")
    ordered = in_order(contents)
    archive = canonical_bytes(ordered)
    return _zipped({ARCHIVE: archive, MANIFEST: canonical_bytes(_manifest(ordered, archive))})


def seal_of(contents: ResultsArchive) -> str:
    """Return the seal of an archive of these contents: what the minutes or the journal may anchor."""
    ordered = in_order(contents)
    return str(_manifest(ordered, canonical_bytes(ordered))["seal"])


def verify_archive(data: bytes, expected_seal: str | None = None) -> Verdict:
    """Recompute an archive from itself alone and say which line differs; never raises for what it is given.

    ``expected_seal`` is the seal known from elsewhere (minutes, journal): without it, an archive remade from
    end to end with other marks is coherent and cannot be told.
    """
    try:
        contents = _read(data)
    except _Unreadable as fault:
        return Verdict(False, fault.problems, None)
    ordered = in_order(contents)
    manifest = _manifest(ordered, canonical_bytes(ordered))
    problems = [*_seal_problems(data, contents, manifest), *problems_of(contents)]
    seal = str(manifest["seal"])
    if expected_seal is not None and expected_seal != seal:
        problems.append(Problem("seal", OTHER_SEAL, {"found": seal, "expected": expected_seal}))
    return Verdict(not problems, tuple(problems), seal)


class _Unreadable(Exception):
    def __init__(self, where: str, sentence: str, **values: object) -> None:
        super().__init__(where)
        self.problems = (Problem(where, sentence, values),)


def _manifest(ordered: ResultsArchive, archive: bytes) -> dict[str, object]:
    manifest: dict[str, object] = {
        "format": ordered["format"],
        "members": {ARCHIVE: hashlib.sha256(archive).hexdigest()},
        "lines": {name: sha256_of(line) for name, line in lines_of(ordered).items()},
    }
    return {**manifest, "seal": sha256_of(manifest)}


def _zipped(members: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as envelope:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system = UNIX
            entry.external_attr = PLAIN_FILE
            envelope.writestr(entry, members[name])
    return held.getvalue()


def _read(data: bytes) -> ResultsArchive:
    members = _members(data)
    try:
        contents = parse_strictly(members[ARCHIVE])
    except ValueError:
        raise _Unreadable(ARCHIVE, NOT_JSON) from None
    fault = misshapen_archive(contents)
    if fault:
        raise _Unreadable(fault, MISSHAPEN)
    archive = cast(ResultsArchive, contents)
    if archive["format"] not in SHAPES:
        raise _Unreadable(f"{ARCHIVE}/format", UNKNOWN_FORMAT, format=archive["format"])
    try:
        canonical_bytes(archive)
    except ValueError:
        raise _Unreadable(ARCHIVE, NOT_JSON) from None
    return archive


def _members(data: bytes) -> dict[str, bytes]:
    """Cut the members out by their sizes, checksums aside: an altered member is still read, to name its line."""
    if len(data) > SIZE_LIMIT:
        raise _Unreadable("ZIP", TOO_BIG)
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        raise _Unreadable("ZIP", NOT_READABLE) from None
    if [entry.filename for entry in entries] != [ARCHIVE, MANIFEST]:
        raise _Unreadable("ZIP", WRONG_MEMBERS)
    found = {}
    for entry in entries:
        start = entry.header_offset + LOCAL_HEADER + len(entry.filename)
        found[entry.filename] = data[start : start + entry.file_size]
    return found


def _seal_problems(data: bytes, contents: ResultsArchive, manifest: dict[str, object]) -> Iterator[Problem]:
    stated = _stated_manifest(data)
    if stated != manifest:
        yield from _line_problems(stated, manifest)
        yield Problem(MANIFEST, MANIFEST_DIFFERS)
    rebuilt = build_archive(contents)
    if rebuilt != data:
        pairs = zip(data, rebuilt, strict=False)
        offset = next(
            (at for at, (one, other) in enumerate(pairs) if one != other), min(len(data), len(rebuilt))
        )
        yield Problem("ZIP", NOT_CANONICAL, {"offset": offset})


def _stated_manifest(data: bytes) -> object:
    try:
        return parse_strictly(_members(data)[MANIFEST])
    except ValueError:
        return None


def _line_problems(stated: object, manifest: dict[str, object]) -> Iterator[Problem]:
    given = stated.get("lines") if isinstance(stated, dict) else None
    computed = cast("dict[str, str]", manifest["lines"])
    if not isinstance(given, dict):
        return
    for name in sorted(computed.keys() | given.keys()):
        if computed.get(name) != given.get(name):
            yield Problem(name, LINE_DIFFERS)
