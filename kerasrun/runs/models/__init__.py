"""Saved models: written, opened with what they carry, evaluated, and asked for predictions."""
