"""Whether a model file from a stranger may be opened: by what is allowed, with budgets, before Keras sees it."""
