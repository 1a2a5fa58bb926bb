"""``/metrics`` for Prometheus: the same look at everything that operators see, as numbers.

deploy/alerts.yml and the Grafana dashboard use these names; a test compares.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from cases import health
from portal.operations.pictures import Pictures, Seen
from portal.services import Services, services

router = APIRouter()
_HERE = ("127.0.0.1", "::1")
_SHARES = (0.5, 0.95, 1.0)


@router.get("/metrics")
def metrics(request: Request, house: Annotated[Services, Depends(services)]) -> Response:
    """With the token of the settings; without one, to this machine alone."""
    if not _may(request, house.operations.metrics_token.get_secret_value()):
        raise HTTPException(403)
    pictures: Pictures = request.app.state.pictures
    registry = CollectorRegistry(auto_describe=False)
    registry.register(House(pictures.newest()))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


@dataclass(frozen=True, slots=True, eq=False)  # the registry tells collectors apart by identity
class House(Collector):
    """Our numbers at one moment."""

    seen: Seen

    def collect(self) -> Iterator[Metric]:
        yield from self._channels()
        yield from self._stages()
        yield from self._owed()
        yield from self._times()
        yield from self._house()

    def _channels(self) -> Iterator[Metric]:
        picture = self.seen.picture
        ok = _gauge("channel_ok", "1 while a channel is as it should be", "channel", "state")
        last = _gauge("channel_last_ok_timestamp_seconds", "Last whole read", "channel")
        item = _gauge("channel_last_item_timestamp_seconds", "Last item that landed", "channel")
        landed = _gauge("channel_landed_last_hour", "Items of the last hour", "channel")
        cost = _gauge("channel_cost_today", "Cost of today, in the source's currency", "channel")
        for state in picture.channels:
            word = health.channel_state(state, picture)
            ok.add_metric([state.name, word], word in ("ok", "stopped"))
            landed.add_metric([state.name], picture.last_hour.get(state.name, 0))
            for gauge, moment in ((last, state.last_ok_at), (item, state.last_item_at)):
                if moment is not None:
                    gauge.add_metric([state.name], moment.timestamp())
        for line in picture.board:
            if line.cost_today is not None:
                cost.add_metric([f"{line.channel}/{line.feature}"], line.cost_today)
        yield from (ok, last, item, landed, cost)

    def _stages(self) -> Iterator[Metric]:
        waiting = _gauge("stage_waiting", "Rows that wait", "stage", "queue")
        oldest = _gauge("stage_oldest_seconds", "Age of the oldest row", "stage", "queue")
        for row in self.seen.picture.stages:
            waiting.add_metric([row["stage"], row["queue"]], row["waiting"])
            oldest.add_metric([row["stage"], row["queue"]], row["oldest_age"])
        flow = _gauge("flow_per_minute", "Things a minute, over five minutes", "what")
        for name in ("landed", "recorded", "sent"):
            flow.add_metric([name], getattr(self.seen.picture.flow, name))
        yield from (waiting, oldest, flow)

    def _owed(self) -> Iterator[Metric]:
        picture = self.seen.picture
        outbox = _gauge("outbox_rows", "Messages that we owe or owed", "medium", "state")
        for row in picture.outbox:
            outbox.add_metric([row["medium"], row["state"]], row["count"])
        quarantine = _gauge("quarantine_items", "Open items", "cause")
        for cause, count in picture.quarantine.items():
            quarantine.add_metric([cause], count)
        yield from (outbox, quarantine)
        yield _one("open_duties", "Applicants who may not know their number", picture.duties)
        unbalanced = len(picture.unbalanced)
        yield _one("ledger_unbalanced", "Channels and days that do not balance", unbalanced)

    def _times(self) -> Iterator[Metric]:
        times = self.seen.picture.times
        for name, seconds, help_ in (
            ("number_seconds", times.to_number, "From landing to the number, last hour"),
            ("sms_seconds", times.to_sms, "From landing to the SMS, last hour"),
        ):
            gauge = _gauge(name, help_, "quantile")
            for share in _SHARES:
                reached = health.percentile(seconds, share)
                if reached is not None:
                    gauge.add_metric([f"{share:g}"], reached)
            yield gauge

    def _house(self) -> Iterator[Metric]:
        picture, around = self.seen.picture, self.seen.around
        alive = _gauge("processes_alive", "Processes that were heard lately", "role")
        for role in health.ROLES:
            heard = [p for p in picture.processes if picture.at - p.beat_at <= health.HEARD]
            roles = {role, "all"} if role in ("work", "pages") else {role}
            alive.add_metric([role], sum(1 for one in heard if one.role in roles))
        disk = _gauge("disk_free_ratio", "Free part of a disk", "folder")
        for folder, free in around.disks.items():
            disk.add_metric([folder], free)
        trouble = _gauge("findings", "What the operations page says is wrong", "level")
        for level in ("bad", "warn"):
            trouble.add_metric([level], sum(1 for f in self.seen.findings if f.level == level))
        yield from (alive, disk, trouble)
        yield _one("broker_up", "Whether Redis answers", around.broker)
        yield _one("dead_letters", "Messages that no worker could finish", around.dead_letters)
        yield _one("maintenance", "1 in maintenance mode", picture.maintenance is not None)


def _gauge(name: str, help_: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"basvuru_{name}", help_, labels=labels)


def _one(name: str, help_: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"basvuru_{name}", help_, value=float(value))


def _may(request: Request, token: str) -> bool:
    given = request.headers.get("authorization", "")
    if token:
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    return request.client is not None and request.client.host in _HERE
