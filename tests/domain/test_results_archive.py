"""The sealed export: the same bytes for the same contents, and every alteration found and named."""

import copy
import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards_app.domain.grid import Criterion, Grid
from awards_app.domain.results_archive import build_archive, seal_of, verify_archive
from awards_app.domain.results_schema import parse_strictly
from awards_app.domain.snapshot import canonical_bytes, sha256_of
from tests.domain.golden import JURORS, NUMBERS, archive, ballot, decision, round_line

SCRIPT = Path(__file__).parents[1] / "independent" / "recompute.py"
SEALED = build_archive(archive())
SMALL = Grid((Criterion("a", 60), Criterion("b", 40)), 5, 5)
FLIPS = 120


def wheres(data, seal=None):
    return [problem.where for problem in verify_archive(data, seal).problems]


def resealed(change):
    """The archive as a forger leaves it: altered, then sealed again with the public rule."""
    contents = copy.deepcopy(archive())
    change(contents["rounds"][0])
    return build_archive(contents)


def kept_manifest(change):
    """The archive altered without a new manifest, in a well-formed ZIP."""
    altered = zipfile.ZipFile(io.BytesIO(resealed(change))).read("archive.json")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as envelope:
        envelope.writestr("archive.json", altered)
        envelope.writestr("manifest.json", zipfile.ZipFile(io.BytesIO(SEALED)).read("manifest.json"))
    return held.getvalue()


def recompute(tmp_path, data, *more):
    path = tmp_path / "archive.zip"
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(path), *more], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip()


def random_ballot(chance):
    """Five files and three or four jurors with recusals, waivers and sheets set aside."""
    words = ["R"] + [prefix + "".join(chance.choices("345", k=4)) for prefix in ["S"] + [""] * 12]
    jurors = JURORS[: chance.choice([3, 4])]
    notes = {name: tuple(chance.choice(words) for _ in jurors) for name in NUMBERS}
    waivers = [(chance.choice(jurors), chance.choice(list(NUMBERS)))] if chance.random() < 0.3 else []
    return ballot(notes, waivers)


def one_score(line):
    line["scores"]["themes"]["us"]["sheets"][0]["levels"]["a"] = 1


def one_weight(line):
    criteria = line["scores"]["themes"]["us"]["grid"]["criteria"]
    criteria[0]["weight"], criteria[1]["weight"] = 41, 29


def one_juror_removed(line):
    theme = line["scores"]["themes"]["us"]
    theme["sheets"] = [held for held in theme["sheets"] if held["juror"] != "J04"]


def test_a_sound_archive_holds():
    verdict = verify_archive(SEALED, seal_of(archive()))
    assert (verdict.ok, verdict.problems, verdict.seal) == (True, (), seal_of(archive()))


def test_the_same_contents_give_the_same_bytes_in_any_order():
    decisions = [decision("76-002"), decision("76-001", "title"), decision("76-004", status="annulled")]
    one = archive(round_line("76", decisions=decisions), round_line("11", decisions=[]))
    other = archive(round_line("11", decisions=[]), round_line("76", decisions=decisions[::-1]))
    for line in other["rounds"]:
        line["ranking"]["us"].reverse()
    assert build_archive(dict(reversed(other.items()))) == build_archive(one)


def test_the_members_and_their_dates():
    entries = zipfile.ZipFile(io.BytesIO(SEALED)).infolist()
    dated = (1980, 1, 1, 0, 0, 0)
    assert [(e.filename, e.date_time) for e in entries] == [("archive.json", dated), ("manifest.json", dated)]


@pytest.mark.parametrize(
    ("change", "line", "ranks"),
    [(one_score, "76/us/76-001/J01", (1, 3, 4, 5)), (one_weight, "76/us/grid", (1, 2, 4))],
)
def test_an_alteration_is_located(change, line, ranks):
    expected = [line, "manifest.json", "ZIP", "76/snapshot", *(f"76/us/76-00{n}/rank" for n in ranks)]
    assert wheres(kept_manifest(change)) == expected


