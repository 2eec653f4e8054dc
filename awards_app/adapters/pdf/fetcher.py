"""What the typesetter may read: ``data:`` addresses and the faces of this folder. No file, no host, ever."""

from functools import cache
from typing import Any

from awards_app.adapters.pdf.cut_faces import FACES

SCHEME = "face:"


@cache
def house_fetcher() -> Any:
    """Return the only fetcher given to WeasyPrint, whose own reads any file and calls any host it is asked to."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class HouseFetcher(URLFetcher):
        """Reads ``data:`` through the library and ``face:NAME`` from the project; raises `ValueError` for the rest."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url[:5].lower() == "data:":
                return super().fetch(url, headers)
            known = {f"{SCHEME}{path.stem}": path for path in FACES.glob("*.woff2")}
            if url in known:
                return URLFetcherResponse(url, known[url].read_bytes(), {"Content-Type": "font/woff2"})
            raise ValueError("adresse refusée par l’imprimeur")

    return HouseFetcher(allowed_protocols=("data", "face"), allow_redirects=False)
