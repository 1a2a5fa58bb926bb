"""How long things may take, how long is left, and who hears of it when it becomes short."""
