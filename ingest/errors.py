"""What a channel may raise: three kinds of failure, and nothing else.

Whatever else leaves an adapter is a defect of the adapter: the engine treats it as
:class:`Later`, counts it, and shows it to the operator with its class name.
"""

from datetime import timedelta

from config.errors import BasvuruError


class ChannelError(BasvuruError):
    """Root of the three. ``reason`` is a sentence for an operator, without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(ChannelError):
    """The source cannot answer now: the engine backs off and reads again.

    ``after`` is how long the source asked us to wait; None leaves it to the engine
    (exponential with jitter, from 1 s up to 5 min).
    """

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Refused(ChannelError):
    """The source does not give us this one item, and never will. The others go on.

    Raised by ``fetch_again``; in ``read`` put a :class:`~ingest.contract.Refusal` into the
    delivery instead, so that the checkpoint moves past the item and the ledger still balances.
    """


class Misconfigured(ChannelError):
    """Nobody but the operator can help (password, permission, missing folder).

    The engine parks this one channel account, shows ``reason`` and ``remedy``, and looks again
    when the settings change or the operator unparks it, and every 15 minutes on its own.
    """

    def __init__(self, reason: str, *, remedy: str) -> None:
        super().__init__(reason)
        self.remedy = remedy
