"""Counting: facts derived from the history, and set-based statements over them."""
