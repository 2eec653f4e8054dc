"""A server that can be killed and started again on the same data, and a browser that can be killed too."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from playwright.sync_api import Page, Playwright

from tests.cases.server import ROOT, STARTS_WITHIN_SECONDS, free_port, settings
from tests.chromium import ARGUMENTS, PATIENCE_MS, find_chromium

SECTION = "project"


class Site:
    """The platform as a process on a port of its own; its data outlives it."""

    MODULE = "tests.cases.server"
    WAITS_SECONDS = STARTS_WITHIN_SECONDS

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        """Return the settings of the process."""
        return settings(self.folder, self.url)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.MODULE, str(self.port)],
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + self.WAITS_SECONDS
        while self.process.poll() is None and time.monotonic() < end:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/compte/connexion", timeout=30, trust_env=False).status_code == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError((self.folder / "server.log").read_text(errors="replace")[-3000:])

    def kill(self) -> None:
        """Kill the server without a word."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def a_site() -> Iterator[Site]:
    """Start a server for some journeys and stop it."""
    with TemporaryDirectory(prefix="awards-filing-") as folder:
        site = Site(Path(folder))
        site.start()
        try:
            yield site
        finally:
            site.kill()


@contextmanager
def a_mortal_browser(playwright: Playwright, profile: Path) -> Iterator[tuple[Any, Any]]:
    """Start Chromium on a profile that stays; give its context, and what kills it as a power cut would."""
    port_file = profile / "DevToolsActivePort"
    port_file.unlink(missing_ok=True)
    process = subprocess.Popen(
        [
            str(find_chromium()),
            *ARGUMENTS,
            "--headless=new",
            "--lang=fr-FR",
            "--accept-lang=fr-FR",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            "about:blank",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        end = time.monotonic() + PATIENCE_MS / 1000
        while not (port_file.exists() and "\n" in port_file.read_text()) and time.monotonic() < end:
            time.sleep(0.1)
        port = port_file.read_text().splitlines()[0]
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", timeout=PATIENCE_MS)
        browser.contexts[0].set_default_timeout(PATIENCE_MS)
        yield browser.contexts[0], lambda: os.killpg(process.pid, signal.SIGKILL)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def sign_in(page: Page, url: str, person: dict[str, str], *, go: bool = True) -> None:
    """Sign in by the form; without ``go`` the sign-in page is already there."""
    if go:
        page.goto(f"{url}/compte/connexion")
    page.fill('input[name="email"]', person["email"])
    page.fill('input[name="password"]', person["password"])
    with page.expect_navigation():
        page.click('main form button[type="submit"]')


def open_section(page: Page, url: str, draft: str, section: str = SECTION) -> None:
    """Open a section and wait until its script is at work."""
    page.goto(f"{url}/candidatures/{draft}/rubriques/{section}")
    page.wait_for_load_state("networkidle")


def state(page: Page) -> str:
    """Return what the foot of the form says, with ordinary spaces."""
    return " ".join(page.inner_text(".save-state").split())


def wait_for_state(page: Page, words: str, seconds: float = PATIENCE_MS / 1000) -> None:
    """Wait until the foot of the form says ``words``, asking from outside: the page's own clock may be held."""
    until = time.monotonic() + seconds
    while words not in state(page):
        assert time.monotonic() < until, f"the page still says « {state(page)} »"
        time.sleep(0.1)
