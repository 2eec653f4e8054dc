"""What `awards bench` runs: a filled edition, the platform and a floor application beside it, and the measures."""
