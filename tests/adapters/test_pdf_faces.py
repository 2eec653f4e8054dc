"""The faces of the papers come from the project's fonts, and the QR codes from one fixed recipe."""

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from awards_app.adapters.pdf.cut_faces import CUTS, FACES, FONTS, cut
from awards_app.adapters.qr import qr_png


@pytest.mark.parametrize("face", ["fraunces-display", "atkinson-bold-ext"])
def test_a_face_is_cut_from_the_projects_font(face: str) -> None:
    source, axes = CUTS[face]

    assert _tables(cut(FONTS / source, axes)) == _tables((FACES / f"{face}.woff2").read_bytes())


def test_each_face_is_there_and_no_other() -> None:
    assert {path.stem for path in FACES.glob("*.woff2")} == set(CUTS)


@pytest.mark.parametrize(
    "face", ["fraunces-display", "fraunces-title", "fraunces-text", "atkinson-regular", "atkinson-bold"]
)
def test_french_is_drawn_without_borrowing(face: str) -> None:
    cmap = TTFont(FACES / f"{face}.woff2").getBestCmap()

    assert [
        character
        for character in "àâæçéèêëîïôœùûüÿÀÉŒ«»’–—…€°·\u00a0\u202f\u2009"
        if ord(character) not in cmap
    ] == []


def test_a_qr_code_is_one_pixel_a_module_and_always_the_same() -> None:
    picture = qr_png("https://prix.example/verifier/ESS-2021")

    assert Image.open(BytesIO(picture)).size == (37, 37)
    assert picture == qr_png("https://prix.example/verifier/ESS-2021")


def _tables(face: bytes) -> dict[str, bytes]:
    font = TTFont(BytesIO(face))
    # The checksum of the whole depends on how the tables are packed.
    return {tag: font.reader[tag] for tag in font.reader.keys() if tag != "head"}  # noqa: SIM118 - the reader is no dict
