"""Files that a virus scanner looked at: what is found is kept, not shown; nothing waits for it."""

import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from peers.clamd import BIN, HARMFUL
from peers.clamd import Clamd as Server
from peers.staff import client_of, colleague
from peers.world import mail
from PIL import Image
from starlette.testclient import TestClient

from cases.scanning import service
from cases.scanning.clamd import Answer, Clamd, ScannerAway
from config.errors import ConfigurationError
from ingest.contract import RawItem
from normalizers.pages.picture import png
from portal.app import make_app
from storage import scans
from storage import tables as t

needs_clamd = pytest.mark.skipif(BIN is None, reason="clamd is not installed")
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("clamd")) as one:
        yield one


def _clamd(url: str, **more) -> Clamd:
    return Clamd(url, **({"seconds": 5.0, "largest": 10_000_000} | more))


def _with_file(body: bytes, key: str = "9") -> RawItem:
    """A mail whose only part is a file of these bytes."""
    whole = mail("", key=key).body.replace(
        b"Content-Type: text/plain; charset=utf-8",
        b'Content-Type: application/octet-stream; name="a.bin"\r\n'
        b'Content-Disposition: attachment; filename="a.bin"',
    )
    return RawItem(key, "email", whole + body)


def _opened(house, clamd: Clamd | None, number: str) -> tuple[TestClient, str]:
    """Somebody who gave a reason, on the page of this application."""
    portal = TestClient(make_app(replace(house, clamd=clamd)))
    client = client_of(portal, colleague(house, "supervisor"))
    address = f"/staff/applications/{number}"
    client.post(f"{address}/reveal", data={"reason": "Başvuruyu inceliyorum"})
    return client, address


@needs_clamd
@slow
def test_the_real_clamd_says_what_is_clean_harmful_and_too_big(server) -> None:
    for url in (server.url, server.socket_url):
        clamd = _clamd(url)
        assert "ClamAV" in clamd.version()
        assert clamd.scan(b"temiz dosya") == Answer("clean")
        assert clamd.scan(b"") == Answer("clean")
        found = clamd.scan(b"once " + HARMFUL + b" sonra")
        assert (found.state, found.name) == ("found", "Deneme.Zararli.UNOFFICIAL")
        assert clamd.scan(b"0" * 3_000_000).state == "too_big"
    assert _clamd(server.url, largest=3).scan(b"1234").state == "too_big"


@needs_clamd
@slow
def test_a_harmful_file_is_kept_marked_and_not_handed_out(world, house, server) -> None:
    [one] = world.receive(_with_file(b"x " + HARMFUL))
    client, address = _opened(house, _clamd(server.url), one["number"])
    assert "virüs taraması yapılamadı" in client.get(address).text
    file = f"{address}/messages/1/files/0"
    refused = client.get(file, headers={"accept": "text/html"})
    assert refused.status_code == 423
    assert "Bu dosya zararlı" in refused.text
    assert client.get(f"{file}/pages/1").status_code == 423
    page = client.get(address).text
    assert "Zararlı: Deneme.Zararli.UNOFFICIAL" in page
    assert f'href="{file}"' not in page
    with world.database.read() as connection:
        sha256 = connection.execute(t.attachment.select()).one().sha256
    assert HARMFUL in world.blobs.get(sha256)
    without, _ = _opened(house, None, one["number"])  # what was found stays found
    assert without.get(file).status_code == 423


@needs_clamd
@slow
def test_files_are_looked_at_before_anybody_opens_them(world, server) -> None:
    world.receive(_with_file(b"temiz", "1"), _with_file(b"y " + HARMFUL, "2"))
    clamd = _clamd(server.url)
    look = (world.database, clamd, world.blobs.get, world.moment)
    assert service.look_ahead(*look) == 2
    assert service.look_ahead(*look) == 0
    with world.database.read() as connection:
        hashes = [row.sha256 for row in connection.execute(t.attachment.select())]
        states = {one.state for one in scans.of(connection, hashes).values()}
    assert states == {"clean", "found"}


@needs_clamd
@slow
def test_an_old_verdict_is_asked_for_anew_where_somebody_opens_the_file(world, server) -> None:
    now, body = world.moment, b"z " + HARMFUL
    with world.database.write() as connection:
        scans.keep(connection, "a" * 64, "clean", "", now)
    clamd = _clamd(server.url)
    asked = (world.database, clamd, "a" * 64, body)
    assert service.verdict(*asked, now).state == "clean"
    world.later(hours=25)
    assert service.verdict(*asked, world.moment).state == "found"


def test_a_clamd_that_is_down_holds_nothing_up_and_the_page_says_so(world, house) -> None:
    [one] = world.receive(_with_file(b"temiz"))
    client, address = _opened(house, _clamd("tcp://127.0.0.1:9"), one["number"])
    assert client.get(f"{address}/messages/1/files/0").content == b"temiz"
    assert "virüs taraması yapılamadı" in client.get(address).text
    clamd = _clamd("unix:///nowhere/clamd.sock")
    assert service.look_ahead(world.database, clamd, world.blobs.get, world.moment) == 0


def test_a_clamd_that_hangs_is_asked_once_and_then_left_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        clamd = _clamd(f"tcp://127.0.0.1:{mute.getsockname()[1]}", seconds=0.3)
        started = time.monotonic()
        for _ in range(10):
            with pytest.raises(ScannerAway):
                clamd.scan(b"x")
        assert time.monotonic() - started < 2


@pytest.mark.parametrize("url", ["clamd", "tcp://127.0.0.1", "http://127.0.0.1:3310", "unix:"])
def test_an_address_that_makes_no_sense_is_said_at_once(url) -> None:
    with pytest.raises(ConfigurationError, match="clamd"):
        _clamd(url)


def test_a_picture_that_is_shown_says_nothing_of_where_it_was_taken() -> None:
    taken = Image.new("RGB", (60, 40), "white")
    exif = taken.getexif()
    exif[0x010F], exif[0x0112] = "Deneme Kamera", 6
    exif.get_ifd(0x8825)[2] = (41.0, 0.0, 29.0)
    out = BytesIO()
    taken.save(out, "JPEG", exif=exif, comment=b"Deneme Not", icc_profile=b"x" * 200)
    assert b"Deneme Kamera" in out.getvalue()
    shown = png(out.getvalue(), 1)
    chunks, at = [], 8
    while at < len(shown):
        length, kind = struct.unpack("!I4s", shown[at : at + 8])
        chunks.append(kind)
        at += length + 12
    assert set(chunks) <= {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
    picture = Image.open(BytesIO(shown))
    assert picture.height > picture.width  # turned as the camera was held
