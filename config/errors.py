"""The one exception tree. Each class says what happens next, and to whom.

Messages are read by operators and may reach logs: they carry no personal data.
"""


class BasvuruError(Exception):
    """Root of everything that this product raises on purpose."""


class ConfigurationError(BasvuruError):
    """A setting is wrong or missing: nothing starts until the operator mends it.

    ``remedy`` is one sentence that says what to do.
    """

    def __init__(self, problem: str, *, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}".strip()
