"""Everything that holds torch: building, training, evaluating, checkpoints, and the worker process."""
