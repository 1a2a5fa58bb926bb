"""A whole installation with made-up networks beside it, so that a newcomer sees every channel work.

Each installed channel that brings a stand-in of its source (``Declaration.demo``) is run against it
on 127.0.0.1: people write, their posts become applications, our answers reach the stand-in. A
plugin takes part like the channels of ours.
"""

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from basvuru.places import Places
from config.settings import Settings
from ingest.contract import DemoSource, WebhookRequest
from ingest.registry import declarations


@contextmanager
def sources() -> Iterator[dict[str, DemoSource]]:
    """Kind -> its stand-in, running until the end of the block."""
    with ExitStack() as stack:
        found: dict[str, DemoSource] = {}
        for kind, declared in declarations().items():
            if declared.demo:
                module, _, name = declared.demo.partition(":")
                source: DemoSource = getattr(import_module(module), name)()
                stack.callback(source.stop)
                found[kind] = source
        yield found


def write_settings(data: Path, port: int, found: Mapping[str, DemoSource]) -> Path:
    """Settings of the demo: the embedded channels, and an account for each stand-in that answers
    where somebody wrote. Returns the file, which holds only made-up secrets."""
    places = Places(Settings(data=data))
    places.make()
    tables: dict[str, Mapping[str, Any]] = dict(places.channels)
    for kind, source in found.items():
        tables[kind] = {"kind": kind, "acknowledge_here": True, **source.table()}
    lines = [f"data = {_toml(places.data)}", "[portal]", f"port = {port}"]
    for name, table in tables.items():
        lines += [f"[channels.{name}]", *(f"{key} = {_toml(v)}" for key, v in table.items())]
    file = places.data / "demo.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    file.chmod(0o600)
    return file


def usable_port(wanted: int) -> int:
    """The port, or a free one where another installation has it."""
    for port in (wanted, 0):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:  # taken: any other will do
                continue
            return int(tried.getsockname()[1])
    return wanted


def _toml(value: Any) -> str:
    """Strings, numbers and truth values, which TOML writes as JSON does."""
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)


@contextmanager
def running(settings: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Every daemon, until the end of the block."""
    command = [sys.executable, "-m", "basvuru", "up", "--config", str(settings)]
    process = subprocess.Popen(command)  # noqa: S603  our own command
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def post(port: int, account: str, request: WebhookRequest) -> bool:
    """Post to the portal what a source would post. False: it does not take it yet."""
    url = f"http://127.0.0.1:{port}/hooks/channel/{account}"
    asked = urllib.request.Request(url, request.body, dict(request.headers), method=request.method)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):  # the caller tries again
        return False
