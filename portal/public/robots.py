"""Telling people from programs, without watching anybody.

Nothing is asked of another host and nothing is kept of a visitor. With script, the browser solves a
small puzzle while the form is filled in (ALTCHA's proof of work, https://altcha.org). Without, a
field that people do not see, the time that people need, and fewer tries in an hour have to do.
"""

import base64
import json
from datetime import datetime, timedelta

from altcha.v1 import ChallengeOptions, create_challenge, extract_params, verify_solution

HARDNESS = 40_000
"""Hashes at the most: about a second on a phone, in the background."""
_QUICKEST = timedelta(seconds=3)
"""Nobody reads and fills in the form faster."""
BAIT = "website"
"""A field that only programs fill in."""


def challenge(secret: bytes, key: str) -> dict[str, object]:
    """A new puzzle for the form with this key, signed by us; nothing of it is stored."""
    options = ChallengeOptions(hmac_key=_key(secret), max_number=HARDNESS, params={"form": key})
    return dict(create_challenge(options).to_dict())


def is_solved(secret: bytes, solution: str, key: str) -> bool:
    """Whether the browser solved a puzzle of ours for this form: a solution is worth one form."""
    if not solution or len(solution) > 2_000:
        return False
    try:
        payload = json.loads(base64.b64decode(solution))
        is_ours, _ = verify_solution(payload, _key(secret), check_expires=False)
        return bool(is_ours) and extract_params(payload).get("form") == [key]
    except (ValueError, TypeError, KeyError, AttributeError):
        return False  # whatever it is, it is no solution


def is_hasty(shown_at: datetime, now: datetime) -> bool:
    """Whether the form came back faster than a person can fill it in."""
    return now - shown_at < _QUICKEST


def _key(secret: bytes) -> str:
    return "altcha:" + secret.hex()
