"""Pages of the public shown to staff before they are public."""
