"""Attachments: cases 36 to 43 of the list of what real mail does."""

import base64
import binascii
import hashlib
import struct
import time

import pytest
from mail_reading import mail, message, multipart, reading

from normalizers.email.attachments import MAX_NAME, safe_name
from normalizers.email.parameters import Parameters
from normalizers.email.tnef import Unpacked, unpack

PLAIN = "Content-Type: text/plain; charset=utf-8\n\nmetin"


def names(*parts: str | bytes) -> list[str]:
    return [attachment.name for attachment in message(multipart(PLAIN, *parts)).attachments]


def named(disposition: str, content: str = "application/pdf") -> str:
    (name,) = names(f"Content-Type: {content}\nContent-Disposition: {disposition}\n\nx")
    return name


def test_an_attachment_has_its_bytes_size_digest_and_declared_type() -> None:
    data = bytes(range(256)) * 3
    part = b"Content-Type: Image/JPEG; name=a.jpg\nContent-Transfer-Encoding: base64\n\n"
    result = reading(multipart(PLAIN, part + base64.encodebytes(data)))
    (attachment,) = result.message.attachments
    assert attachment.model_dump() == {
        "name": "a.jpg",
        "size": 768,
        "sha256": hashlib.sha256(data).hexdigest(),
        "content_type": "image/jpeg",
    }
    assert result.parts[0].data == data
    assert result.parts[0].attachment == attachment


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename*=utf-8''dilek%C3%A7e%20%C5%9F.pdf", "dilekçe ş.pdf"),
        ("attachment; filename*0=dilek; filename*1=ce.pdf", "dilekce.pdf"),
        ("attachment; filename*1=ce.pdf; filename*0=dilek", "dilekce.pdf"),
        ("attachment; filename*0*=utf-8''dilek%C3; filename*1*=%A7e.pdf", "dilekçe.pdf"),
        ("attachment; filename*0*=iso-8859-9'tr'%FEik; filename*1=ayet.pdf", "şikayet.pdf"),
        ("attachment; filename*=\"utf-8''%C5%9Fikayet.pdf\"", "şikayet.pdf"),
        ("attachment; filename=x.pdf; filename*=utf-8''%C5%9F.pdf", "ş.pdf"),
        ('attachment; filename="=?utf-8?Q?=C5=9Fik?=\n =?utf-8?Q?ayet.pdf?="', "şikayet.pdf"),
        ("attachment; filename==?utf-8?B?xZ8ucGRm?=", "ş.pdf"),
        ("attachment; filename*0==?utf-8?Q?=C5=9Fik; filename*1=ayet.pdf?=", "şikayet.pdf"),
        ("attachment; filename=hasar dosyam 3.pdf", "hasar dosyam 3.pdf"),
        ('attachment; filename="a, b.pdf"', "a, b.pdf"),
        ("attachment; filename=a.pdf; filename=b.pdf", "a.pdf"),
        ("attachment; file=a.pdf", "a.pdf"),
        ("attachment; name=a.pdf", "a.pdf"),
        ('attachment; filename="a;b.pdf"', "a;b.pdf"),
        ('attachment; filename="yarım.pdf', "yarım.pdf"),
        ("attachment; FileName = a.pdf ; size=3", "a.pdf"),
        ("attachment; filename=/tmp/../etc/a.pdf", "a.pdf"),
        ('attachment; filename="C:\\Users\\Ali\\a.pdf"', "a.pdf"),
        ("attachment; filename=..", "attachment-1.pdf"),
        ("attachment", "attachment-1.pdf"),
    ],
)
def test_names_are_read_and_made_safe(disposition: str, name: str) -> None:
    assert named(disposition) == name


def test_the_name_may_stand_in_the_content_type() -> None:
    assert named("attachment", 'application/pdf; name="makbuz.pdf"') == "makbuz.pdf"


def test_the_name_may_stand_in_the_content_location() -> None:
    part = (
        "Content-Type: image/png\nContent-Location: http://example.test/a/b/resim%201.png?x=1\n\nx"
    )
    assert names(part) == ["resim 1.png"]


@pytest.mark.parametrize("charset", ["utf-8", "cp1254"])
def test_raw_turkish_names_are_read(charset: str) -> None:
    part = 'Content-Type: application/pdf; name="başvuru ığdır.pdf"\n\nx'.encode(charset)
    assert names(part) == ["başvuru ığdır.pdf"]


def test_raw_chinese_names_take_the_charset_that_the_part_declares() -> None:
    part = 'Content-Type: application/pdf; charset=gb2312; name="投诉.pdf"\n\nx'.encode("gb2312")
    assert names(part) == ["投诉.pdf"]