def test_a_removed_juror_is_located():
    found = wheres(kept_manifest(one_juror_removed))
    assert [where for where in found if where.endswith("/J04")] == [
        f"76/us/76-00{n}/J04" for n in (1, 2, 3, 4, 5)
    ]
    assert "76/us/76-004/rank" in found


@pytest.mark.parametrize("change", [one_score, one_weight, one_juror_removed])
def test_an_alteration_sealed_again_still_shows(change):
    assert "76/snapshot" in wheres(resealed(change))


def test_an_archive_remade_from_end_to_end_only_differs_by_its_seal():
    remade = build_archive(archive(round_line(decisions=[])))
    assert wheres(remade) == []
    assert wheres(remade, seal_of(archive())) == ["seal"]


@settings(max_examples=FLIPS, deadline=None)
@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_one_altered_byte_anywhere_is_found(offset, mask):
    altered = bytearray(SEALED)
    altered[offset] ^= mask
    assert verify_archive(bytes(altered)).ok is False


def spoiled(sealed, offset, mask):
    return sealed[:offset] + bytes([sealed[offset] ^ mask]) + sealed[offset + 1 :]


def envelope_of(sealed):
    """The offsets of a ZIP that are in no member: local headers, central directory, end record."""
    inside = set()
    for entry in zipfile.ZipFile(io.BytesIO(sealed)).infolist():
        start = entry.header_offset + 30 + len(entry.filename)
        inside |= set(range(start, start + entry.file_size))
    return [at for at in range(len(sealed)) if at not in inside]


def test_every_byte_of_a_small_archive_is_sealed_its_envelope_by_several_bits():
    small = build_archive(archive(round_line(ballots={"us": ballot({"Alpha": ("43",)}, grid=SMALL)})))
    envelope = envelope_of(small)
    # Two local headers, two lines of the directory, the end record, and four names.
    assert len(envelope) == 2 * 30 + 2 * 46 + 22 + 2 * len("archive.json" + "manifest.json")
    tried = [(at, 1 << at % 8) for at in range(len(small))]
    tried += [(at, 1 << bit) for at in envelope for bit in (0, 3, 7)]
    assert [(at, mask) for at, mask in tried if verify_archive(spoiled(small, at, mask)).ok] == []


def test_an_archive_of_the_first_format_is_still_verified(tmp_path):
    first = archive()
    del first["rule"], first["versions"]
    sealed = build_archive({**first, "format": 1})
    assert wheres(sealed, seal_of({**first, "format": 1})) == []
    assert recompute(tmp_path, sealed)[0] == 0


def test_a_first_format_with_later_fields_and_an_unknown_format_are_refused():
    for number in (1, 3):
        with zipfile.ZipFile(io.BytesIO(SEALED)) as envelope:
            contents = {**json.loads(envelope.read("archive.json")), "format": number}
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as envelope:
            envelope.writestr("archive.json", canonical_bytes(contents))
            envelope.writestr("manifest.json", b"{}")
        assert wheres(held.getvalue()) == ["archive.json" if number == 1 else "archive.json/format"]


def test_the_independent_script_is_short_and_imports_nothing_of_ours():
    text = SCRIPT.read_text("utf-8")
    imported = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert (len(text.splitlines()) <= 100, imported) == (
        True,
        {"hashlib", "json", "sys", "zipfile", "fractions"},
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, len(SEALED) - 1), st.binary(min_size=1, max_size=9))
def test_bytes_added_or_cut_are_found(offset, more):
    grown = SEALED[:offset] + more + SEALED[offset:]
    results = [verify_archive(data).ok for data in (grown, SEALED[:offset], SEALED + more, more + SEALED)]
    assert results == [False] * 4


