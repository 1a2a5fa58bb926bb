"""The social networks on this machine, for tests and for ``basvuru demo``: honest, and able to
misbehave."""
