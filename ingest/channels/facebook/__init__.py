"""The channel ``facebook``: a Page of the company, its comments and its Messenger conversations."""

from ingest.channels.facebook.channel import FacebookChannel, webhook_items
from ingest.channels.facebook.settings import FacebookSettings
from ingest.contract import Declaration
from ingest.social.signatures import meta_signed as verify

__all__ = ["CHANNEL", "verify", "webhook_items"]

MANUAL = """\
Reads what visitors post on the Page, posts of other Pages that name it, comments with their
replies, and Messenger conversations. Needs a Page token with pages_read_engagement,
pages_read_user_content, pages_manage_engagement and pages_messaging; the person who made it needs
the tasks Moderate and Messages on the Page. A permission that is missing parks what needs it and
nothing else.

Reading is enough; webhooks only make it faster. In the Meta app subscribe the Page to feed,
mention, messages and message_edits, with the address /hooks/channel/NAME and the word of
`verify_token`. One address takes the posts of one Page: further Pages of the same app are read.

What cannot be had: who wrote a comment, where Meta may not say; private posts that name the Page;
reviews (Meta took them out of its API); and of a conversation more than the 20 newest messages: if
more came while we were not reading, that is reported as a gap. A changed text is a new version, and
what its author removes is marked, within two days of its writing.

Answers: in public to posts and comments; in private once to a comment, within 7 days, and to a
message within 24 hours (7 days with `human_agent`). After a restore of the database nothing has to
be done.
"""

CHANNEL = Declaration(
    kind="facebook",
    summary="A Facebook Page: posts, comments, Messenger",
    settings=FacebookSettings,
    open=FacebookChannel,
    manual=MANUAL,
    contract_version=1,
    demo="ingest.testkit.standins.demo:Facebook",
)
