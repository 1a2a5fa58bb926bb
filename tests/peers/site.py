"""The portal on a real uvicorn, in this process, so that a test can move its clock and its rows."""

import threading

import uvicorn
from peers.server import free_port, wait_until

from portal.app import Services, make_app


class Site:
    """Serves from entering to leaving; ``url`` is where."""

    def __init__(self, services: Services) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            make_app(services),
            host="127.0.0.1",
            port=self.port,
            log_config=None,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> "Site":
        self._thread.start()
        wait_until(lambda: self._server.started, "the portal")
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
