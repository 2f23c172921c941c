"""What a run has to show: its history as tables, and pictures of it.

`history` holds and reads the numbers and imports no drawing library. `curves`, `pictures` and `fit` turn
numbers into the bytes of picture files; writing the files is up to the caller.
"""
