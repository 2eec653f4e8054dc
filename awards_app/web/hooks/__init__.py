"""The test hooks, served only where AWARDS_TEST_HOOKS is on."""
