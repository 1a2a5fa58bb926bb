"""The channel ``instagram``: a professional account, its comments, tags and direct messages."""

from ingest.channels.instagram.channel import InstagramChannel, webhook_items
from ingest.channels.instagram.settings import InstagramSettings
from ingest.contract import Declaration
from ingest.social.signatures import meta_signed as verify

__all__ = ["CHANNEL", "verify", "webhook_items"]

MANUAL = """\
Reads comments under the account's own pictures with their replies, pictures of others in which it
is tagged, and direct messages. The account has to be a professional one that is connected to a
Facebook Page; the Page token needs instagram_basic, instagram_manage_comments and
instagram_manage_messages. A permission that is missing parks what needs it and nothing else.

**Mentions come by webhook only.** Instagram has no list of who wrote @us under other people's
pictures: without a webhook they are not seen, and one that was missed cannot be read later. In the
Meta app subscribe the account to comments, mentions and messages, with the address
/hooks/channel/NAME and the word of `verify_token`; the app has to be live. A mention lands as a
note first, and its text is fetched with the next reading.

What cannot be had: comments on advertisements; what private accounts write; pictures older than 90
days, but by webhook; and of a conversation more than the 20 newest messages: if more came while we
were not reading, that is reported as a gap. A comment that its author removes is marked, within two
days of its writing.

Answers: in public to comments and mentions, with 300 characters; in private once to a comment,
within 7 days, and to a message within 24 hours (7 days with `human_agent`). After a restore of the
database nothing has to be done, but for mentions.
"""

CHANNEL = Declaration(
    kind="instagram",
    summary="An Instagram account: comments, tags, mentions, direct messages",
    settings=InstagramSettings,
    open=InstagramChannel,
    manual=MANUAL,
    contract_version=1,
    demo="ingest.testkit.standins.demo:Instagram",
)
