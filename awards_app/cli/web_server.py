"""How the web server is started: by `serve`, by the demonstration, by the bench."""

import os
import sys


def web_words(host: str, port: int, workers: int, threads: int) -> list[str]:
    """Return the words that start the web server."""
    memory = ["--worker-tmp-dir", "/dev/shm"] if os.path.isdir("/dev/shm") else []
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--worker-class=gthread",
        f"--workers={workers}",
        f"--threads={threads}",
        f"--bind={host}:{port}",
        "--timeout=60",
        "--graceful-timeout=3",
        "--no-control-socket",
        "--log-level=warning",
        *memory,
        "awards_app:create_app()",
    ]
