"""What the compare screen shows: its curves, its table and its verdict."""
