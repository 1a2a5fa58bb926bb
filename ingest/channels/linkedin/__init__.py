"""The channel ``linkedin``: comments, answers and mentions of a company page on LinkedIn."""

from ingest.channels.linkedin.channel import LinkedInChannel
from ingest.channels.linkedin.settings import LinkedInSettings
from ingest.contract import Declaration

__all__ = ["CHANNEL"]

CHANNEL = Declaration(
    kind="linkedin",
    summary="LinkedIn: comments, answers and mentions of a company page.",
    settings=LinkedInSettings,
    open=LinkedInChannel,
    manual="""\
**Access.** LinkedIn reviews the app before it gives the Community Management API. Sign in as a
member who administers the page, with the scopes `r_organization_social_feed
rw_organization_admin` and, to answer, `w_organization_social_feed`. A member without the role is
shown an empty list and no error: `basvuru channel check` looks at the role.

**Consent.** The access token lives 60 days, the refresh token a year, and its use does not extend
that: once a year a person signs in again. Set `consented_on`, and the board warns 14 days ahead.

**Version.** Each call names a version of the API, which lives a year. The board warns after nine
months; read LinkedIn's notes of changes, then set `version`.

**What is read.** The notifications of the page, sixty days back: comments, answers to comments,
edits, deletions, and posts that mention the page. An outage that is longer is reported as a gap.
Private messages to the page are open to no program. An author is a number without a name.

**How often.** LinkedIn allows 500 requests a day at first and does not say how many are left:
`calls_per_day` stops reading before it refuses.

**How long.** LinkedIn's terms let the activity of members be kept for 48 hours only, which a
complaint file outlives: have your lawyers decide what is kept.

**Answers** are public comments in the page's name, without links.

**Webhooks** (optional, standard tier): set `client_secret`, and register
`https://PORTAL/hooks/channel/ACCOUNT`.""",
    contract_version=1,
    demo="ingest.testkit.standins.demo:LinkedIn",
)
