"""Pictures: what turns numbers into the bytes of picture files, with matplotlib. Writing them is up to the caller."""
