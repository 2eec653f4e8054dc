"""Signatures: PAdES that pyHanko and poppler accept, the same bytes each time, and nothing that a change leaves whole."""

import hashlib
import random
import shutil
import subprocess
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from awards_app.adapters import pdf as printer
from awards_app.adapters.signature_check import SignatureFound, read_signature
from awards_app.adapters.signing import PlatformSeal, TimestampIsRefused
from awards_app.adapters.signing_keys import KeyIsUnusable, make_key, read_credentials
from tests.adapters.paper_reading import elements, opened
from tests.adapters.paper_samples import CERTIFICATE, INSTANT
from tests.adapters.timestamp_server import timestamps


@cache
def key_file(name: str) -> Path:
    path = Path(mkdtemp()) / f"{name}.pem"
    make_key(path, "Prix de l’ESS (essai)", INSTANT)
    return path


@cache
def seal(name: str) -> PlatformSeal:
    return PlatformSeal(read_credentials(str(key_file(name)), ""))


def signed(seal_: PlatformSeal) -> bytes:
    paper = printer.render_certificate(CERTIFICATE, identifier="ESS-1", created_at=INSTANT, seal=seal_)
    return printer.signed(paper, seal_)


@cache
def the_paper() -> bytes:
    return signed(seal("one"))


def test_the_signature_is_ours_and_covers_the_whole_file() -> None:
    found = read_signature(the_paper())

    assert found == SignatureFound(seal("one").fingerprint, is_whole=True, is_timestamped=False)
    assert seal("one").is_demonstration is True


def test_the_same_certificate_has_the_same_bytes() -> None:
    again = PlatformSeal(read_credentials(str(key_file("one")), ""))

    assert hashlib.sha256(signed(again)).hexdigest() == hashlib.sha256(the_paper()).hexdigest()


def test_the_field_is_named_and_tagged_and_allows_no_change() -> None:
    pdf = opened(the_paper())

    (field,) = pdf.Root.AcroForm.Fields
    assert (str(field.TU), int(field.F), str(field.FT)) == (
        "Signature électronique du Prix de l’ESS",
        132,
        "/Sig",
    )
    (form,) = [element for element in elements(pdf) if element.S == "/Form"]
    assert form.K[0].Obj.objgen == field.objgen
    assert int(field.V.Reference[0].TransformParams.P) == 1
    assert str(field.V.Reason) == "Démonstration, sans valeur"
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    assert numbers[numbers.index(field.StructParent) + 1].objgen == form.objgen


def test_a_file_of_another_format_is_read(tmp_path: Path) -> None:
    content = key_file("one").read_bytes()
    key = load_pem_private_key(content, None)
    certificate = x509.load_pem_x509_certificate(content)
    path = tmp_path / "key.p12"
    path.write_bytes(
        serialize_key_and_certificates(b"prix", key, certificate, None, BestAvailableEncryption(b"secret"))  # type: ignore[arg-type]  # an RSA key
    )

    assert PlatformSeal(read_credentials(str(path), "secret")).fingerprint == seal("one").fingerprint
    for address, secret in (
        (str(path), "other"),
        (str(tmp_path / "none.pem"), ""),
        ("pkcs11:/none.so?token=a&label=b", ""),
    ):
        with pytest.raises(KeyIsUnusable):
            read_credentials(address, secret)


def test_two_processes_that_make_a_key_keep_one(tmp_path: Path) -> None:
    path = tmp_path / "signing" / "key.pem"
    make_key(path, "Un", INSTANT)
    first = path.read_bytes()

    make_key(path, "Deux", INSTANT)

    assert (path.read_bytes(), path.stat().st_mode & 0o777, len(list(path.parent.iterdir()))) == (
        first,
        0o600,
        1,
    )


def flipped(content: bytes, place: int, bit: int) -> bytes:
    return content[:place] + bytes([content[place] ^ (1 << bit)]) + content[place + 1 :]


def test_one_changed_bit_anywhere_is_seen_without_any_record() -> None:
    chance, content = random.Random(12), the_paper()
    places = [chance.randrange(len(content)) for _ in range(80)]
    # The signature itself, and what fills its place, are covered by nothing but their own form.
    start = content.index(b"/Contents <") + len(b"/Contents <")
    end = content.index(b">", start)
    places += [
        start,
        start + 1,
        start + 400,
        start + 2600,
        end - 1,
        *(chance.randrange(start, end) for _ in range(40)),
    ]

    whole = [place for place in places if is_ours(flipped(content, place, chance.randrange(8)))]

    assert whole == []


def is_ours(content: bytes) -> bool:
    found = read_signature(content)
    return found is not None and found.is_whole and found.fingerprint == seal("one").fingerprint


def incremental(content: bytes) -> bytes:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(content))
    writer.root["/PageMode"] = generic.NameObject("/UseNone")
    writer.update_root()
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def swapped(content: bytes) -> bytes:
    other = printer.render_certificate(CERTIFICATE, identifier="ESS-2", created_at=INSTANT + timedelta(1))
    with pikepdf.open(BytesIO(content)) as pdf, pikepdf.open(BytesIO(other)) as donor:
        pdf.pages[0] = donor.pages[0]
        target = BytesIO()
        pdf.save(target)
    return target.getvalue()


def unsigned(content: bytes) -> bytes:
    with pikepdf.open(BytesIO(content)) as pdf:
        del pdf.Root.AcroForm, pdf.Root.Perms, pdf.pages[0].Annots
        target = BytesIO()
        pdf.save(target)
    return target.getvalue()


@pytest.mark.parametrize("change", [incremental, swapped, unsigned, lambda _content: signed(seal("two"))])
def test_no_change_of_the_file_passes_for_ours(change: object) -> None:
    assert is_ours(change(the_paper())) is False  # type: ignore[operator]  # each is a function
    assert is_ours(the_paper()) is True


def test_poppler_says_the_same(tmp_path: Path) -> None:
    command = shutil.which("pdfsig")
    if command is None:
        pytest.skip("pdfsig (poppler-utils) is not installed")
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(the_paper())
    bad.write_bytes(flipped(the_paper(), 3000, 1))

    said = [
        subprocess.run([command, "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
        for path in (good, bad)
    ]

    assert "Signature Type: ETSI.CAdES.detached" in said[0]
    assert "Total document signed" in said[0]
    assert "Signature Validation: Signature is Valid." in said[0]
    assert "Signature Validation: Signature is Valid." not in said[1]


def test_a_timestamp_is_in_the_signature_where_a_server_gives_one() -> None:
    with timestamps() as address:
        dated = signed(PlatformSeal(read_credentials(str(key_file("one")), ""), address))
    found = read_signature(dated)

    assert found == SignatureFound(seal("one").fingerprint, is_whole=True, is_timestamped=True)


def test_a_server_that_does_not_answer_stops_the_signature() -> None:
    silent = PlatformSeal(read_credentials(str(key_file("one")), ""), "http://127.0.0.1:9/")

    with pytest.raises(TimestampIsRefused):
        silent.sign(hashlib.sha256(b"").digest())
