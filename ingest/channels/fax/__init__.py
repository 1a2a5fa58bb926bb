"""The channel ``fax``: received faxes, from HylaFAX or from any folder of TIFF and PDF files."""

from pathlib import Path

from ingest.channels.fax.channel import FaxChannel
from ingest.channels.fax.settings import FaxSettings
from ingest.contract import Declaration

__all__ = ["CHANNEL"]

CHANNEL = Declaration(
    kind="fax",
    summary="Received faxes: a HylaFAX server's recvq, or a folder that a fax gateway writes to.",
    settings=FaxSettings,
    open=FaxChannel,
    manual="""\
**HylaFAX.** `folder` is the server's `recvq` (`/var/spool/hylafax/recvq`), `transfer_log` its
`xferfaxlog`. HylaFAX writes a fax while the call runs; it is taken when the log says that the call
has ended. Caller's number and name, pages and, where a call broke off, the reason come from the
log. Without the log the fax is taken when its file mode shows the end of the call
(`RecvFileMode: 0640` in the modem's configuration) or after three minutes without a change; then
nobody can tell a broken call from a whole one. This program's user must be in HylaFAX's group
(`uucp` on Debian).

**Gateway.** `folder` is where the gateway puts its TIFF or PDF files. Number, name, pages and time
come from a sidecar (`NAME.json`, `NAME.xml`) or from the file name (`name_pattern` with the
groups `number`, `name`, `pages`, `time`, `interrupted`). `sidecar_names` says how the gateway calls
them.""",
    samples=Path(__file__).parents[3] / "samples" / "fax",
    contract_version=1,
)
