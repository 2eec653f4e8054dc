"""The components in each of their states, for whoever draws a page."""
