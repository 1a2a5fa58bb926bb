"""Real telephone calls: Kamailio as the exchange, SIPp as caller and callee, over loopback.

Kamailio posts what happens to a call as JSON to one address, as docs/phone.md tells operators to do
it. No sound is carried.
"""

import re
import shutil
import subprocess
from pathlib import Path

from peers.server import free_port, is_open_udp, start, stop, wait_until

KAMAILIO, SIPP = shutil.which("kamailio"), shutil.which("sipp")
MODULES = "/usr/lib/x86_64-linux-gnu/kamailio/modules/"

_CONFIG = """\
listen=udp:127.0.0.1:{port}
children=2
disable_tcp=yes
log_stderror=yes
mpath="{modules}"
{loads}
modparam("http_client", "connection_timeout", 3)
modparam("dialog", "dlg_match_mode", 2)

request_route {{
  if (has_totag()) {{
    if (!loose_route()) {{ dlg_manage(); $du = "sip:127.0.0.1:{callee}"; }}
    t_relay();
    exit;
  }}
  if (is_method("CANCEL")) {{ t_relay(); exit; }}
  if (!is_method("INVITE")) {{ sl_send_reply("405", "Only calls"); exit; }}
  record_route();
  dlg_manage();
  $dlg_var(caller) = $fU;
  route(TELL_RING);
  t_on_failure("NOT_TAKEN");
  $du = "sip:127.0.0.1:{callee}";
  t_relay();
}}
route[TELL_RING] {{ {ring} }}
onreply_route {{ if (is_method("INVITE") && status == "200") {{ {answer} }} }}
failure_route[NOT_TAKEN] {{ {failed} }}
event_route[dialog:end] {{ {end} }}
"""
_NEEDS = "sl tm rr pv siputils maxfwd textops dialog http_client"


class Exchange:
    """``hook``: where events go, with the secret as password: ``http://pbx:SECRET@…``."""

    def __init__(self, folder: Path, hook: str) -> None:
        self.folder, self.hook = folder, hook
        self.port, self.callee = free_port(), free_port()
        self.running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Exchange":
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "kamailio.cfg"
        config.write_text(self._config())
        command = [str(KAMAILIO), "-f", str(config), "-DD", "-m", "32", "-M", "4"]
        command += ["-w", str(self.folder), "-Y", str(self.folder)]
        self.running.append(start(command, self.folder, "kamailio"))
        uas = [str(SIPP), "-sn", "uas", "-i", "127.0.0.1", "-p", str(self.callee), "-nostdin"]
        self.running.append(start(uas, self.folder, "callee"))
        wait_until(lambda: is_open_udp(self.port) and is_open_udp(self.callee), "the exchange")
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.running:
            stop(one)

    def nobody_answers(self) -> None:
        """The callee hangs up its telephone for good."""
        stop(self.running.pop())

    def call(self, caller: str, milliseconds: int = 300) -> int:
        """One call, to its end. Returns SIPp's exit code."""
        own = subprocess.run([str(SIPP), "-sd", "uac"], capture_output=True, check=False).stdout
        scenario = self.folder / "caller.xml"
        scenario.write_text(re.sub(r"sipp <sip:sipp@", f"a <sip:{caller}@", own.decode()))
        command = [str(SIPP), "-sf", str(scenario), "-i", "127.0.0.1", "-s", "4440123"]
        command += ["-m", "1", "-d", str(milliseconds), "-nostdin", "-timeout", "40"]
        command.append(f"127.0.0.1:{self.port}")
        return start(command, self.folder, "caller").wait(60)

    def _config(self) -> str:
        return _CONFIG.format(
            port=self.port,
            callee=self.callee,
            modules=MODULES,
            loads="\n".join(f'loadmodule "{name}.so"' for name in _NEEDS.split()),
            ring=self._tell("ring", '\\"from\\": \\"$fU\\", \\"to\\": \\"$rU\\"'),
            answer=self._tell("answer"),
            failed=self._tell("failed", '\\"from\\": \\"$fU\\"'),
            end=self._tell("end", '\\"from\\": \\"$dlg_var(caller)\\"'),
        )

    def _tell(self, event: str, more: str = "") -> str:
        said = (
            f'{{\\"event\\": \\"{event}\\", \\"call_id\\": \\"$ci\\"{", " + more if more else ""}}}'
        )
        return (
            f'http_client_query("{self.hook}", "{said}", "Content-Type: application/json", '
            '"$var(answer)");'
        )
