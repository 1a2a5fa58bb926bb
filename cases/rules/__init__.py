"""Rules that people write: one readable form of condition, for suggestions, routing, deadlines."""
