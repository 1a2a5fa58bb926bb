"""Whether the applicant may still say what he thinks of the answer (ISO 10002 §7.9)."""

from storage import status
from storage.engine import Connection


def given(connection: Connection, application_id: int) -> bool:
    """Whether the newest answer has its verdict."""
    found = status.happened(connection, application_id, ("answered", "verdict", "reopened"))
    return bool(found) and found[-1][0] == "verdict"
