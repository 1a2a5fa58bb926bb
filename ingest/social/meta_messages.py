"""Direct messages of Messenger and Instagram: the same edges and events, two platforms.

Graph gives the details of the newest 20 messages of a conversation only: when more came while we
were not reading, the older ones are lost to polling, and a gap says so.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ingest.contract import Gap
from ingest.social.feature import Page
from ingest.social.meta_account import Account
from ingest.social.meta_features import MetaFeature, Span
from ingest.social.meta_said import Json, Network, Said, inner, moment, rows, text_of

_FIELDS = "id,updated_time"
MESSAGE = "id,created_time,from,to,message,attachments,reply_to"
_DETAILS = f"messages.limit(100){{{MESSAGE}}}"
_UNREADABLE = "More than 20 messages came in one conversation; the older ones cannot be read."


class Messages(MetaFeature):
    """The conversations that moved, and in each what came since."""

    name = "messages"
    overlap = timedelta(hours=1)

    def __init__(self, account: Account, network: Network, platform: str) -> None:
        super().__init__(account)
        self._network = network
        self._platform = platform

    def run(self, span: Span) -> Iterator[Page]:
        listed = self.account.graph.pages(
            self.account.page, "conversations", _FIELDS, platform=self._platform
        )
        for conversations in self.newer(listed, span.down_to, "updated_time"):
            for conversation in conversations:
                yield self._conversation(text_of(conversation.get("id")), span)

    def _conversation(self, conversation: str, span: Span) -> Page:
        told = self.account.graph.object(conversation, _DETAILS)
        listed = [(row, _at(row, span)) for row in rows(inner(told, "messages", "data"))]
        fresh = [row for row, at in listed if at >= span.down_to and _is_readable(row)]
        # what came before the mark was read while it was among the newest
        lost = [at for row, at in listed if at > span.mark and not _is_readable(row)]
        if lost:
            self.gaps.append(Gap(self.name, min(lost), max(lost), _UNREADABLE))
        return self.page(polled(self._network, self.account.us, row) for row in fresh)


def _at(row: Json, span: Span) -> datetime:
    return moment(row.get("created_time")) or span.down_to


def _is_readable(row: Json) -> bool:
    return any(name in row for name in ("message", "from", "attachments"))


def polled(network: Network, us: str, row: Json) -> Said:
    """A message as the conversation shows it. Its ``email`` is no address: it is left alone."""
    author = text_of(inner(row, "from", "id"))
    others = [text_of(to.get("id")) for to in rows(inner(row, "to", "data"))]
    return Said(
        network=network,
        account=us,
        kind="dm",
        id=message_id(network, row.get("id")),
        text=text_of(row.get("message")),
        at=moment(row.get("created_time")),
        author=author,
        name=text_of(inner(row, "from", "name")),
        username=text_of(inner(row, "from", "username")),
        thread=next(iter(others), "") if author == us else author,
        parent=message_id(network, inner(row, "reply_to", "mid")),
        data=row,
    )


def pushed(network: Network, us: str, event: Json) -> Said | None:
    """A messaging event of a webhook; None when it is a receipt, a reaction or the like."""
    told = event.get("message") or event.get("message_edit")
    mid = message_id(network, inner(told, "mid"))
    if not mid:
        return None
    author = text_of(inner(event, "sender", "id"))
    echo = inner(told, "is_echo") is True or author == us
    other = text_of(inner(event, "recipient", "id"))
    return Said(
        network=network,
        account=us,
        kind="dm",
        id=mid,
        text=text_of(inner(told, "text")),
        at=moment(event.get("timestamp")),
        author=us if echo else author,
        thread=other if echo else author,
        parent=message_id(network, inner(told, "reply_to", "mid")),
        removed=inner(told, "is_deleted") is True,
        data=event,
    )


def message_id(network: Network, value: object) -> str:
    """Messenger's ids stand with and without ``m_`` in front; Instagram's have none."""
    told = text_of(value)
    return told.removeprefix("m_") if network == "facebook" else told
