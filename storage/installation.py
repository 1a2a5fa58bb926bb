"""What must stay the same over all processes and restarts of one installation."""

from hashlib import sha256

from sqlalchemy import Connection, delete, select

from storage import tables as t
from storage.dialect import insert


def fingerprint(key: bytes) -> str:
    """Tells two keys apart, and tells nobody what they are."""
    return sha256(b"basvuru key fingerprint:" + key).hexdigest()[:16]


def other_keys(connection: Connection, keys: dict[str, bytes]) -> list[str]:
    """Names of keys that are not those with which this database was written.

    A key that is seen for the first time is remembered.
    """
    rows = [{"name": name, "value": fingerprint(key)} for name, key in keys.items()]
    connection.execute(insert(connection, t.installation).on_conflict_do_nothing(), rows)
    known = {
        row.name: row.value
        for row in connection.execute(
            select(t.installation).where(t.installation.c.name.in_(list(keys)))
        )
    }
    return [name for name, key in keys.items() if known[name] != fingerprint(key)]


def forget_keys(connection: Connection, names: list[str]) -> None:
    """The next key that is seen under these names is taken for the right one."""
    connection.execute(delete(t.installation).where(t.installation.c.name.in_(names)))
