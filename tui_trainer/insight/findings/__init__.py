"""What is wrong with a run, what says so, why it happens, and what would mend it."""
