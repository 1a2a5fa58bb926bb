"""A stand-in for api.linkedin.com on this machine: honest, and able to misbehave.

It refuses what LinkedIn refuses (a version that is over, a missing protocol header, a URN that is
not encoded), gives no hint of its limits, and shows a member without the role an empty list.
"""

import hashlib
import hmac
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from ingest.testkit.standins.base import Call, Json, Says, Standin, says

ORGANIZATION = "12345"
PAGE = f"urn:li:organization:{ORGANIZATION}"
TOKEN, REFRESH = "standin-linkedin-access-0001", "standin-linkedin-refresh-0001"
SECRET = "standin-linkedin-secret"
PERSON = "urn:li:person:AAAAAAAAAA"
POST = "7094637247890620418"
_FINDER = re.compile(
    r"q=criteria&actions=List\((?P<actions>[A-Z_,]+)\)&organizationalEntity=(?P<page>[^&:(),]+)"
    r"&timeRange=\(start:(?P<start>\d+),end:(?P<end>\d+)\)&start=(?P<first>\d+)&count=(?P<count>\d+)"
)


def refused(status: int, code: str, message: str, number: int = 0) -> Says:
    body = {"status": status, "code": code, "message": message}
    return says(body | ({"serviceErrorCode": number} if number else {}), status)


REVOKED = refused(401, "REVOKED_ACCESS_TOKEN", "The token used has been revoked", 65601)
DENIED = refused(403, "ACCESS_DENIED", "Not enough permissions to access: …", 100)
NOT_FOUND = refused(404, "RESOURCE_NOT_FOUND", "…")
DAY_LIMIT = refused(
    429, "TOO_MANY_REQUESTS", "Resource level throttle DAY limit for calls to this resource", 101
)
CREATE_LIMIT = refused(429, "", "Comment create throttled: creation rate limit exceeded for member")


@dataclass
class Comment:
    """``number``: its own; ``told``: the notifications about it."""

    number: str
    text: str
    author: str = PERSON
    post: str = POST
    parent: str = ""
    deleted: bool = False

    @property
    def urn(self) -> str:
        return f"urn:li:comment:(urn:li:activity:{self.post},{self.number})"

    @property
    def short_urn(self) -> str:
        return f"urn:li:comment:(activity:{self.post},{self.number})"


