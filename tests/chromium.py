"""Where Chromium is on this machine, and how the tests start it."""

import glob
import os
import shutil
from functools import lru_cache

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
