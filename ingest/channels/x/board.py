"""The credential board of an account on X: from what we know, nobody is asked."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.channels.x.account import Account
from ingest.contract import Credential
from ingest.social.parking import Parking


def board(account: Account, parking: Parking, features: Sequence[str]) -> list[Credential]:
    """The access, each feature, and the money of the day."""
    quota = account.client.quota
    lines = [replace(parking.line(name), quota=quota.get(name, "")) for name in features]
    return [_access(account), *lines, _money(account)]


def _access(account: Account) -> Credential:
    tokens = account.client.tokens
    if tokens.renews:
        detail = "renews itself; the refresh token dies when the state folder is lost"
        return Credential("access token", "ok", detail=detail, expires_at=tokens.expires_at)
    detail = "without a refresh token it lives two hours"
    remedy = "Set `refresh_token` and `client_id`."
    return Credential("access token", "warning", detail=detail, remedy=remedy)


def _money(account: Account) -> Credential:
    spent, limit = account.budget.spent, account.settings.budget_usd
    if limit is None:
        return Credential("cost", "ok", detail="no limit is set", cost_today=spent)
    state = "parked" if spent >= limit else "warning" if spent >= 0.8 * limit else "ok"
    quota = f"{spent:.2f} of {limit:.2f} USD today"
    remedy = "" if state == "ok" else "Raise `budget_usd`, or wait for the next day (UTC)."
    return Credential("cost", state, remedy=remedy, quota=quota, cost_today=spent)
