"""What is done with mails at the source once they are recorded: nothing, a keyword, or a move."""

from collections.abc import Callable, Sequence
from functools import partial

from structlog.typing import FilteringBoundLogger

from ingest.channels.email.session import Place, Session
from ingest.channels.email.settings import EmailSettings
from ingest.contract import no_receipt
from ingest.errors import ChannelError


class Receipts:
    """Makes the receipts of deliveries, one command each.

    Only for mails that we hold whole: what was too large must stay where it can be fetched again.
    """

    def __init__(
        self, session: Session, settings: EmailSettings, log: FilteringBoundLogger
    ) -> None:
        self._session = session
        self._settings = settings
        self._log = log

    def receipt(self, place: Place, uids: Sequence[int]) -> Callable[[], None]:
        if self._settings.after == "leave" or not uids:
            return no_receipt
        return partial(self._sign, place, uids)

    def _sign(self, place: Place, uids: Sequence[int]) -> None:
        try:
            if self._settings.after == "flag":
                self._session.flag(place, uids, self._settings.flag)
            else:
                self._session.move(place, uids, self._settings.move_to)
        except ChannelError as error:  # the mails are recorded already: a receipt is a courtesy
            self._log.warning("receipt_failed", folder=place.folder, reason=error.reason)
