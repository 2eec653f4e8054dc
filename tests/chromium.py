"""Where Chromium is on this machine, and how the tests start it."""

import glob
import os
import shutil
from functools import lru_cache
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "~/.cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "~/Library/Caches/ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What a slow and busy machine may take for one step, far above what any needs. A wait ends when its step is done.
PATIENCE_MS = 120_000


@lru_cache(maxsize=1)
def find_chromium() -> str | None:
    """Return the path of a Chromium (``AWARDS_CHROMIUM`` first), or None."""
    given = os.environ.get("AWARDS_CHROMIUM")
    if given:
        return given if os.access(given, os.X_OK) else None
    for name in NAMES:
        found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/bin:/usr/local/bin:/snap/bin")
        if found:
            return found
    for place in PLACES:
        for found in sorted(glob.glob(os.path.expanduser(place)), reverse=True):
            if os.access(found, os.X_OK):
                return found
    return None


class Patient:
    """A browser whose pages wait for what is asked of them as long as a busy machine takes."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser

    def new_context(self, **options: Any) -> Any:
        """Return a new context; the words are Playwright's."""
        context = self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        return context

    def close(self) -> None:
        """Close the browser."""
        self._browser.close()


def launched(played: Any) -> Any:
    """Start Chromium by Playwright; close it by ``close()``."""
    return Patient(
        played.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS), timeout=PATIENCE_MS)
    )
