"""Runs that lie on the disk: listed, compared, verified, drawn again."""
