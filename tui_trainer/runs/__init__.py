"""Runs on disk: the folder of each, its event log, its mailbox, its lock, the worker that trains it, and the list."""
