"""A config to start from, for data of the user's own."""
