"""MIME structure: cases 19 to 29 of the list of what real mail does."""

import time

import pytest
from mail_reading import facts, mail, message, multipart, reading

from normalizers.email import mime, transfer

PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
HTML = "Content-Type: text/html; charset=utf-8\n\n"


@pytest.mark.parametrize("end", ["\n--uzun_sinir--\n", ""])
def test_a_boundary_folded_inside_its_quotes_is_found(end: str) -> None:
    body = f"--uzun_sinir\n{PLAIN}metin{end}"
    data = mail(body, 'Content-Type: multipart/mixed; boundary="uzun_\r\n\tsinir"')
    assert message(data).text == "metin"


@pytest.mark.parametrize(
    "body",
    [
        f"--b\n{PLAIN}metin",  # no closing delimiter
        f"{PLAIN}metin\n--b--\n",  # no opening delimiter
        f"--baska\n{PLAIN}metin\n--baska--\n",  # another boundary than declared
        "metin",  # no part at all
    ],
)
def test_broken_multiparts_still_give_their_text(body: str) -> None:
    data = mail(body, 'Content-Type: multipart/mixed; boundary="b"')
    assert "metin" in message(data).text


def test_a_boundary_parameter_may_be_missing() -> None:
    data = mail(f"--b\n{PLAIN}metin\n--b--\n", "Content-Type: multipart/mixed")
    assert message(data).text == "metin"


def test_a_part_inside_with_the_boundary_of_its_parent_loses_nothing() -> None:
    data = multipart(
        'Content-Type: multipart/alternative; boundary="sinir"\n',
        f"{PLAIN}metin",
        "Content-Type: image/gif; name=a.gif\nContent-Transfer-Encoding: base64\n\nR0lG",
    )
    assert "metin" in message(data).text
    assert [a.name for a in message(data).attachments] == ["a.gif"]


def test_endless_nesting_ends() -> None:
    body = "".join(
        f"--b{i}\nContent-Type: multipart/mixed; boundary=b{i + 1}\n\n" for i in range(5000)
    )
    start = time.process_time()
    result = message(mail(body, "Content-Type: multipart/mixed; boundary=b0"))
    assert time.process_time() - start < 2
    assert any("too deeply nested" in warning for warning in result.warnings)


def test_a_mail_of_ten_thousand_parts_ends_and_says_so() -> None:
    start = time.process_time()
    result = message(multipart(*["\nx"] * 10_000))
    assert time.process_time() - start < 2
    assert any("too many" in warning for warning in result.warnings)


def test_a_boundary_of_28_kilobytes_is_read() -> None:
    boundary = "b" * 28_000
    assert message(multipart(f"{PLAIN}metin", boundary=boundary)).text == "metin"


@pytest.mark.parametrize("encoding", ["7-bit", "8bits", "spam", "text/html", "", "binary"])
def test_unknown_transfer_encodings_change_nothing(encoding: str) -> None:
    assert (
        message(mail("düz =20 metin", f"Content-Transfer-Encoding: {encoding}")).text
        == "düz =20 metin"
    )


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (b"TWVyaGFiYQ==", b"Merhaba"),
        (b"TWVyaGFiYQ", b"Merhaba"),
        (b"TWVy aGFi\r\nYQ==", b"Merhaba"),
        (b"TWVyaGFiYQ=", b"Merhaba"),
        (b"TWVyaGFiYQ==\r\nTWVyaGFiYQ==\r\n", b"MerhabaMerhaba"),
        (b"TWVyaGFiYQ==\r\n\r\n_____\r\nListe altbilgisi, okuyunuz!\r\n", b"Merhaba"),
        (b"TWVyaGFiY", b"Merhab"),
        (b"*TWVyaGFiYQ==", b"Merhaba"),
        (b"", b""),
    ],
)
def test_broken_base64_gives_what_can_be_decoded(text: bytes, data: bytes) -> None:
    assert transfer.base64(text) == data


def test_an_empty_plain_part_leaves_the_html_to_speak() -> None:
    data = multipart(f"{PLAIN} \n", f"{HTML}<p>Merhaba</p>", kind="alternative")
    assert message(data).text == "Merhaba"


def test_of_plain_and_html_the_plain_text_is_taken() -> None:
    data = multipart(f"{PLAIN}düz metin", f"{HTML}<p>süslü metin</p>", kind="alternative")
    assert message(data).text == "düz metin"