def test_a_text_attachment_keeps_its_bytes_and_stays_out_of_the_text() -> None:
    data = "şikâyet;ığdır\r\n1;2\r\n".encode("cp1254")
    part = (
        b"Content-Type: text/csv; charset=utf-8\nContent-Disposition: attachment; filename=a.csv\n"
    )
    part += b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data)
    result = reading(multipart(PLAIN, part))
    assert result.parts[0].data == data
    assert result.message.text == "metin"


def test_a_named_text_shown_inline_is_both_text_and_file() -> None:
    part = 'Content-Type: text/plain; name="not.txt"\nContent-Disposition: inline\n\nnotum'
    result = message(multipart(PLAIN, part))
    assert result.text == "metin\n\nnotum"
    assert [a.name for a in result.attachments] == ["not.txt"]


def test_an_empty_attachment_is_an_attachment() -> None:
    (attachment,) = message(
        multipart(PLAIN, "Content-Type: application/pdf; name=bos.pdf\n\n")
    ).attachments
    assert (attachment.name, attachment.size) == ("bos.pdf", 0)


@pytest.mark.parametrize("encoding", ["7bit", "base64"])
def test_an_attached_mail_is_kept_as_a_file(encoding: str) -> None:
    inner = b"From: b@example.test\r\nSubject: Eski\r\n\r\neski metin\r\n"
    body = base64.encodebytes(inner) if encoding == "base64" else inner
    head = f"Content-Type: message/rfc822\nContent-Transfer-Encoding: {encoding}\n\n".encode()
    result = reading(multipart(PLAIN, head + body))
    (part,) = result.parts
    assert part.attachment.name == "Eski.eml"
    assert part.data.split() == inner.split()
    assert result.message.text == "metin"


def test_an_attached_mail_without_subject_has_a_name_too() -> None:
    assert names("Content-Type: message/rfc822\n\nFrom: b@example.test\n\nx") == [
        "attachment-1.eml"
    ]


def uuencoded(name: str, data: bytes) -> str:
    rows = [binascii.b2a_uu(data[i : i + 45]).decode() for i in range(0, len(data), 45)]
    return f"begin 644 {name}\n{''.join(rows)}`\nend\n"


def test_uuencoded_files_are_taken_out_of_the_text() -> None:
    data = bytes(range(200))
    result = reading(mail(f"Ekte.\n\n{uuencoded('resim.jpg', data)}\nSaygılar\n"))
    assert (result.parts[0].attachment.name, result.parts[0].data) == ("resim.jpg", data)
    assert result.message.text.split() == ["Ekte.", "Saygılar"]


def test_a_text_that_only_mentions_begin_is_left_alone() -> None:
    assert message(mail("begin 644 a.txt\nsöz\nend\nson")).text == "begin 644 a.txt\nsöz\nend\nson"


@pytest.mark.parametrize("with_begin", [True, False])
def test_uuencode_as_transfer_encoding_needs_no_begin_line(with_begin: bool) -> None:
    data = b"Merhaba " * 20
    text = uuencoded("a.txt", data)
    body = text if with_begin else text.split("\n", 1)[1].rsplit("`", 1)[0]
    kind = "Content-Type: application/octet-stream; name=a.txt"
    part = f"{kind}\nContent-Transfer-Encoding: x-uuencode\n\n{body}"
    assert reading(multipart(PLAIN, part)).parts[0].data == data


def attribute(level: int, tag: int, data: bytes) -> bytes:
    checksum = struct.pack("<H", sum(data) & 0xFFFF)
    return struct.pack("<BII", level, tag, len(data)) + data + checksum


TNEF_HEAD = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00089006, struct.pack("<I", 0x10000))


def tnef(*files: tuple[str, bytes]) -> bytes:
    """A winmail.dat as [MS-OXTNEF] 2.1 describes it: signature, key, then attributes."""
    out = TNEF_HEAD
    for name, data in files:
        out += attribute(2, 0x00069002, bytes(14))
        out += attribute(2, 0x00018010, name.encode("cp1254") + b"\0")
        out += attribute(2, 0x0006800F, data)
    return out


def winmail(data: bytes, kind: str = "application/ms-tnef") -> bytes:
    head = f"Content-Type: {kind}; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    return multipart(PLAIN, head.encode() + base64.encodebytes(data))


@pytest.mark.parametrize("kind", ["application/ms-tnef", "application/octet-stream"])
def test_winmail_dat_is_unpacked_beside_itself(kind: str) -> None:
    result = reading(winmail(tnef(("makbuz.pdf", b"%PDF-1.4"), ("resim.jpg", b"\xff\xd8")), kind))
    found = [(part.attachment.name, part.data) for part in result.parts]
    assert found[0][0] == "winmail.dat"
    assert found[1:] == [("makbuz.pdf", b"%PDF-1.4"), ("resim.jpg", b"\xff\xd8")]


