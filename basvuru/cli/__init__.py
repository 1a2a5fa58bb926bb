"""The command line. Exit codes: 0 done, 1 something is wrong and was said, 2 wrong usage."""

import sys

from basvuru.cli.root import build
from config.errors import BasvuruError
from ingest.poller import Closed
from storage.engine import Failed, Unavailable


def main() -> None:
    """Entry point of the command ``basvuru``."""
    try:
        build()()
    except BasvuruError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except (Closed, *Unavailable, Failed) as error:
        print(f"The database does not answer or refuses ({type(error).__name__}).", file=sys.stderr)
        print("See `basvuru check`.", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has enough of it; nothing was left undone.
        sys.stderr.close()
        sys.exit(0)
