"""Two worlds that differ by one secret, seen by those who may not know it: everything they can observe is equal."""
