"""The pages that a person reaches from home by links alone, found without a browser: one of each shape, the fullest."""

import html
import re
from dataclasses import dataclass

import httpx

A_SHAPE_IS_SEEN = 3
ROUND_HOMES = 18
LINK = re.compile(r'href="([^"]+)"')
KEY = re.compile(r"/[A-Za-z0-9_-]{22}(?=/|$)")
# Published pages are one shape a family; what only changes the language or gives a file is no page of its own.
FAMILIES = ("/palmares/", "/laureats/", "/regions/", "/demonstration/courrier/")
SKIPPED = ("/static/", "/langue", "/styleguide")


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a role: its address, and the cookies that open it."""

    role: str
    address: str
    shape: str


def shape_of(address: str) -> str:
    """Return what an address has in common with those of the same page."""
    path = address.split("?")[0]
    for family in FAMILIES:
        if path.startswith(family):
            return family + "…"
    path = re.sub(r"/\d{4}(?=/|$)", "/<year>", KEY.sub("/<key>", path))
    return re.sub(r"/(rubriques|questions|sections)/[a-z_]+", r"/\1/<code>", path)


def enter(base: str, role: str) -> tuple[httpx.Client, str]:
    """Enter the demonstration as a role (empty: as nobody); return the client and where it lands."""
    client = httpx.Client(base_url=base, follow_redirects=True, timeout=300, trust_env=False)
    if not role:
        return client, "/"
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/demonstration").text)
    assert token is not None
    answer = client.post(
        "/demonstration/entrer", data={"role": role, "csrf_token": token.group(1)}, headers={"Origin": base}
    )
    assert answer.status_code == 200
    return client, answer.url.path


def reached(client: httpx.Client, role: str, start: str) -> tuple[list[Found], list[str]]:
    """Follow links from ``start``; return one page of each shape, the one that says most, and the links that broke."""
    seen: set[str] = set()
    counts: dict[str, int] = {}
    best: dict[str, tuple[int, str]] = {}
    broken: list[str] = []
    waiting = [start]
    while waiting:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        if answer.status_code >= 400:
            broken.append(f"{role} {address}: {answer.status_code}")
        if "html" not in answer.headers.get("content-type", "") or answer.status_code >= 400:
            continue
        shape = shape_of(address)
        if len(answer.text) > best.get(shape, (0, ""))[0]:
            best[shape] = (len(answer.text), address)
        for link in LINK.findall(answer.text):
            link = html.unescape(link).split("#")[0]
            if not link.startswith("/") or link.startswith(("//", *SKIPPED)) or link in seen:
                continue
            there = shape_of(link)
            most = ROUND_HOMES if there == "/coordination/<key>" else A_SHAPE_IS_SEEN
            if counts.get(there, 0) < most and link not in waiting:
                counts[there] = counts.get(there, 0) + 1
                waiting.append(link)
    return [Found(role, address, shape) for shape, (_size, address) in sorted(best.items())], broken
