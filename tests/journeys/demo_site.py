"""The demonstration on a port of its own, in a folder thrown away: every state of a prize at once, to look at."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cases.server import settings
from tests.journeys.filing_site import Site


class DemoSite(Site):
    """A site on the demonstration; loading it takes a while."""

    MODULE = "tests.journeys.demo_site"
    WAITS_SECONDS = 900

    def environment(self) -> dict[str, str]:
        """Return the settings of the process: the demonstration's own mode, no test hooks."""
        kept = settings(self.folder, self.url)
        del kept["AWARDS_TEST_HOOKS"]
        return kept | {"AWARDS_MODE": "demo"}


@contextmanager
def a_demonstration() -> Iterator[Site]:
    """Load the demonstration, serve it, stop it. ``AWARDS_TEST_DEMO_FOLDER`` keeps it from one run to the next."""
    kept = os.environ.get("AWARDS_TEST_DEMO_FOLDER")
    with TemporaryDirectory(prefix="awards-demo-") as folder:
        site = DemoSite(Path(kept or folder))
        site.start()
        try:
            yield site
        finally:
            site.kill()


def serve(port: int) -> None:
    """Bring the database to head, load the demonstration when it is not there, answer until ended."""
    from flask_migrate import upgrade
    from werkzeug.serving import make_server

    from awards_app.app import create_app
    from awards_app.services.demonstration import load_demonstration

    app = create_app()
    with app.app_context():
        upgrade()
        load_demonstration()
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
