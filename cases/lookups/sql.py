"""One query to a database of the company."""

from collections.abc import Sequence

from pydantic import SecretStr

from cases.lookups.contract import (
    MOST,
    LookupDeclaration,
    LookupSettings,
    Misconfigured,
    NotAnswering,
    Question,
    Record,
    record,
)
from storage.company import Away, CompanyDatabase


class SqlSettings(LookupSettings):
    url: SecretStr
    """SQLAlchemy URL of the database; an account that may only read."""
    queries: dict[str, str]
    """Identifier -> query with ``:value`` in it: ``policy = "SELECT ... WHERE no = :value"``."""
    reference: str
    """Column of the answer that names a record."""


class SqlLookup:
    def __init__(self, settings: SqlSettings) -> None:
        self.settings = settings
        self._database = CompanyDatabase(settings.url.get_secret_value(), settings.seconds)

    def find(self, question: Question) -> Sequence[Record]:
        query = self.settings.queries.get(question.key)
        if query is None:
            return ()
        try:
            rows = self._database.ask(query, {"value": question.value}, MOST)
        except Away as error:
            if error.permanent:
                raise Misconfigured(str(error), remedy="Check the query and the rights.") from None
            raise NotAnswering(str(error)) from None
        return [record(question.what, row, self.settings.reference) for row in rows]

    def check(self) -> tuple[bool, str]:
        try:
            self._database.ask("SELECT 1", {}, 1)
        except Away as error:
            return False, str(error)
        return True, "the database answers"

    def close(self) -> None:
        self._database.close()


LOOKUP = LookupDeclaration("sql", "One query to a database of the company.", SqlSettings, SqlLookup)
