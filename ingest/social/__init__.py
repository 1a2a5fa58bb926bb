"""What the channels of the social networks share: one polite poller, and the care around it.

Not a channel itself. A channel brings :class:`~ingest.social.feature.Feature` objects (mentions,
comments, direct messages); :class:`~ingest.social.poller.PolitePoller` reads them in turn, parks
each one alone when it is in trouble, and reports what can no longer be read as a gap.
"""
