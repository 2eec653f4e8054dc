"""Addresses of web sites that people give: shown as links, never opened by the platform."""

import re
from urllib.parse import urlsplit

from awards_app.domain.refusals import Refusal
from awards_app.domain.text import clean_line
from awards_app.domain.words import N_

# A name of the public web: labels, the last of which is not a number (« 127.0.0.1 », « 0x7f.1 » are machines).
PUBLIC_NAME = re.compile(
    r"(?=.{4,253}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?!0x)[^\W\d_][\w-]{0,61}[^\W_]", re.IGNORECASE
)


class WebAddressIsInvalid(Refusal):
    """The text is not the address of a public web site."""

    sentence = N_("Saisissez l’adresse publique du site, complète, par exemple https://exemple.org.")
    status = 422
    field = "website"


def checked_web_address(typed: str) -> str:
    """Return an address of the public web as it was typed, « https:// » put before a bare name.

    Raises `WebAddressIsInvalid` for another scheme, an address of a machine, or one that carries a password. Nothing is
    looked up: a name of the public web may lead anywhere, which is why the platform never opens it.
    """
    address = clean_line(typed)
    if not re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise WebAddressIsInvalid() from None
    plain = (
        parts.scheme in ("http", "https") and "@" not in parts.netloc and not re.search(r"[\s\\]", address)
    )
    if not plain or not PUBLIC_NAME.fullmatch(host) or host.endswith((".localhost", ".local", ".internal")):
        raise WebAddressIsInvalid()
    return address
