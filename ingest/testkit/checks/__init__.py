"""The rules of the contract, one check each. The suite and its own mutation run share the list.

A rule is added here when a user met its breach, together with a broken adapter that only the new
check catches (``tests/testkit/testkit_broken.py``).
"""

from ingest.testkit.check import Check
from ingest.testkit.checks import (
    failures,
    keys,
    manners,
    privacy,
    reading,
    settings,
    survival,
    webhooks,
)

CHECKS: tuple[Check, ...] = (
    *reading.CHECKS,
    *keys.CHECKS,
    *survival.CHECKS,
    *failures.CHECKS,
    *manners.CHECKS,
    *privacy.CHECKS,
    *settings.CHECKS,
    *webhooks.CHECKS,
)
