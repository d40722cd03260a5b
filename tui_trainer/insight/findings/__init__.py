"""What is wrong with a run, what says so, why it happens, and what would mend it.

A rule is a function from a `Reading` to a `Finding`, or None; its thresholds stand above it, their sources in its
docstring.
"""
