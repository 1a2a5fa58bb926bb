"""Who reads an answer before it goes: pure, and the rules as data.

Four eyes are two people: whoever wrote or changed the answer cannot approve it, and neither can
whoever the application complains about.
"""

from collections.abc import Iterable

from storage.answers import AnswerRow, ApprovalRule
from storage.standing import Standing


def asks_for_approval(
    rules: Iterable[ApprovalRule], standing: Standing, *, position: str, redress: int
) -> bool:
    """Whether a second person reads this answer first."""
    return any(_holds(rule, standing, position, redress) for rule in rules)


def _holds(rule: ApprovalRule, standing: Standing, position: str, redress: int) -> bool:
    return (
        rule.type in (None, standing.type)
        and rule.department in (None, standing.department)
        and rule.position in (None, position)
        and (rule.redress_from is None or redress >= rule.redress_from)
    )


def may_approve(answer: AnswerRow, by: str, *, may_decide: bool) -> str | None:
    """None when ``by`` may decide about the answer, else the reason why not.

    ``may_decide``: whether ``by`` is free of conflicts (:mod:`cases.routing.service`).
    """
    if by in (answer.drafted_by, answer.changed_by):
        return "Whoever wrote an answer cannot approve it."
    if not may_decide:
        return "The person complained about cannot approve the answer."
    return None
