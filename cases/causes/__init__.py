"""Why something happened, and what is done so that it does not again (ISO 10002 §§7.6, 8.7)."""