def test_a_compressed_or_commented_twin_is_not_the_sealed_file():
    members = {
        name: zipfile.ZipFile(io.BytesIO(SEALED)).read(name) for name in ("archive.json", "manifest.json")
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as envelope:
        for name, content in members.items():
            envelope.writestr(name, content)
    assert verify_archive(held.getvalue()).ok is False
    commented = io.BytesIO(SEALED)
    with zipfile.ZipFile(commented, "a") as envelope:
        envelope.comment = b"!"
    assert wheres(commented.getvalue()) == ["ZIP"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"\xff",
        b'{"format":1,"format":1}',
        b"[" * 100_000,
        b'{"format":1.5}',
        b"9" * 9999,
    ],
)
def test_hostile_members_are_answered_not_raised(content):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as envelope:
        envelope.writestr("archive.json", content)
        envelope.writestr("manifest.json", content)
    verdict = verify_archive(held.getvalue())
    assert (verdict.ok, len(verdict.problems), verdict.seal) == (False, 1, None)


@pytest.mark.parametrize("text", [b'{"a":1,"a":1}', b'{"a":1.0}', b"NaN", b"[1e5]"])
def test_what_is_not_written_canonically_is_not_read(text):
    with pytest.raises(ValueError):
        parse_strictly(text)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda a: a.pop("journal"), "archive.json"),
        (lambda a: a.update(more=1), "archive.json"),
        (lambda a: a["edition"].update(year="2027"), "archive.json/edition/year"),
        (
            lambda a: a["rounds"][0]["places"]["us"].update(title=True),
            "archive.json/rounds/1/places/us/title",
        ),
    ],
)
def test_a_misshapen_archive_is_not_built(change, path):
    contents = archive()
    change(contents)
    with pytest.raises(ValueError, match=f"^{path} is missing"):
        build_archive(contents)


def test_the_independent_script_agrees(tmp_path):
    seal = seal_of(archive())
    assert recompute(tmp_path, SEALED) == (0, f"yes {seal}")
    assert recompute(tmp_path, SEALED, seal) == (0, f"yes {seal}")
    assert recompute(tmp_path, SEALED, "0" * 64) == (1, f"seal: this archive bears {seal}")
    assert recompute(tmp_path, b"no zip")[0] == 2


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (one_score, "76/us/76-001/J01: not the line that was sealed"),
        (one_weight, "76/us/grid: not the line that was sealed"),
        (one_juror_removed, "76/us/76-001/J04: not the line that was sealed"),
    ],
)
def test_the_independent_script_locates_each_alteration(tmp_path, change, first):
    code, said = recompute(tmp_path, kept_manifest(change))
    assert (code, said.splitlines()[0]) == (1, first)
    assert recompute(tmp_path, resealed(change))[0] == 1


def test_the_independent_script_agrees_on_generated_rounds(tmp_path):
    chance = random.Random(2027)
    rounds = [round_line(f"{place:03d}", ballots={"us": random_ballot(chance)}) for place in range(60)]
    sealed = build_archive(archive(*rounds))
    assert wheres(sealed) == []
    assert recompute(tmp_path, sealed)[0] == 0
    rounds[57]["ranking"]["us"][0]["readers"] += 1
    altered = build_archive(archive(*rounds))
    lines = [f"057/us/{rounds[57]['ranking']['us'][0]['candidacy']}/rank"]
    assert wheres(altered) == lines
    assert recompute(tmp_path, altered)[1].splitlines()[0].split(": ")[0] == lines[0]


def test_the_manifest_is_what_the_documentation_says():
    members = {
        name: zipfile.ZipFile(io.BytesIO(SEALED)).read(name) for name in ("archive.json", "manifest.json")
    }
    manifest = json.loads(members["manifest.json"])
    seal = manifest.pop("seal")
    assert canonical_bytes(json.loads(members["archive.json"])) == members["archive.json"]
    assert sorted(manifest) == ["format", "lines", "members"]
    assert seal == sha256_of(manifest)
