"""The channel ``x``: what people write to us and about us on X."""

from ingest.channels.x.channel import XChannel
from ingest.channels.x.settings import XSettings
from ingest.contract import Declaration

__all__ = ["CHANNEL"]

CHANNEL = Declaration(
    kind="x",
    summary="X: mentions, posts about the brand, direct messages.",
    settings=XSettings,
    open=XChannel,
    manual="""\
**Access.** Make the developer app while you are signed in to X as the brand's own account: reading
mentions then costs a fifth. Sign in with OAuth 2.0 and the scopes `tweet.read users.read dm.read
tweet.write dm.write offline.access`, and put access token, refresh token, client id and client
secret in place. The refresh token changes with each use and is kept in the state folder of the
account: when that is lost, sign in once more.

**What is read.** Mentions (X shows the newest 800), with `brand` what the search finds (seven
days), and direct messages (thirty days). An outage that is longer is reported as a gap. Encrypted
chats are visible to nobody but the two people: ask customers to write unencrypted.

**What it costs.** X charges for each post, message and user that it returns. Reading stops when
`budget_usd` is used up, until the next day (UTC), and says so; nothing is lost by that, since the
next day goes on where it stopped.

**Edits and deletions.** X tells of neither. Posts are looked at again for `recheck_hours`: an edit
lands as a version of the same post, a deletion as a mark.

**Answers.** In public only to who mentioned, quoted or answered the account, at most 280
characters, never with a link. In private only to who wrote a direct message first.

**Webhooks** (optional; polling brings everything they bring): set `consumer_secret`, and register
`https://PORTAL/hooks/channel/ACCOUNT` with the X Activity API.""",
    contract_version=1,
    demo="ingest.testkit.standins.demo:X",
)
