"""Worlds for the tests: one small edition with a person for each subject of the matrix, in the phase asked for.

A world is played through the services themselves, phase after phase, once; its tables are then kept and laid back
each time the same phase is asked for, so that each case starts from the same rows. Only the test hooks call this.
"""

from awards_app.services.worlds.build import PASSWORD, PHASES, world
from awards_app.services.worlds.tables import digest_tables

__all__ = ["PASSWORD", "PHASES", "digest_tables", "world"]
