"""Whether complaints of a cause fell after an action was done: a pure figure.

Two counts over two spans of time are compared as rates. Given the sum of both, the later count
follows a binomial distribution if nothing changed (the conditional test of two Poisson rates,
Przyborowski and Wilenski 1940), which is exact for small counts too. An action helped when a fall
of this size would come about by chance in fewer than 5 of 100 cases.
"""

from dataclasses import dataclass
from math import comb
from statistics import NormalDist
from typing import Literal

Verdict = Literal["fell", "unchanged", "rose", "too_early"]
LEVEL = 0.05
LEAST_DAYS = 28
"""Days after an action before which nothing is said."""
LEAST = 5
"""Cases before it below which nothing can be said either."""


@dataclass(frozen=True, slots=True)
class Effect:
    """``before`` and ``after``: cases in so many days each. ``change``: of the rate, -0.4 is 40 per
    cent fewer; None where there was none before. ``chance``: one-sided probability of such a
    difference if nothing had changed."""

    before: int
    before_days: int
    after: int
    after_days: int
    change: float | None
    chance: float
    verdict: Verdict


def effect(before: int, before_days: int, after: int, after_days: int) -> Effect:
    """Compare what came before an action with what came after it. Days are at least 1."""
    change = after / after_days / (before / before_days) - 1 if before else None
    share = after_days / (before_days + after_days)
    total = before + after
    fewer = _at_most(after, total, share)
    more = 1 - _at_most(after - 1, total, share)
    chance = min(fewer, more)
    verdict = _verdict(before, after_days, fewer, more)
    return Effect(before, before_days, after, after_days, change, round(chance, 6), verdict)


def _verdict(before: int, after_days: int, fewer: float, more: float) -> Verdict:
    if after_days < LEAST_DAYS or before < LEAST:
        return "too_early"
    if fewer < LEVEL:
        return "fell"
    return "rose" if more < LEVEL else "unchanged"


def _at_most(k: int, n: int, share: float) -> float:
    """P(X <= k) of a binomial distribution; large n by its normal approximation."""
    if k < 0:
        return 0.0
    if n > 1000:
        deviation = (n * share * (1 - share)) ** 0.5
        return NormalDist(n * share, deviation).cdf(k + 0.5)
    return min(sum(comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(k + 1)), 1.0)
