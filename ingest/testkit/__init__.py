"""The contract suite: what every channel passes, for authors here and outside.

Nothing in production imports this package. Start at :mod:`ingest.testkit.suite`.
"""
