"""Run the fuzzers one after the other and say what they found.

    python -m fuzz.run --seconds 600 [--targets mail,pages] [--findings FOLDER]

``--seconds`` is the time for all targets together. Ends with status 1 where an input crashed a
reader, took more than ten seconds, or more than 512 MB.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

NAMES = (
    "mail", "html", "tnef", "pages", "text", "identifiers", "social", "sidecar", "sms", "schema",
)  # fmt: skip
CORPUS = Path(__file__).parent / "corpus"
HANG_SECONDS = 10
MEMORY_MB = 512
LARGEST = 1 << 16
"""Bytes of one input."""
GRACE_SECONDS = 120
"""What a fuzzer may need beyond its time, to start and to report."""
ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "MALLOC_MMAP_THRESHOLD_": "262144"}
"""Images go back to the system when they are freed: what is measured is what is used, not what a
heap in pieces holds."""
KINDS = {"crash-": "crash", "timeout-": "hang", "oom-": "memory", "leak-": "leak"}
"""libFuzzer's names of the files that it leaves."""


@dataclass(frozen=True, slots=True)
class Finding:
    target: str
    kind: str
    file: Path


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    if find_spec("atheris") is None:
        print("atheris is not installed", file=sys.stderr)
        return 2
    names = args.targets.split(",")
    args.findings.mkdir(parents=True, exist_ok=True)
    found = [one for name in names for one in fuzz(name, args.seconds // len(names), args.findings)]
    for one in found:
        print(f"{one.target}: {one.kind}: {one.file}")
    print(f"{len(found)} findings in {', '.join(names)}")
    return 1 if found else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--targets", default=",".join(NAMES))
    parser.add_argument("--findings", type=Path, default=Path("var/fuzz"))
    return parser


def fuzz(name: str, seconds: int, findings: Path) -> list[Finding]:
    """Run one fuzzer; new inputs that reach new code are forgotten when it ends."""
    prefix = f"{findings.resolve()}/{name}-"
    before = set(findings.iterdir())
    with TemporaryDirectory() as grown, TemporaryDirectory() as scratch:
        ended = _run(name, seconds, prefix, [grown, CORPUS / name], Path(scratch))
    files = sorted(set(findings.iterdir()) - before)
    found = [Finding(name, _kind(file, name), file) for file in files]
    if ended and not found:
        log = findings / f"{name}-log"
        return [Finding(name, f"ended with status {ended}", log)]
    return [one for one in found if one.file.name != f"{name}-log"]


OF_ITS_OWN = ("sh", "-c", '"$@"; exit $?', "sh")
"""A shell between us and the fuzzer: the kernel hands the peak memory of whoever starts a program
on to it, and a test process of 600 MB would be found in every fuzzer."""


def _run(name: str, seconds: int, prefix: str, corpora: Sequence[str | Path], scratch: Path) -> int:
    command: list[str | Path] = [
        sys.executable, "-m", "fuzz.child", name, *corpora,
        f"-max_total_time={max(1, seconds)}", f"-timeout={HANG_SECONDS}",
        f"-rss_limit_mb={MEMORY_MB}", f"-max_len={LARGEST}", f"-artifact_prefix={prefix}",
        "-print_final_stats=1",
    ]  # fmt: skip
    with Path(f"{prefix}log").open("wb") as log:
        return subprocess.run(
            [*OF_ITS_OWN, *command],
            stdout=log,
            stderr=log,
            check=False,
            timeout=seconds + GRACE_SECONDS,
            env=os.environ | ENVIRONMENT | {"TMPDIR": str(scratch)},
        ).returncode


def _kind(file: Path, name: str) -> str:
    rest = file.name.removeprefix(f"{name}-")
    return next((kind for prefix, kind in KINDS.items() if rest.startswith(prefix)), "other")


if __name__ == "__main__":
    sys.exit(main())
