"""Sign-in at an identity provider: OpenID Connect, authorization code flow with PKCE and nonce.

The provider says who somebody is. Whether that is one of our staff, and what they may do, stays
with us.
"""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from structlog import get_logger

from config.sections import Oidc

log = get_logger()

TIMEOUT_SECONDS = 10
LEEWAY_SECONDS = 60
"""How much the provider's clock may differ."""
_ALGORITHMS = ["RS256", "PS256", "ES256", "RS384", "RS512", "ES384", "ES512", "EdDSA"]
"""Signatures with the provider's own key only: never ``none``, never one with our secret."""


class Declined(Exception):
    """The provider did not say who it is, or what it said does not hold."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Whom the provider knows. ``subject`` is theirs for ever, ``login`` names one of ours."""

    subject: str
    login: str


class Provider:
    """One identity provider. Its addresses are asked for once, when first needed."""

    def __init__(self, settings: Oidc) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._addresses: Mapping[str, Any] | None = None

    def start(self, back: str) -> tuple[str, dict[str, str]]:
        """Where to send the browser, and what has to be remembered until it returns to ``back``.

        Raises Declined when the provider does not answer.
        """
        kept = {name: secrets.token_urlsafe(32) for name in ("nonce", "verifier")}
        address, state = self._client(back).create_authorization_url(
            self._address("authorization_endpoint"),
            nonce=kept["nonce"],
            code_verifier=kept["verifier"],
        )
        return str(address), kept | {"state": str(state)}

    def finish(self, code: str, kept: Mapping[str, str], back: str, now: datetime) -> Somebody:
        """Exchange the code and prove the ID token. Raises Declined."""
        try:
            token = self._client(back).fetch_token(
                self._address("token_endpoint"),
                code=code,
                code_verifier=kept["verifier"],
                timeout=TIMEOUT_SECONDS,
            )
            claims = self._claims(token, kept["nonce"], now)
        except (AuthlibBaseError, JoseError, requests.RequestException, KeyError, ValueError) as e:
            log.warning("oidc.declined", error=type(e).__name__)
            raise Declined from None
        return self._somebody(claims)

    def _claims(self, token: Mapping[str, Any], nonce: str, now: datetime) -> Mapping[str, Any]:
        keys = KeySet.import_key_set(cast(KeySetSerialization, _json(self._address("jwks_uri"))))
        read = jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": self._address("issuer")},
                "aud": {"essential": True, "value": self.settings.client_id},
            },
            params={
                "nonce": nonce,
                "client_id": self.settings.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        return dict(claims)

    def _somebody(self, claims: Mapping[str, Any]) -> Somebody:
        claim = self.settings.login_claim
        login = str(claims.get(claim, "")).strip()
        if not login or (claim == "email" and claims.get("email_verified") is False):
            log.warning("oidc.no_login", claim=claim)
            raise Declined
        return Somebody(f"{self._address('issuer')}|{claims['sub']}", login)

    def _client(self, back: str) -> OAuth2Session:
        return OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret.get_secret_value(),
            scope="openid email profile",
            redirect_uri=back,
            code_challenge_method="S256",
        )

    def _address(self, name: str) -> str:
        """One of the addresses that the provider publishes (OpenID Connect Discovery, 4)."""
        with self._lock:
            if self._addresses is None:
                issuer = self.settings.issuer.rstrip("/")
                try:
                    found = _json(f"{issuer}/.well-known/openid-configuration")
                except (requests.RequestException, ValueError) as error:
                    log.warning("oidc.no_discovery", error=type(error).__name__)
                    raise Declined from None
                if str(found.get("issuer", "")).rstrip("/") != issuer:
                    log.warning("oidc.other_issuer")
                    raise Declined
                self._addresses = found
        return str(self._addresses[name])


def _json(address: str) -> dict[str, Any]:
    answer = requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found