class LinkedInStandin(Standin):
    """``notifications`` are what the page was told, oldest first."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.comments: dict[str, Comment] = {}
        self.notifications: list[Json] = []
        self.token, self.refresh = TOKEN, REFRESH
        self.role = "ADMINISTRATOR"
        self.oldest_version = "202512"
        self.denied: dict[str, Says] = {}
        self.decorated = True
        """Whether notifications hold what was written."""
        self.sent: list[Json] = []
        self._numbers = itertools.count(1)
        super().__init__(now)

    # -- what happens on the network ---------------------------------------------------------

    def comment(self, text: str, *, author: str = PERSON, parent: str = "") -> Comment:
        number = str((int(self.now().timestamp() * 1000) << 22) + next(self._numbers))
        made = Comment(number, text, author, parent=parent)
        self.comments[number] = made
        self.tell("COMMENT", made)
        return made

    def edit(self, comment: Comment, text: str) -> Json:
        comment.text = text
        return self.tell("COMMENT_EDIT", comment)

    def delete(self, comment: Comment) -> Json:
        comment.deleted = True
        return self.tell("COMMENT_DELETE", comment)

    def tell(self, action: str, comment: Comment) -> Json:
        number = next(self._numbers)
        told = {
            "notificationId": 5_603_000_000 + number,
            "organizationalEntity": PAGE,
            "action": action,
            "sourcePost": f"urn:li:activity:{comment.post}",
            "generatedActivity": comment.short_urn if number % 2 else comment.urn,
            "lastModifiedAt": int(self.now().timestamp() * 1000),
            "subscriber": "urn:li:person:BBBBBBBBBB",
        }
        if self.decorated and action != "COMMENT_DELETE":
            written = {
                "owner": comment.author,
                "text": comment.text,
                "entity": comment.urn,
                "object": f"urn:li:activity:{comment.post}",
            }
            told["decoratedGeneratedActivity"] = {"comment": written}
        self.notifications.append(told)
        return told

    def mention(self, text: str) -> Json:
        number = str((int(self.now().timestamp() * 1000) << 22) + next(self._numbers))
        told = {
            "notificationId": 5_603_000_000 + next(self._numbers),
            "organizationalEntity": PAGE,
            "action": "SHARE_MENTION",
            "generatedActivity": f"urn:li:share:{number}",
            "lastModifiedAt": int(self.now().timestamp() * 1000),
            "decoratedGeneratedActivity": {
                "share": {"owner": PERSON, "text": text, "entity": f"urn:li:share:{number}"}
            },
        }
        self.notifications.append(told)
        return told

    def pushed(self, *told: Json) -> tuple[bytes, str]:
        """A webhook, which lacks what was written, and its signature."""
        bare = [{k: v for k, v in one.items() if not k.startswith("decorated")} for one in told]
        kind = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
        return signed(json.dumps({"type": kind, "notifications": bare}).encode())

    # -- answering ---------------------------------------------------------------------------

    def answer(self, call: Call) -> Says:
        if call.path == "/oauth/v2/accessToken":
            return self._renewed(call)
        if call.token != self.token:
            return REVOKED
        if call.headers.get("linkedin-version", "") < self.oldest_version:
            version = call.headers.get("linkedin-version", "")
            return refused(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
        if call.headers.get("x-restli-protocol-version") != "2.0.0":
            return refused(400, "VERSION_MISSING", "A protocol version must be present")
        for part, refusal in self.denied.items():
            if part in call.path:
                return refusal
        return self._routed(call)

    def _routed(self, call: Call) -> Says:
        if call.path == "/rest/organizationAcls":
            roles = [{"role": self.role, "organization": PAGE, "state": "APPROVED"}]
            return elements(roles if self.role else [])
        if call.path == "/rest/organizationalEntityNotifications":
            return self._notified(call)
        found = re.fullmatch(r"/rest/socialActions/([^/:()]+)/comments(?:/(\d+))?", call.path)
        if found is None:
            return refused(400, "ILLEGAL_ARGUMENT", "URNs in a path must be encoded")
        target, number = unquote(found[1]), found[2]
        return self._created(call, target) if call.method == "POST" else self._comment(number)

    def _notified(self, call: Call) -> Says:
        match = _FINDER.fullmatch(call.raw_query)
        if match is None or unquote(match["page"]) != PAGE:
            return refused(400, "ILLEGAL_ARGUMENT", "Invalid query parameters passed to request")
        if self.role != "ADMINISTRATOR":
            return elements([])
        start, end = int(match["start"]), int(match["end"])
        earliest = int((self.now() - timedelta(days=60)).timestamp() * 1000)
        if start < earliest:
            return refused(400, "ILLEGAL_ARGUMENT", "timeRange starts more than 60 days ago")
        wanted = [
            told
            for told in reversed(self.notifications)
            if start <= told.get("lastModifiedAt", start) <= end
            and told.get("action", "COMMENT") in match["actions"].split(",")
        ]
        first, count = int(match["first"]), int(match["count"])
        page, more = wanted[first : first + count], first + count < len(wanted)
        if more:
            self.turned_page()
        return elements(page, first, count, more)

    def _comment(self, number: str | None) -> Says:
        comment = self.comments.get(number or "")
        if comment is None or comment.deleted:
            return NOT_FOUND
        made = {"actor": comment.author, "time": (int(comment.number) >> 22)}
        return says(
            {
                "actor": comment.author,
                "commentUrn": comment.urn,
                "created": made,
                "lastModified": made,
                "id": comment.number,
                "message": {"attributes": [], "text": comment.text},
                "object": f"urn:li:activity:{comment.post}",
            }
            | ({"parentComment": comment.parent} if comment.parent else {})
        )

    def _created(self, call: Call, target: str) -> Says:
        body = call.json
        known = {
            urn for c in self.comments.values() for urn in (c.urn, f"urn:li:activity:{c.post}")
        }
        if target not in known | {told["generatedActivity"] for told in self.notifications}:
            return NOT_FOUND
        if body.get("actor") != PAGE or not body.get("message", {}).get("text"):
            return refused(422, "UNPROCESSABLE", "actor and message are required")
        text, parent = body["message"]["text"], body.get("parentComment", "")
        made = self.comment(text, author=PAGE, parent=parent)
        self.sent.append({"to": target, "text": text, "parent": parent})
        return says({"id": made.number, "commentUrn": made.urn}, 201, {"x-restli-id": made.number})

    def _renewed(self, call: Call) -> Says:
        if f"refresh_token={self.refresh}" not in call.body.decode():
            return says({"error": "invalid_request", "error_description": "…"}, 400)
        number = next(self._numbers)
        self.token = f"standin-linkedin-access-{number:04}"
        return says({"access_token": self.token, "expires_in": 5_184_000})

    def throttle(self, after: timedelta | None) -> None:
        self.limit = DAY_LIMIT
        if after is not None:
            told = dict(DAY_LIMIT.headers) | {"Retry-After": str(int(after.total_seconds()))}
            self.limit = Says(429, DAY_LIMIT.body, told)


def elements(rows: list[Json], first: int = 0, count: int = 50, more: bool = False) -> Says:
    links = [{"rel": "next", "type": "application/json", "href": "…"}] if more else []
    return says({"elements": rows, "paging": {"start": first, "count": count, "links": links}})


def signed(body: bytes, secret: str = SECRET) -> tuple[bytes, str]:
    return body, hmac.new(secret.encode(), b"hmacsha256=" + body, hashlib.sha256).hexdigest()


def moment(told: Json) -> datetime:
    return datetime.fromtimestamp(told["lastModifiedAt"] / 1000, UTC)
