"""The forms in which an experiment is edited."""
