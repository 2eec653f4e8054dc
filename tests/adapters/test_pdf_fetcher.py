"""The printer reads nothing but ``data:`` and its own faces."""

import socket
from pathlib import Path

import pytest

from awards_app.adapters.pdf.fetcher import house_fetcher
from awards_app.adapters.pdf.press import press

HOSTILE = """<html lang="fr"><head><title>x</title><style>
@import url("{url}"); @font-face {{ font-family: stolen; src: url("{url}") }}
p {{ font-family: stolen; background: url("{url}"); list-style-image: url("{url}") }} li::before {{ content: url("{url}") }}
</style><link rel="stylesheet" href="{url}"><link rel="attachment" href="{url}"></head>
<body><p>x</p><img alt="x" src="{url}"><ul><li>x</li></ul><object data="{url}"></object><embed src="{url}">
<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{url}"/><use href="{url}#a"/></svg></body></html>"""


def written(url: str) -> bytes:
    from weasyprint import HTML

    document = HTML(string=HOSTILE.format(url=url), url_fetcher=house_fetcher())
    content: bytes = document.write_pdf(font_config=press().fonts, uncompressed_pdf=True)
    return content


def test_no_host_is_called() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        written(f"http://127.0.0.1:{listener.getsockname()[1]}/secret")

        with pytest.raises(TimeoutError):
            listener.accept()


def test_no_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET-OF-THE-MACHINE")

    assert b"SECRET-OF-THE-MACHINE" not in written(secret.as_uri())
    assert b"EmbeddedFile" not in written(secret.as_uri())
    assert b"root:" not in written("file:///etc/passwd")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "FILE:///etc/passwd", "http://127.0.0.1/", "https://example.org/", "ftp://example.org/",
        "/etc/passwd", "face:../cut_faces.py", "face:/etc/passwd", "face:absent", "datax:text/plain,a", "",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="refusée"):
        house_fetcher().fetch(url)


def test_data_and_faces_are_read() -> None:
    assert house_fetcher().fetch("data:text/plain,abc").read() == b"abc"
    assert house_fetcher().fetch("face:atkinson-regular").read()[:4] == b"wOF2"
