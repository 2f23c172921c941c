"""Runs: their folders, and the order in which things happen."""
