"""Pages of those who work here: sign-in, their own account, administration."""