def test_of_two_html_alternatives_the_first_is_taken() -> None:
    data = multipart(f"{HTML}ilk", f"{HTML}ikinci", kind="alternative")
    assert message(data).text == "ilk"


def test_several_text_parts_are_put_together_in_order() -> None:
    data = multipart(f"{PLAIN}ilk", f"{PLAIN}ikinci", f"{HTML}<i>üçüncü</i>")
    assert message(data).text == "ilk\n\nikinci\n\nüçüncü"


def test_two_plain_parts_are_no_alternatives() -> None:
    data = multipart(f"{PLAIN}ilk", f"{PLAIN}ikinci", kind="alternative")
    assert message(data).text == "ilk\n\nikinci"


def test_flowed_lines_are_joined_and_quotes_keep_their_depth() -> None:
    body = "> uzun bir \n> alıntı\nuzun bir \nsatır\n-- \nAli"
    data = mail(body, "Content-Type: text/plain; charset=utf-8; format=flowed")
    assert message(data).text == "> uzun bir alıntı\nuzun bir satır\n-- \nAli"


def test_delsp_joins_cut_words_and_keeps_words_apart() -> None:
    kind = "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes"
    assert (
        message(mail("https://example.test/uzun \nadres", kind)).text
        == "https://example.test/uzunadres"
    )
    assert message(mail("iki  \nsözcük", kind)).text == "iki sözcük"
    assert message(mail("there is \na note", kind)).text == "there is a note"


@pytest.mark.parametrize("body", ["", " ", "\n\n"])
def test_an_empty_body_is_no_error(body: str) -> None:
    result = message(mail(body))
    assert (result.text, result.error, facts(mail(body)).reply_text) == ("", None, "")


def test_headers_without_any_body_are_read() -> None:
    assert facts(b"Subject: Konu\r\nFrom: a@example.test").subject == "Konu"
    assert message(b"").text == ""


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        (mail("x", "Content-Type: text/calendar; method=REQUEST"), "calendar invitation"),
        (mail("x", "Content-Type: application/pkcs7-mime; name=smime.p7m"), "S/MIME"),
        (mail("-----BEGIN PGP MESSAGE-----\nabc"), "inline PGP"),
        (multipart(f"{PLAIN}x", kind="encrypted"), "encrypted"),
        (multipart(f"{PLAIN}x", kind="signed"), "signed"),
    ],
)
def test_signed_encrypted_and_calendar_mails_say_so(data: bytes, warning: str) -> None:
    assert any(warning in said for said in message(data).warnings)


def test_a_signed_mail_is_read_and_its_signature_kept() -> None:
    signature = (
        "Content-Type: application/pgp-signature; name=imza.asc\n\n-----BEGIN PGP SIGNATURE-----"
    )
    result = message(multipart(f"{PLAIN}metin", signature, kind="signed"))
    assert (result.text, [a.name for a in result.attachments]) == ("metin", ["imza.asc"])


def test_a_mail_of_eleven_megabytes_is_read_in_a_second() -> None:
    line = b"QUJD" * 19 + b"\n"
    part = b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    data = multipart(f"{PLAIN}metin", part + line * 145_000)
    assert len(data) > 11_000_000
    start = time.process_time()
    result = reading(data)
    assert time.process_time() - start < 1
    assert result.parts[0].data == b"ABC" * 19 * 145_000


def test_a_mail_may_be_nothing_but_an_attachment() -> None:
    data = mail(
        "JVBERi0=", "Content-Type: application/pdf; name=a.pdf", "Content-Transfer-Encoding: base64"
    )
    assert (message(data).text, reading(data).parts[0].data) == ("", b"%PDF-")


def test_a_content_type_of_nonsense_is_plain_text() -> None:
    assert message(mail("metin", "Content-Type: ;;;")).text == "metin"
    assert message(mail("metin", "Content-Type: text")).text == "metin"


def test_the_walk_visits_every_part_in_order() -> None:
    inner = 'Content-Type: multipart/related; boundary="i"\n\n--i\n' + HTML + "x\n--i--"
    tree = mime.parse(multipart(f"{PLAIN}a", inner))
    kinds = [entity.type for entity in tree.root.walk()]
    assert kinds == ["multipart/mixed", "text/plain", "multipart/related", "text/html"]
