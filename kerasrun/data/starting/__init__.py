"""What data of the user's own is like, found before there is a config for it."""
