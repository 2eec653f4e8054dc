"""The floor: the same jobs by the least code that does them, so that ratios mean something on any machine."""
