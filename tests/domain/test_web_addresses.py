"""Addresses of sites: public names only, as they were typed."""

import pytest

from awards_app.domain.web_addresses import WebAddressIsInvalid, checked_web_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://exemple.org", "https://exemple.org"), (" http://exemple.org:8080/a?b=c#d ", "http://exemple.org:8080/a?b=c#d"),
        ("exemple.org/page", "https://exemple.org/page"), ("https://équité.fr", "https://équité.fr"),
        ("https://xn--quit-bpab.fr", "https://xn--quit-bpab.fr"), ("HTTPS://Exemple.ORG", "HTTPS://Exemple.ORG"),
    ],
)  # fmt: skip
def test_a_public_site(typed: str, kept: str) -> None:
    assert checked_web_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "http://127.0.0.1:8000", "http://127.1", "http://2130706433/", "http://0177.0.0.1", "http://0x7f.1", "http://[::1]/",
        "http://[::ffff:127.0.0.1]", "http://169.254.169.254/latest", "http://localhost", "http://x.localhost", "file:///etc/passwd",
        "gopher://exemple.org", "ftp://exemple.org", "javascript:alert(1)", "https://moi:secret@exemple.org", "https://exemple.org:99999",
        "https://exemple .org", "https://", "exemple", "x",
    ],
)  # fmt: skip
def test_what_is_no_public_site(typed: str) -> None:
    with pytest.raises(WebAddressIsInvalid):
        checked_web_address(typed)
