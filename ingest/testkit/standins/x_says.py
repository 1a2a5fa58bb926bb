"""What the stand-in for X says when it refuses, and how ids, times and signatures look there."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from ingest.testkit.standins.base import Json, Says, says

CONSUMER_SECRET = "standin-x-consumer-secret"
EPOCH_MS = 1_288_834_974_657


def problem(
    status: int, title: str, detail: str, kind: str = "about:blank", **more: object
) -> Says:
    return says({"title": title, "detail": detail, "type": kind, "status": status, **more}, status)


def kind_of(name: str) -> str:
    return f"https://api.twitter.com/2/problems/{name}"


UNAUTHORIZED = problem(401, "Unauthorized", "Unauthorized")
NO_CREDIT = problem(402, "CreditsDepleted", "Your enrolled account does not have any credits")
CAPPED = problem(
    429, "UsageCapExceeded", "Usage cap exceeded: Monthly product cap", kind_of("usage-capped")
)
BARE_429 = problem(429, "Too Many Requests", "Too Many Requests")
OLD_429 = says({"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, 429)
APP_ONLY = problem(403, "Unsupported Authentication", "…", kind_of("unsupported-authentication"))
NOT_ALLOWED = problem(
    403,
    "Forbidden",
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise "
    "engaged by the author of the post you are replying to.",
)
NO_MESSAGE = problem(403, "Forbidden", "You do not have permission to DM one or more participants.")
DUPLICATE = problem(
    403, "Forbidden", "You are not allowed to create a Tweet with duplicate content."
)


def invalid(detail: str) -> Says:
    body = {"errors": [{"message": detail}], "title": "Invalid Request", "detail": detail}
    return says({**body, "type": kind_of("invalid-request")}, 400)


def stamp(number: str) -> str:
    return (
        moment(number).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment(number).microsecond // 1000:03}Z"
    )


def moment(number: str) -> datetime:
    return datetime.fromtimestamp(((int(number) >> 22) + EPOCH_MS) / 1000, UTC)


def host(dialect: str) -> str:
    """Where the types of problems lie: it was renamed with the fields."""
    name = "api.x.com" if dialect == "post" else "api.twitter.com"
    return f"https://{name}/2/problems/"


def not_found(number: str, dialect: str = "tweet") -> Json:
    return {
        "resource_id": number,
        "resource_type": dialect,
        "parameter": "ids",
        "value": number,
        "title": "Not Found Error",
        "detail": f"Could not find tweet with ids: [{number}].",
        "type": host(dialect) + "resource-not-found",
    }


def signed(body: bytes, secret: str = CONSUMER_SECRET) -> tuple[bytes, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return body, f"sha256={base64.b64encode(digest).decode()}"
