"""A redis-server of our own: the embedded broker. Appendonly, on a unix socket, ends with us."""

import ctypes
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import redis

from basvuru.places import Places
from config.errors import ConfigurationError

START_SECONDS = 10.0


def start(places: Places) -> "subprocess.Popen[bytes]":
    """Start it, and return when it answers. The caller holds the data folder for itself.

    Raises: ConfigurationError when it cannot run.
    """
    program = shutil.which("redis-server")
    if program is None:
        raise ConfigurationError(
            "redis-server is not installed.", remedy="Run `make setup`, or set [broker] url."
        )
    socket = places.redis_socket
    folder = places.data / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    socket.unlink(missing_ok=True)
    with (folder / "redis.log").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603  the program is Redis, the arguments are ours
            [program, *_arguments(socket, folder)],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            preexec_fn=end_with_parent,  # noqa: PLW1509  nothing has started threads yet
        )
    _wait(child, places.broker_url)
    return child


def _arguments(socket: Path, folder: Path) -> list[str]:
    where = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    return [*where, "--dir", str(folder), "--appendonly", "yes", "--save", ""]


def _wait(child: "subprocess.Popen[bytes]", url: str) -> None:
    client = redis.Redis.from_url(url)
    until = time.monotonic() + START_SECONDS
    while child.poll() is None and time.monotonic() < until:
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.02)  # it opens the socket, then loads its file
        else:
            client.close()
            return
    child.kill()
    raise ConfigurationError(
        "The private redis-server does not start.", remedy="See redis/redis.log in the data folder."
    )


def end_with_parent() -> None:
    """In a child, before it starts: get SIGTERM when the parent dies, even by kill -9 (Linux)."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
