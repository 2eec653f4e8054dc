"""How imported sentences and addresses are set, on pages and on paper alike."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from awards_app.domain.text import sort_key

THIN, FIXED = "\u202f", "\u00a0"


@lru_cache(maxsize=4096)
def typeset(text: str) -> str:
    """Return an imported text with its apostrophes, quotation marks and spaces as French typography wants them."""
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(r" +([;?!»])", THIN + r"\1", text.replace("« ", "«" + THIN))
    return re.sub(r" +:(?=\s)", FIXED + ":", text)


def safe_address(address: str) -> str | None:
    """Return a web address that may be followed, or None for any other scheme."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    return address.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def host_of(address: str) -> str:
    """Return the site an address belongs to, as people say it: « cress-na.org »."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def euros_fr(amount: int) -> str:
    """Return « 5 000 euros » with narrow spaces between thousands."""
    return f"{amount:,}".replace(",", THIN) + FIXED + ("euro" if amount == 1 else "euros")


def place_of(city: str, department: str, region: str) -> str:
    """Return « Rennes (Ille-et-Vilaine) », without saying twice what is the same."""
    if sort_key(department) == sort_key(region):
        department = ""
    if city and department and sort_key(city) != sort_key(department):
        return f"{typeset(city)} ({typeset(department)})"
    return typeset(city or department)
