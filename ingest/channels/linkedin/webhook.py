"""What LinkedIn posts to us: notifications, under the keys that polling gives them.

They lack what was written, so each lands to be fetched by the poller; a deletion needs nothing
more. LinkedIn, "Organization Social Action Notifications": challenge every two hours, at most ten
notifications a post, repeated for eight hours.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ingest.channels.linkedin.said import item, without_text
from ingest.channels.linkedin.settings import LinkedInSettings
from ingest.contract import RawItem, WebhookRequest
from ingest.errors import Refused
from ingest.social.envelope import KIND
from ingest.social.signatures import linkedin_challenge, linkedin_signed

_FETCH = "announced: what was written is fetched by the poller"


def taken(settings: LinkedInSettings, request: WebhookRequest) -> Sequence[RawItem] | bytes:
    """The items of a post, or the answer to a challenge. Raises: Refused."""
    secret = settings.client_secret.get_secret_value()
    if not secret:
        raise Refused("Webhooks are not set up: `client_secret` is empty.")
    code = request.query.get("challengeCode")
    if request.method == "GET" and code:
        return json.dumps(linkedin_challenge(secret, code)).encode()
    if not linkedin_signed(secret, request.body, request.headers.get("x-li-signature")):
        raise Refused("The signature is not that of LinkedIn.")
    return list(_items(settings, request.body))


def _items(settings: LinkedInSettings, body: bytes) -> Iterator[RawItem]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):  # signed, so it will not come in another form
        mark = hashlib.sha256(body).hexdigest()[:24]
        yield RawItem(f"webhook/{mark}", KIND, body, problem="unreadable: not JSON")
        return
    rows: Any = told.get("notifications") if isinstance(told, dict) else None
    for row in rows if isinstance(rows, list) else []:
        found = item(row, settings.urn)
        if isinstance(found, RawItem):
            yield replace(found, problem=_FETCH) if without_text(row) else found
