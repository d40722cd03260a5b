"""What the inspect screen shows: what a network makes of its data."""
