"""What the dashboard knows and can do, without any widget."""
