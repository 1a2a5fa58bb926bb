"""Machines on this machine: network namespaces on one bridge, each with an address, each can be cut
off. Everything lies in a network of the drill's own, and is gone with its process. Needs root."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from benchmarks.faults.drill import Skipped

NET = "10.77.0"
HERE = f"{NET}.1"
"""Where the drill itself is: the mailbox and the SMS gateway, which others run."""
NEW_NETWORK, NEW_MOUNTS = 0x40000000, 0x00020000
"""CLONE_NEWNET, CLONE_NEWNS (unshare(2))."""


def leave_for_a_network_of_our_own() -> None:
    """Raises Skipped where this is not allowed. There is no way back for this process."""
    if os.getuid() != 0 or not which("ip"):
        raise Skipped("needs root and the command `ip`, to make network namespaces")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(NEW_NETWORK | NEW_MOUNTS) != 0:
        why = os.strerror(ctypes.get_errno())
        raise Skipped(f"this machine lets nobody make network namespaces ({why})")
    run("mount", "--make-rprivate", "/")
    Path("/run/netns").mkdir(exist_ok=True)
    run("mount", "-t", "tmpfs", "tmpfs", "/run/netns")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "drill", "type", "bridge")
    run("ip", "address", "add", f"{HERE}/24", "dev", "drill")
    run("ip", "link", "set", "drill", "up")


class Machine:
    """One namespace. ``through`` runs a command there."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.host = name, f"{NET}.{number}"
        self.through = ("ip", "netns", "exec", name)
        self._cable = f"to-{name}"
        run("ip", "netns", "add", name)
        run("ip", "link", "add", self._cable, "type", "veth", "peer", "eth0", "netns", name)
        run("ip", "link", "set", self._cable, "master", "drill", "up")
        run("ip", "-n", name, "address", "add", f"{self.host}/24", "dev", "eth0")
        run("ip", "-n", name, "link", "set", "eth0", "up")
        run("ip", "-n", name, "link", "set", "lo", "up")

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Within the block its cable is pulled: what is sent to it or by it vanishes."""
        run("ip", "link", "set", self._cable, "down")
        try:
            yield
        finally:
            run("ip", "link", "set", self._cable, "up")


def run(*command: str) -> None:
    subprocess.run(command, check=True)
