"""Pages of those who keep it running."""
