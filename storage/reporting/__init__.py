"""Counting: facts derived from the history, and the set-based statements that reports are made of."""
