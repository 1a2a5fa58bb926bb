"""Browsers from which somebody signed in before: no stranger can lock them out.

An account rests after wrong passwords, whoever typed them. A browser that proves, by a cookie, that
its owner signed in there goes on: its own tries are counted apart (OWASP, Authentication Cheat
Sheet: device cookies). The cookie opens nothing by itself, and ends with the password.
"""

import hmac

from fastapi import Request, Response

from portal.services import Services, services
from storage.staff import Account

COOKIE = "known"
TRIES = "5/15minutes"
"""As many as an account has before it rests."""
_SECONDS = 180 * 86_400


def is_known(request: Request, account: Account) -> bool:
    """Whether this account signed in with this browser, since its password was last changed."""
    given = request.cookies.get(COOKIE, "")
    return hmac.compare_digest(given.encode(), _mark(services(request), account).encode())


def remember(answer: Response, request: Request, account: Account) -> None:
    """From now on this browser is known to be one of the account's owner."""
    answer.set_cookie(
        COOKIE,
        _mark(services(request), account),
        _SECONDS,
        path="/staff/sign-in",
        httponly=True,
        samesite="lax",
        secure=services(request).is_https,
    )


def _mark(house: Services, account: Account) -> str:
    text = f"known:{account.id}:{account.password}"
    return hmac.digest(house.key, text.encode(), "sha256").hex()
