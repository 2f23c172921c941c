"""Tables with columns by name: read from files, and made into inputs and targets."""
