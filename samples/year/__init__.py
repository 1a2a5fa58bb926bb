"""A made-up year of applications: what people wrote, what became of each, and loading it in bulk.

Nobody in it exists: names are put together from common ones, phones are unassigned, addresses end
in ``example.test``. The same seed gives the same year.
"""
