"""An Instagram account: what is read of it, what its webhooks bring, and how one answers there."""

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.channels.instagram import said
from ingest.channels.instagram.features import Comments, Tags
from ingest.channels.instagram.settings import InstagramSettings
from ingest.contract import Context, Credential, RawItem, ReplyRules, ReplyTo
from ingest.outcomes import Outcome
from ingest.social import meta_messages, meta_replies
from ingest.social.feature import Feature
from ingest.social.graph_failures import GraphFailure, Why
from ingest.social.meta_account import Account
from ingest.social.meta_channel import Edge, MetaChannel, unreadable
from ingest.social.meta_messages import Messages
from ingest.social.meta_said import ANNOUNCED, Said, inner, text_of

LONGEST_PUBLIC, LONGEST_PRIVATE = 300, 1_000
ONLY_BY_WEBHOOK = (
    "Instagram tells of @mentions by webhook only and lists none: one that was missed is lost."
)


def webhook_items(body: bytes, own: frozenset[str] = frozenset(), us: str = "") -> list[RawItem]:
    """The raw items in a webhook's body, under the keys that polling gives them. Its signature
    has been checked. ``own``: further ids and user names of ours; ``us``: only what concerns this
    account. A mention comes with a ``problem``: its text is to be fetched.
    """
    try:
        found = list(said.pushed(body, us))
    except ValueError:  # signed by Meta, and yet no body of a webhook: kept, to be looked at
        return [unreadable("instagram", body)]
    return [one.item(own) for one in found if one.id]


class InstagramChannel(MetaChannel):
    """One account."""

    def __init__(self, settings: InstagramSettings, context: Context) -> None:
        us = settings.instagram_id
        account = Account(settings, context, f"Instagram account {us} ({context.account})", us)
        features: list[Feature] = [Comments(account), Tags(account)]
        if settings.messages:
            features.append(Messages(account, "instagram", "instagram"))
        super().__init__(account, context, features)
        self._messages = settings.messages

    def edges(self) -> Sequence[Edge]:
        us = self._account.us
        edges = [Edge("comments", us, "media", {}), Edge("tags", us, "tags", {})]
        if self._messages:
            platform = {"platform": "instagram"}
            edges.append(Edge("messages", self._account.page, "conversations", platform))
        return edges

    def posted(self, body: bytes) -> Sequence[RawItem]:
        return webhook_items(body, self._account.own, self._account.us)

    def fetched(self, kind: str, thing: str, version: str) -> Said:
        """Raises: GraphFailure, Trouble."""
        graph, us = self._account.graph, self._account.us
        if version == ANNOUNCED:
            return self._mentioned(kind, thing)
        if kind == "comment":
            row = graph.object(thing, f"{said.COMMENT},media")
            on = text_of(inner(row, "media", "id"))
            return said.comment(us, {k: v for k, v in row.items() if k != "media"}, on)
        if kind == "media":
            return said.media(us, graph.object(thing, said.TAG))
        if kind == "dm":
            row = graph.object(thing, meta_messages.MESSAGE)
            return meta_messages.polled("instagram", us, row)
        raise GraphFailure(Why.GONE, detail="this is not a key of an Instagram account")

    def board(self) -> Sequence[Credential]:
        mentions = Credential("mentions", "ok", detail=ONLY_BY_WEBHOOK)
        if not self._account.settings.app_secret.get_secret_value():
            remedy = "Set `app_secret` and `verify_token`, and subscribe to `mentions` in the app."
            mentions = Credential("mentions", "warning", detail=ONLY_BY_WEBHOOK, remedy=remedy)
        return [*super().board(), mentions]

    def _mentioned(self, kind: str, thing: str) -> Said:
        graph, us = self._account.graph, self._account.us
        if kind == "comment":
            wanted = f"mentioned_comment.comment_id({thing}){{{said.MENTIONED_COMMENT}}}"
            row = inner(graph.object(us, wanted), "mentioned_comment") or {}
            return said.comment(us, row, text_of(inner(row, "media", "id")), mention=True)
        wanted = f"mentioned_media.media_id({thing}){{{said.MENTIONED_MEDIA}}}"
        return said.media(us, inner(graph.object(us, wanted), "mentioned_media") or {})

    # -- ingest.contract.Replies -------------------------------------------------------------

    def rules(self, to: ReplyTo, *, private: bool) -> ReplyRules:
        """As at Facebook, but public answers have 300 characters, and a picture of somebody else
        is only answered where it names us by @."""
        kind, never = meta_replies.kind_of(to), meta_replies.never_answered(to, private=private)
        if never is not None:
            return never
        mention = to.facts.get("mention") == "1"
        if private and (kind == "dm" or (kind == "comment" and not mention)):
            return meta_replies.private_rules(to, self._account, LONGEST_PRIVATE)
        if private or not (kind == "comment" or _announced(to)):
            return meta_replies.refused(meta_replies.BY_HAND, public=not private)
        return ReplyRules(public=True, longest=LONGEST_PUBLIC, may_link=False)

    def reply(self, to: ReplyTo, text: str, *, private: bool, reference: str) -> Outcome:
        """Raises nothing."""

        def send() -> Mapping[str, Any]:
            if private:
                return meta_replies.send_message(self._account, to, text, reference)
            return self._published(to, text)

        rules = self.rules(to, private=private)
        return meta_replies.outcome(self._account, rules, text, send)

    def _published(self, to: ReplyTo, text: str) -> Mapping[str, Any]:
        graph, target = self._account.graph, to.facts.get("external_id", "")
        if to.facts.get("mention") != "1":
            return graph.post(target, "replies", message=text)
        where = {"media_id": to.facts.get("conversation", "")}
        if meta_replies.kind_of(to) == "comment":
            where["comment_id"] = target
        return graph.post(self._account.us, "mentions", message=text, **where)


def _announced(to: ReplyTo) -> bool:
    """Came as a mention, not as a tag: those have the version of their caption."""
    return to.source_key.endswith(f"@{ANNOUNCED}")
