"""The page of one application: the whole conversation, and everything that can be done about it."""
