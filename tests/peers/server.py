"""What every private test server needs: a free port, a child process, a wait, a clean end."""

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], what: str, seconds: float = 20.0) -> None:
    """Return when ``condition`` holds. Raises TimeoutError that says what was waited for."""
    until = time.monotonic() + seconds
    pause = 0.005
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def is_open(port: int, host: str = "127.0.0.1") -> bool:
    try:
        socket.create_connection((host, port), 0.3).close()
    except OSError:
        return False
    return True


def is_open_udp(port: int) -> bool:
    """Whether somebody listens there: then we cannot."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def stop(process: "subprocess.Popen[bytes]", seconds: float = 10.0) -> None:
    """Ask the child to end; insist after a while."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start(command: list[str], folder: Path, name: str) -> "subprocess.Popen[bytes]":
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
