"""A mail reader that anybody may send bytes to: it never raises, and it never takes long."""

import json
import random
import time

import pytest
from mail_reading import SAMPLES, message, reading

PIECES = (
    b"\r\n", b"\n", b"\r", b"\x00", b"\xff", b"=?utf-8?B?", b"?=", b"--", b"--sinir\r\n", b'"',
    b";", b"<", b">", b"=", b"(", b"\\", b"Content-Type: multipart/mixed; boundary=\r\n",
    b"Content-Transfer-Encoding: base64\r\n", b"begin 644 a\n", b"<blockquote>",
    b"filename*0*=utf-8''%", b"charset=utf-7\r\n\r\n+2AA-",
)  # fmt: skip


def mutated(data: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 12)):
        at, to = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        piece = chance.choice(PIECES)
        data = (
            chance.choice(
                (
                    data[:at] + piece + data[at:],
                    data[:at] + data[min(to, at + 40) :],
                    data[:at] + piece * chance.randint(1, 200) + data[at:],
                    data[:to],
                    data[:at] + data[at:to] * 2 + data[to:],
                )
            )[:200_000]
            or b"x"
        )
    return data


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.eml")))
def test_damaged_mails_never_raise_and_can_always_be_stored(name: str) -> None:
    whole = (SAMPLES / name).read_bytes()
    for seed in range(150):
        result = reading(mutated(whole, seed))
        flat = json.dumps(result.message.flat(), ensure_ascii=False)
        flat.encode("utf-8")
        assert "\\u0000" not in flat
        assert [p.attachment for p in result.parts] == list(result.message.attachments)
        assert all(len(p.data) == p.attachment.size and p.attachment.name for p in result.parts)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.eml")))
def test_a_mail_cut_anywhere_never_raises(name: str) -> None:
    whole = (SAMPLES / name).read_bytes()
    for end in range(0, len(whole), 37):
        message(whole[:end])


@pytest.mark.parametrize(
    "data",
    [
        b"Subject: " + b"=?utf-8?Q?" * 50_000,
        b"Subject: " + b"=?utf-8?Q?a?= " * 50_000,
        b"From: " + b"(" * 100_000,
        b"From: " + b'"' * 100_001,
        b"From: " + b"<" * 100_000,
        b"From: " + b"a@b," * 100_000,
        b"From: " + b"a:" * 100_000,
        b"Content-Type: a/b" + b"; x=" * 100_000,
        b"Content-Type: a/b; x=" + b'"\\' * 100_000,
        b"Content-Type: a/b; " + b"*" * 100_000,
        b"References: " + b"<a@b>" * 50_000,
        b"References: " + b"<" * 100_000,
        b"Date: " + b"(" * 100_000,
        b"\r\n" * 200_000,
        b" \r\n" * 200_000,
        b"A: b\r\n \r\n" * 50_000,
        b"a\r\n" * 100_000,
        b"A" * 1_000_000,
        b"From: a@b.test\r\n" * 50_000,
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n" * 100_000,
        b"Content-Type: multipart/mixed\r\n\r\n" + b"--a\r\n" * 100_000,
        b"Content-Type: text/html\r\n\r\n" + b"<blockquote>" * 50_000,
        b"Content-Type: text/html\r\n\r\n" + b"<meta " * 50_000,
        b"Content-Type: text/html\r\n\r\n"
        + b"".join(b"<font color=%d><p>" % i for i in range(9999)),
        b"Content-Type: text/html\r\n\r\n<p " + b" ".join(b"a%d=1" % i for i in range(99_999)),
        b"Content-Type: text/html\r\n\r\n" + b"<table><tr><td>" * 10_000,
        b"Content-Type: text/html\r\n\r\n<p style='" + b"display :" * 50_000,
        b"Subject: x\r\n\r\n" + b"begin 644 a\n" * 50_000,
        b"Subject: x\r\n\r\n" + b"0555 " * 100_000,
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 1_000_000,
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 1_000_000,
        b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \n" * 100_000,
    ],
    ids=range(32),
)
def test_hostile_mails_are_read_in_bounded_time(data: bytes) -> None:
    start = time.process_time()
    message(data)
    assert time.process_time() - start < 2
