"""A private RabbitMQ on a free port, with a node name, a name server and a folder of its own."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pika
from peers.server import free_port, is_open, start, stop, wait_until

SERVER = next(Path("/usr/lib/rabbitmq").glob("lib/*/sbin/rabbitmq-server"), None)
EPMD = shutil.which("epmd")
WHY_NOT = "" if SERVER and EPMD else "rabbitmq-server is not installed"


class Rabbit:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.names = folder, free_port(), free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.epmd: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/%2F"

    def __enter__(self) -> "Rabbit":
        (self.folder / "home").mkdir(parents=True, exist_ok=True)
        (self.folder / "plugins").write_text("[].")
        (self.folder / "conf").mkdir(exist_ok=True)
        # ours, and not a daemon that would outlive the test
        names = [str(EPMD), "-port", str(self.names), "-address", "127.0.0.1"]
        self.epmd = start(names, self.folder, "epmd")
        wait_until(lambda: is_open(self.names), "the name server")
        self.up()
        return self

    def up(self) -> None:
        given = {
            "HOME": self.folder / "home",
            "ERL_EPMD_PORT": self.names,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"t{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": self.port,
            "RABBITMQ_DIST_PORT": free_port(),
            "RABBITMQ_MNESIA_BASE": self.folder / "mnesia",
            "RABBITMQ_LOG_BASE": self.folder / "log",
            "RABBITMQ_CONFIG_FILE": self.folder / "conf/rabbitmq",
            "RABBITMQ_CONF_ENV_FILE": self.folder / "conf/env",
            "RABBITMQ_ENABLED_PLUGINS_FILE": self.folder / "plugins",
            "RABBITMQ_PID_FILE": self.folder / "pid",
        }
        with (self.folder / "rabbit.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(SERVER)],
                env=os.environ | {name: str(value) for name, value in given.items()},
                cwd=self.folder,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # the program is a child of its start script
            )
        wait_until(self._answers, "RabbitMQ", 100)

    def _answers(self) -> bool:
        if not is_open(self.port):
            return False
        try:
            pika.BlockingConnection(pika.URLParameters(self.url)).close()
        except (pika.exceptions.AMQPError, OSError):
            return False
        return True

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        assert self.process
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        wait_until(lambda: not is_open(self.port), "RabbitMQ to be gone")

    def __exit__(self, *_: object) -> None:
        if self.process:
            self._end(signal.SIGTERM)
        if self.epmd:
            stop(self.epmd)
