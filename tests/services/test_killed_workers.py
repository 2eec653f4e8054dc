"""A batch of certificates whose worker is killed; the whole run, of 600, is `python3 -m awards_app test --kills`."""

from pathlib import Path

import pytest
from flask import Flask

from tests.kills.certificates import kill_while_printing
from tests.kills.run import is_right, shown

pytestmark = [pytest.mark.slow, pytest.mark.queue]


def test_each_certificate_is_there_once_whatever_is_killed(app: Flask, tmp_path: Path) -> None:
    told = kill_while_printing(app, tmp_path, count=30, kills=3, workers=1, seed=7, say=lambda _words: None)
    assert is_right(told), shown(told)
    assert len(told.kills) == 3
