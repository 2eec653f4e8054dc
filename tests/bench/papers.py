"""A certificate by our press, against the same page by WeasyPrint as its first example does it."""

import base64
import io
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from awards_app.adapters.pdf import render_certificates, signed
from awards_app.adapters.pdf.fetcher import house_fetcher
from awards_app.adapters.pdf.press import press
from awards_app.adapters.signing import PlatformSeal
from awards_app.adapters.signing_keys import make_key, read_credentials
from awards_app.domain.emblem import emblem_svg
from awards_app.domain.papers import CertificateText
from awards_app.paths import TEMPLATES

INSTANT = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
# As many as the worker lays out together; the plain way is timed on fewer, since it knows no batch.
BATCH, ALONE = 25, 6
LOGO = "<style>.certificate::before { content: url('%s'); position: absolute; width: 20mm; height: 20mm }</style>"


def compare(rounds: int, *, with_signature: bool = False) -> tuple[tuple[float, ...], tuple[float, ...], int]:
    """Return the CPU of a certificate as the worker prints it and by the plain way, in milliseconds a round, and our bytes.

    Ours is signed where asked; the plain way never is.
    """
    seal = a_seal() if with_signature else None
    size = len(_ours(1, seal)[0])
    _naive(0)
    ours, naive = [], []
    for _round in range(rounds):
        ours.append(_each(lambda: _ours(BATCH, seal), BATCH))
        naive.append(_each(lambda: [_naive(number) for number in range(ALONE)], ALONE))
    return tuple(ours), tuple(naive), size


def _each(make: Callable[[], object], papers: int) -> float:
    before = time.process_time()
    make()
    return (time.process_time() - before) * 1000 / papers


def a_text(number: int) -> CertificateText:
    """Return the text of a diploma, whose number and name it bears."""
    return CertificateText(
        kind="diploma",
        edition_label="12e édition · 2026",
        issuer_line="Le jury régional d’Auvergne-Rhône-Alpes décerne le prix régional à",
        structure_name=f"Les Étoiles du banc {number}",
        distinction="Prix régional",
        theme_name="Utilité sociale",
        theme_code="us",
        citation="Pour une légumerie d’insertion qui nourrit douze cantines, avec des chiffres suivis sur deux ans.",
        region_code="84",
        region_name="Auvergne-Rhône-Alpes",
        number=f"ESS-2026-7K4M-Q2XB-{number:04d}",
        verify_url=f"https://prix.exemple/certificats/ESS-2026-7K4M-Q2XB-{number:04d}",
        signed_by="Marie Lefèvre",
        signed_role="Présidente du jury régional",
        dated="28 novembre 2026",
        place="Lyon",
    )


def _ours(papers: int, seal: PlatformSeal | None) -> list[bytes]:
    texts = [a_text(number) for number in range(papers)]
    printed = render_certificates(
        texts, identifiers=[text.number for text in texts], created_at=INSTANT, seal=seal
    )
    return printed if seal is None else [signed(paper, seal) for paper in printed]


def a_seal() -> PlatformSeal:
    """Return what signs, with a key made for it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "key.pem"
        make_key(path, "Prix de l’ESS", INSTANT)
        return PlatformSeal(read_credentials(str(path), ""))


@cache
def _style() -> str:
    parts = ("faces.css", "ground.css", "diploma.css")
    return "\n".join((TEMPLATES / "certificates" / part).read_text("utf-8") for part in parts)


def _naive(number: int) -> bytes:
    """Lay out the same page with its style, faces, emblem and QR read afresh, and WeasyPrint's defaults."""
    import segno
    from weasyprint import CSS, HTML

    text = a_text(number)
    picture = io.BytesIO()
    segno.make_qr(text.verify_url, error="m").save(picture, kind="svg", border=4)
    code = "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode("ascii")
    emblem = emblem_svg("84", title="Emblème").encode()
    logo = "data:image/svg+xml;base64," + base64.b64encode(emblem).decode("ascii")
    page = press().templates.get_template("certificates/diploma.html").render(papers=[(text, code)], fit=0)
    html = page.replace("</head>", LOGO % logo + "</head>")
    content: bytes = HTML(string=html, url_fetcher=house_fetcher()).write_pdf(
        stylesheets=[CSS(string=_style(), url_fetcher=house_fetcher())]
    )
    return content