def test_a_turkish_name_inside_winmail_dat_is_read() -> None:
    result = message(winmail(tnef(("şikâyet ığdır.pdf", b"x"))))
    assert result.attachments[1].name == "şikâyet ığdır.pdf"


def mapi(*values: tuple[int, int, bytes]) -> bytes:
    """MAPI properties (tag, type, value) as [MS-OXTNEF] 2.1.3.4 packs them."""
    out = struct.pack("<I", len(values))
    for tag, kind, value in values:
        name = bytes(16) + struct.pack("<II", 0, 7) if tag >= 0x8000 else b""
        out += struct.pack("<HH", kind, tag) + name
        if kind in (0x1E, 0x1F, 0x102, 0x0D):
            out += struct.pack("<II", 1, len(value)) + value + bytes(-len(value) % 4)
        else:
            out += value + bytes(-len(value) % 4)
    return out


def test_names_and_texts_in_mapi_properties_are_read() -> None:
    text, html = "Poliçem ğış".encode("cp1254"), "<p>Poliçem ğış</p>".encode()
    said = mapi(
        (0x8005, 0x0B, b"\1\0"),  # a named one, to be skipped
        (0x3FDE, 0x03, struct.pack("<I", 65001)),
        (0x1000, 0x1E, text),
        (0x1013, 0x102, html),
    )
    name = mapi((0x3707, 0x1F, "şikâyet.pdf\0".encode("utf-16-le")), (0x3701, 0x0D, b"%PDF"))
    data = TNEF_HEAD + attribute(1, 0x00069007, struct.pack("<II", 1254, 0))
    data += attribute(1, 0x00069003, said) + attribute(2, 0x00069002, bytes(14))
    data += attribute(2, 0x00018010, b"SIKAYE~1.PDF\0") + attribute(2, 0x00069005, name)
    found = unpack(data)
    assert found == Unpacked("Poliçem ğış", "<p>Poliçem ğış</p>", (("şikâyet.pdf", b"%PDF"),))


def test_a_mail_inside_winmail_dat_is_a_winmail_dat_again() -> None:
    inner = tnef(("a.txt", b"x"))
    holder = mapi((0x3701, 0x0D, bytes.fromhex("0703020000000000c000000000000046") + inner))
    data = TNEF_HEAD + attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00069005, holder)
    found = unpack(data)
    assert found and found.files == (("", inner),)


@pytest.mark.parametrize(
    "counts",
    [
        struct.pack("<I", 0xFFFFFFFF),
        struct.pack("<IHHI", 1, 0x1002, 0x1000, 0xFFFFFFFF),
        struct.pack("<IHHI", 1, 0x001E, 0x1000, 0xFFFFFFFF),
        struct.pack("<IHHII", 1, 0x001E, 0x1000, 1, 0xFFFFFFFF),
    ],
)
def test_a_count_in_winmail_dat_is_never_believed(counts: bytes) -> None:
    began = time.process_time()
    for attribute_id in (0x00069003, 0x00069004, 0x00069005):
        data = tnef(("a.txt", b"x")) + attribute(1, attribute_id, counts)
        found = unpack(data)
        assert found and found.files[0][0] == "a.txt"
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize("size", [4, 10, 30, 60, 90])
def test_a_damaged_winmail_dat_is_kept_and_never_fails(size: int) -> None:
    data = tnef(("makbuz.pdf", b"%PDF-1.4"))[:size]
    result = reading(winmail(data))
    assert result.parts[0].data == data
    assert result.message.text == "metin"


def test_what_is_no_tnef_under_its_name_is_said() -> None:
    assert "winmail.dat cannot be unpacked" in message(winmail(b"nothing of the kind")).warnings


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b/c.txt", "c.txt"),
        ("..\\..\\c.txt", "c.txt"),
        ("a\x00b\r\n.txt", "ab.txt"),
        ("fatura\u202efdp.exe", "faturafdp.exe"),
        (".", ""),
        (" / ", ""),
        ("İ" * 300 + ".pdf", "İ" * ((MAX_NAME - 4) // 2) + ".pdf"),
        (".htaccess", ".htaccess"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_name_never_takes_more_bytes_than_a_file_system_gives() -> None:
    assert len(safe_name("😀" * 300 + ".pdf").encode()) <= 255


def test_sections_of_a_parameter_are_joined_by_their_numbers() -> None:
    assert Parameters(b"a/b; boundary*1=b; boundary*0=a").raw(b"boundary") == b"ab"


def test_parameters_are_bounded() -> None:
    parameters = Parameters(b"a/b; " + b"; ".join(b"p%d=1" % i for i in range(10_000)))
    assert parameters.text(b"p1") == "1"
    assert parameters.text(b"p9999") == ""
