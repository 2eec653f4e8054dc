"""J11, J12: a certificate asked for again, replaced under a corrected name; files that were changed."""

import hashlib
import os
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

import httpx
import pikepdf

from awards_app.adapters.signature_check import read_signature
from awards_app.adapters.signing import PlatformSeal
from awards_app.adapters.signing_keys import make_key, read_credentials
from tests.cases.context import Context, case, expect, says

# The catalogue's thousand flips, at the page and without it, take a minute: set AWARDS_WHOLE_PROOFS=1 to play them all.
FLIPS = 1000 if os.environ.get("AWARDS_WHOLE_PROOFS") == "1" else 40
GENUINE = "a été établi par le Prix de l’ESS"


@case("J11")
def asked_again_and_corrected(c: Context) -> None:
    c.lay("P6")
    certificate = c.world["certificates"][0]
    number, page = certificate["number"], f"/coordination/{c.round()}/certificats"
    before = expect(c.be("CO").cert.get(number), 200).content
    expect(c.be("RC").cert.order(c.round()))
    expect(c.platform.job.run("certificates.issue_waiting"), 200)
    assert expect(c.be("CO").cert.get(number), 200).content == before
    correction = {"reason": "Nom mal écrit.", "corrected_name": "Le Nom corrigé"}
    for person in ("RC", "NS"):
        says(expect(c.be("PUB").cert.verify(number), 200), GENUINE)
        expect(c.be(person).post_page(page, f"{page}/{certificate['key']}/revoquer", correction), 303)
    expect(c.platform.job.run("certificates.issue_waiting"), 200)
    old = says(expect(c.be("PUB").cert.verify(number), 200), "a été remplacé")
    newer = set(re.findall(r"/certificats/(ESS(?:-[0-9A-Z]{4}){4})", old.text)) - {number}
    assert len(newer) == 1, newer
    says(expect(c.be("PUB").cert.verify(newer.pop()), 200), "Le Nom corrigé", GENUINE)
    says(dropped(c, before), "a été remplacé")


@case("J12")
def changed_files(c: Context) -> None:
    c.lay("P6")
    number = c.world["certificates"][0]["number"]
    paper = expect(c.be("CO").cert.get(number), 200).content
    ours = read_signature(paper)
    assert ours is not None, "the certificate is not signed"
    assert ours.is_whole
    says(expect(dropped(c, paper), 200), GENUINE, number)
    chance = random.Random(12)
    for _ in range(FLIPS):
        place = chance.randrange(len(paper))
        spoilt = paper[:place] + bytes([paper[place] ^ (1 << chance.randrange(8))]) + paper[place + 1 :]
        is_refused(c, spoilt, ours.fingerprint, f"bit of byte {place}")
    changes: tuple[Callable[[bytes], bytes], ...] = (renamed, swapped, unsigned, signed_again)
    for change in changes:
        is_refused(c, change(paper), ours.fingerprint, change.__name__)
    says(expect(dropped(c, paper), 200), GENUINE, number)


def dropped(c: Context, content: bytes) -> httpx.Response:
    """Drop a file on the page of verification."""
    visitor = c.be("PUB")
    return visitor.post("/certificats", {}, files={"file": ("certificat.pdf", content, "application/pdf")})


def is_refused(c: Context, content: bytes, fingerprint: str, what: str) -> None:
    """Fail if a changed file passes, at the page or by its signature alone."""
    answer = dropped(c, content)
    assert answer.status_code in (200, 404), f"{what}: {answer.status_code}"
    assert GENUINE not in answer.text, f"{what}: the page says it is genuine"
    found = read_signature(content)
    passes = found is not None and found.is_whole and found.fingerprint == fingerprint
    assert not passes, f"{what}: the signature alone does not show it"


def renamed(paper: bytes) -> bytes:
    """Add a revision that gives the document another title, after the signed bytes."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(paper))
    writer.set_info(
        writer.add_object(generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("Autre")}))
    )
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def swapped(paper: bytes) -> bytes:
    """Put another page in the place of the first."""
    with pikepdf.open(BytesIO(paper)) as pdf:
        pdf.pages[0].Contents = pdf.make_stream(b"0 0 1 rg 0 0 400 400 re f")
        return _saved(pdf)


def unsigned(paper: bytes) -> bytes:
    """Take the signature away."""
    with pikepdf.open(BytesIO(paper)) as pdf:
        for name in ("/AcroForm", "/Perms"):
            if name in pdf.Root:
                del pdf.Root[name]
        del pdf.pages[0].Annots
        return _saved(pdf)


def signed_again(paper: bytes) -> bytes:
    """Sign with another key in the place of ours."""
    path = Path(mkdtemp()) / "other.pem"
    make_key(path, "Prix de l’ESS", datetime.now(UTC))
    start = paper.index(b"/Contents <") + len(b"/Contents ")
    end = paper.index(b">", start) + 1
    digest = hashlib.sha256(paper[:start] + paper[end:]).digest()
    signature = PlatformSeal(read_credentials(str(path), "")).sign(digest).hex().encode("ascii")
    return paper[:start] + b"<" + signature.ljust(end - start - 2, b"0") + b">" + paper[end:]


def _saved(pdf: pikepdf.Pdf) -> bytes:
    target = BytesIO()
    pdf.save(target)
    return target.getvalue()
