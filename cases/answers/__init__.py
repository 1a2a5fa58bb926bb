"""What is said to the applicant after the acknowledgement, and how an application ends.

One function for each act of a person: it takes the connection of the caller's transaction, changes
rows, writes the event beside them and what is to be sent into the outbox. Decisions are pure
functions in modules of their own (``rules``, ``privacy``, ``wording``).
"""
