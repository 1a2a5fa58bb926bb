"""A Facebook Page: what is read of it, what its webhooks bring, and how one answers there."""

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.channels.facebook import said
from ingest.channels.facebook.features import Comments, Posts, Tagged
from ingest.channels.facebook.settings import FacebookSettings
from ingest.contract import Context, RawItem, ReplyRules, ReplyTo
from ingest.outcomes import Outcome
from ingest.social import meta_messages, meta_replies
from ingest.social.feature import Feature
from ingest.social.graph_failures import GraphFailure, Why
from ingest.social.meta_account import Account
from ingest.social.meta_channel import Edge, MetaChannel, unreadable
from ingest.social.meta_messages import Messages
from ingest.social.meta_said import Said

LONGEST_PUBLIC, LONGEST_PRIVATE = 8_000, 2_000


def webhook_items(body: bytes, own: frozenset[str] = frozenset(), page: str = "") -> list[RawItem]:
    """The raw items in a webhook's body, under the keys that polling gives them. Its signature
    has been checked. ``own``: further ids of ours; ``page``: only what concerns this Page.

    What the Page itself posts is left out, its comments and messages are marked as our own.
    """
    try:
        found = list(said.pushed(body, page))
    except ValueError:  # signed by Meta, and yet no body of a webhook: kept, to be looked at
        return [unreadable("facebook", body)]
    said_to_us = [one for one in found if not (one.kind == "post" and one.is_own(own))]
    return [one.item(own) for one in said_to_us if one.id]


class FacebookChannel(MetaChannel):
    """One Page."""

    def __init__(self, settings: FacebookSettings, context: Context) -> None:
        name = f"Facebook Page {settings.page_id} ({context.account})"
        account = Account(settings, context, name, settings.page_id)
        features: list[Feature] = [Posts(account), Comments(account), Tagged(account)]
        if settings.messages:
            features.append(Messages(account, "facebook", "messenger"))
        super().__init__(account, context, features)
        self._messages = settings.messages

    def edges(self) -> Sequence[Edge]:
        page = self._account.page
        edges = [Edge("posts", page, "feed", {}), Edge("tagged", page, "tagged", {})]
        if self._messages:
            edges.append(Edge("messages", page, "conversations", {"platform": "messenger"}))
        return edges

    def posted(self, body: bytes) -> Sequence[RawItem]:
        return webhook_items(body, self._account.own, self._account.page)

    def fetched(self, kind: str, thing: str, version: str) -> Said:  # noqa: ARG002
        """Raises: GraphFailure, Trouble."""
        graph, us = self._account.graph, self._account.us
        if kind == "post":
            return said.post(us, graph.object(thing, said.POST))
        if kind == "comment":
            row = graph.object(thing, said.COMMENT)
            return said.comment(us, row, f"{us}_{thing.partition('_')[0]}")
        if kind == "dm":
            row = graph.object(f"m_{thing}", meta_messages.MESSAGE)
            return meta_messages.polled("facebook", us, row)
        raise GraphFailure(Why.GONE, detail="this is not a key of a Page")

    # -- ingest.contract.Replies -------------------------------------------------------------

    def rules(self, to: ReplyTo, *, private: bool) -> ReplyRules:
        """A comment has one private answer within 7 days, a message answers within 24 hours."""
        kind, never = meta_replies.kind_of(to), meta_replies.never_answered(to, private=private)
        if never is not None:
            return never
        if private and kind in ("dm", "comment"):
            return meta_replies.private_rules(to, self._account, LONGEST_PRIVATE)
        if private or kind not in ("post", "comment"):
            return meta_replies.refused(meta_replies.BY_HAND, public=not private)
        return ReplyRules(public=True, longest=LONGEST_PUBLIC, may_link=False)

    def reply(self, to: ReplyTo, text: str, *, private: bool, reference: str) -> Outcome:
        """Raises nothing."""

        def send() -> Mapping[str, Any]:
            if private:
                return meta_replies.send_message(self._account, to, text, reference)
            target = to.facts.get("external_id", "")
            return self._account.graph.post(target, "comments", message=text)

        rules = self.rules(to, private=private)
        return meta_replies.outcome(self._account, rules, text, send)
