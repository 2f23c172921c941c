"""The training loop and its compiled program. Knows models and arrays; no config, disk or console."""
