"""The quarantine desk: why an item could not be read, what it is, and what to do with it.

Nothing expires here. Raw items are never changed: a mended one lands beside the first, which is
closed with a mark that says so.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, File, Form, HTTPException, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from cases.rights import Right
from ingest.contract import Delivery, RawItem
from portal.operations.raw import dump, is_text, text_of
from portal.services import services
from portal.web.guard import place, require
from portal.web.page import redirect, render
from portal.web.visitor import Staff
from storage import messages, quarantine, viewlog, views
from storage.engine import Connection
from storage.quarantine import PARTIAL, Quarantined
from storage.viewlog import View

LARGEST_MENDED = 50_000_000
router = APIRouter(prefix="/staff/quarantine", max_body_size=LARGEST_MENDED)
Watcher = Annotated[Staff, require(Right.SEE_OPERATIONS)]
Operator = Annotated[Staff, require(Right.RUN_OPERATIONS)]
Reader = Annotated[Staff, require(Right.SEE_RAW)]
Ids = Annotated[list[int] | None, Form()]
SHOWN = 200
MOST = 100_000


@router.get("")
def desk(
    request: Request,
    _who: Watcher,
    cause: Annotated[str, Query(max_length=60)] = "",
    channel: Annotated[str, Query(max_length=100)] = "",
    done: Annotated[str, Query(pattern="^[a-z]{0,20}$")] = "",
    count: Annotated[int, Query(ge=0)] = 0,
) -> HTMLResponse:
    """What waits. ``done`` and ``count``: what was just done, and to how many."""
    with services(request).database.read() as connection:
        causes = views.quarantine_causes(connection)
        items = quarantine.items(connection, cause=cause, channel=channel, limit=SHOWN)
    return render(
        request,
        "operations/quarantine.html",
        causes=causes,
        items=items,
        chosen={"cause": cause, "channel": channel},
        done=done,
        count=count,
    )


@router.get("/{item_id}")
def one(request: Request, who: Reader, item_id: int) -> HTMLResponse:
    """The bytes as harmless text, or as hexadecimal; that somebody looked is recorded."""
    house, item = services(request), _item(request, item_id)
    body = _body(request, item)
    with house.database.write() as connection:
        data = {"quarantine": item.id, "raw": item.raw_id}
        view = View(who.login, "raw", data=data, place=place(request))
        viewlog.append(connection, view, house.now())
    return render(
        request,
        "operations/quarantined.html",
        item=item,
        is_text=is_text(body),
        shown=text_of(body) if is_text(body) else dump(body),
        is_partial=item.cause in PARTIAL,
        can_mend=house.land is not None and is_text(body) and len(body) <= MENDED_BY_HAND,
        whole=body.decode("utf-8", "replace") if len(body) <= MENDED_BY_HAND else "",
    )


MENDED_BY_HAND = 200_000
"""Bytes of an item that is mended in a text field; what is larger is mended as a file."""


@router.post("/replay")
def replay(
    request: Request,
    who: Operator,
    ids: Ids = None,
    cause: Annotated[str, Form(max_length=60)] = "",
    as_person: Annotated[bool, Form()] = False,
) -> Response:
    """Chosen items, or all of a cause, go through the stages again; what was cut short at the
    source is fetched again, whole."""
    house = services(request)
    with house.database.write() as connection:
        chosen = _chosen(connection, ids, cause)
        whole = [item for item in chosen if item.cause not in PARTIAL]
        quarantine.ask_again(connection, [item for item in chosen if item.cause in PARTIAL])
        queues = {item.raw_id: house.queue_of(item.kind) for item in whole}
        raw_ids = quarantine.replay(
            connection, whole, queues, by=who.actor, now=house.now(), as_person=as_person
        )
        _note(connection, request, who, "replayed", len(chosen))
    bells: dict[str, list[int]] = {}
    for raw_id in raw_ids:
        bells.setdefault(queues[raw_id], []).append(raw_id)
    house.ring(bells)
    return _told("replayed", len(chosen))


@router.post("/discard")
def discard(
    request: Request,
    who: Operator,
    ids: Ids = None,
    cause: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Nothing is to be done with these. Their bytes stay."""
    house = services(request)
    with house.database.write() as connection:
        chosen = _chosen(connection, ids, cause)
        quarantine.discard(connection, chosen, by=who.actor, now=house.now())
        _note(connection, request, who, "discarded", len(chosen))
    return _told("discarded", len(chosen))


@router.post("/{item_id}/mend")
def mend(
    request: Request,
    who: Reader,
    item_id: int,
    text: Annotated[str, Form(max_length=400_000)] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Land a mended copy, and close the item. What was first received stays as it is."""
    house, item = services(request), _item(request, item_id)
    body = (
        file.file.read()
        if file is not None and file.size
        else _lines_as_before(text, request, item)
    )
    if house.land is None or not body or item.closed_at is not None:
        raise HTTPException(409)
    with house.database.read() as connection:
        [first] = messages.raw_items(connection, [item.raw_id])
    mended = RawItem(
        f"{first.source_key[:360]}#mended-{item.id}",
        item.kind,
        body,
        first.received_at,
        first.facts,
    )
    house.land(item.channel, Delivery([mended]))
    with house.database.write() as connection:
        quarantine.discard(connection, [item], by=f"{who.actor} (mended)", now=house.now())
        _note(connection, request, who, "mended", 1)
    return _told("mended", 1)


def _told(done: str, count: int) -> Response:
    return redirect(f"/staff/quarantine?done={done}&count={count}")


def _chosen(connection: Connection, ids: Sequence[int] | None, cause: str) -> list[Quarantined]:
    """Open items: those that are ticked, else all of a cause. Neither: nothing is done to all."""
    if not ids and not cause:
        return []
    items = quarantine.items(connection, cause=cause or None, limit=MOST)
    return [item for item in items if not ids or item.id in ids]


def _item(request: Request, item_id: int) -> Quarantined:
    with services(request).database.read() as connection:
        found = quarantine.item(connection, item_id)
    if found is None:
        raise HTTPException(404)
    return found


def _body(request: Request, item: Quarantined) -> bytes:
    read = services(request).raw
    try:
        return read(item.sha256) if read is not None else b""
    except KeyError:
        return b""  # the disk lost it: the page says that there is nothing to show


def _lines_as_before(text: str, request: Request, item: Quarantined) -> bytes:
    """Browsers send text with CRLF; what had plain line feeds gets them back."""
    crlf = b"\r\n" in _body(request, item)
    lines = text.replace("\r\n", "\n")
    return (lines.replace("\n", "\r\n") if crlf else lines).encode()


def _note(connection: Connection, request: Request, who: Staff, what: str, count: int) -> None:
    data = {"quarantine": count, "did": what}
    view = View(who.login, "operations", data=data, place=place(request))
    viewlog.append(connection, view, services(request).now())
