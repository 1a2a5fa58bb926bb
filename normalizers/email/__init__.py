"""Mail: RFC 5322 messages as they really come."""

from normalizers.email.reader import read
from normalizers.reader import Reader

READER = Reader("email", read, queue="mail")

__all__ = ["READER", "read"]
