"""Envelope and headers: cases 1 to 18 of the list of what real mail does."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from mail_reading import ARRIVED, facts, mail, message

from normalizers.email import addresses, dates, words


def test_a_header_line_that_lost_its_folding_blank_hides_nothing_below_it() -> None:
    signature = b"DKIM-Signature: v=1; b=AAAA\r\nBBBBCCCC+/=\r\n"
    data = signature + b"Subject: Konu\r\nFrom: a@example.test\r\n\r\nx"
    assert (facts(data).subject, facts(data).from_addr) == ("Konu", "a@example.test")


@pytest.mark.parametrize(
    "junk", [b"\r\n", b"\n\n", b" ", b"From a@example.test Thu Mar  5\n", b"junk line\n"]
)
def test_blank_lines_and_junk_above_the_headers_are_skipped(junk: bytes) -> None:
    data = junk + b"Subject: Konu\r\nFrom: a@example.test\r\n\r\nmetin"
    assert facts(data).subject == "Konu"
    assert message(data).text == "metin"


def test_a_blank_before_the_colon_and_folding_lines_of_blanks_are_allowed() -> None:
    data = b"Subject :Uzun\r\n   \r\n konu\r\nFrom\t: a@example.test\r\n\r\nmetin"
    assert facts(data).subject == "Uzun konu"
    assert facts(data).from_addr == "a@example.test"
    assert message(data).text == "metin"


def test_a_line_that_lost_its_blank_still_belongs_to_the_header_above() -> None:
    data = b"Subject: Uzun\r\nkonu\r\nFrom: a@example.test\r\n\r\nx"
    assert facts(data).subject == "Uzun konu"


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\r\n"])
def test_any_line_end_separates_headers_and_body(end: bytes) -> None:
    data = end.join([b"Subject: Konu", b"From: a@example.test", b"", b"ilk", b"ikinci"])
    assert facts(data).subject == "Konu"
    assert message(data).text.split() == ["ilk", "ikinci"]


def test_mixed_line_ends_are_read() -> None:
    data = b"Subject: Konu\nFrom: a@example.test\r\n\nilk\r\nikinci\n"
    assert facts(data).from_addr == "a@example.test"
    assert message(data).text == "ilk\nikinci"


def test_headers_without_a_blank_line_before_the_body_leave_the_body_whole() -> None:
    data = b"From: a@example.test\r\nSubject: Konu\r\nMerhaba dosyam ne oldu\r\n\r\nTekrar merhaba"
    assert facts(data).subject == "Konu"
    assert message(data).text == "Merhaba dosyam ne oldu\n\nTekrar merhaba"


@pytest.mark.parametrize(
    ("header", "name", "address"),
    [
        (b"ali@example.test (Ali Veli)", "Ali Veli", "ali@example.test"),
        (b"<ali@example.test> (Ali Veli)", "Ali Veli", "ali@example.test"),
        (b'"Veli, Ali" <ali@example.test>', "Veli, Ali", "ali@example.test"),
        (b"Veli, Ali <ali@example.test>", "Veli, Ali", "ali@example.test"),
        (b"Ali Veli ali@example.test", "Ali Veli", "ali@example.test"),
        (b"Ali Veli <ali veli@example.test>", "Ali Veli", "aliveli@example.test"),
        (b"'Ali Veli' <ali@example.test>", "Ali Veli", "ali@example.test"),
        (b'"Ali \\"A\\" Veli" <ali@example.test>', 'Ali "A" Veli', "ali@example.test"),
        (b"a@example.test, Ali <b@example.test>", "", "a@example.test"),
        (b"Ekip: Ali <ali@example.test>, b@example.test;", "Ali", "ali@example.test"),
        (b"<mailto:ali@example.test>", "", "ali@example.test"),
        ("Çağrı <çağrı@örnek.test>".encode(), "Çağrı", "çağrı@örnek.test"),
        (b"Ali <>", "Ali", ""),
        (b"Ali <@a.test,@b.test:ali@example.test>", "Ali", "ali@example.test"),
        (b"Ali(A nice \\) chap) <ali(his account)@example.test>", "Ali", "ali@example.test"),
        (b'"ali veli"@example.test', "", '"ali veli"@example.test'),
        (b"", "", ""),
    ],
)
def test_names_and_addresses_are_told_apart(header: bytes, name: str, address: str) -> None:
    assert addresses.first(header) == (name, address)


def test_a_comma_inside_an_encoded_word_belongs_to_the_name() -> None:
    header = b"=?utf-8?Q?Y=C4=B1lmaz, Ay=C5=9Fe?= <ayse@example.test>"
    assert addresses.first(header) == ("Yılmaz, Ayşe", "ayse@example.test")


def test_an_encoded_word_cut_inside_a_letter_is_joined_before_it_is_decoded() -> None:
    assert words.decode(b"=?utf-8?Q?=C5?= =?utf-8?Q?=9Eikayet?=") == "Şikayet"
    first = base64.b64encode("Müşteri ş".encode()[:-1])
    second = base64.b64encode("ş".encode()[1:] + "ikâyeti".encode())
    assert (
        words.decode(b"=?UTF-8?B?%b?=\r\n =?utf-8?b?%b?=" % (first, second)) == "Müşteri şikâyeti"
    )


def test_words_joined_without_a_blank_and_words_beside_plain_text_are_read() -> None:
    assert words.decode(b"=?utf-8?Q?Ha?==?utf-8?Q?sar?= dosyam") == "Hasar dosyam"
    assert words.decode(b"Re: =?iso-8859-9?Q?=DEikayet?= hk.") == "Re: Şikayet hk."


def test_raw_bytes_inside_an_encoded_word_are_kept() -> None:
    assert words.decode("=?utf-8?Q?Şikayet hakkında?=".encode()) == "Şikayet hakkında"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("cp1254", "Şikâyetim ve ığdır"),
        ("utf-8", "Şikâyetim ve ığdır"),
        ("koi8-r", "Узнай как зарабатывать"),
        ("cp1251", "Предложение о работе"),
        ("gb2312", "关于保险的投诉"),
        ("cp1252", "Réclamation à propos"),
    ],
)
def test_raw_headers_without_charset_take_the_charset_of_the_body(charset: str, text: str) -> None:
    data = b"Subject: " + text.encode(charset) + b"\r\nFrom: a@example.test\r\n"
    data += f"Content-Type: text/plain; charset={charset}\r\n\r\nx".encode()
    assert facts(data).subject == text


def test_raw_turkish_headers_need_no_charset_at_all() -> None:
    data = "Subject: Şikâyetim hakkında\r\nFrom: Işıl Çağlı <a@example.test>\r\n\r\nx".encode(
        "cp1254"
    )
    assert (facts(data).subject, facts(data).from_name) == ("Şikâyetim hakkında", "Işıl Çağlı")


def test_from_may_stand_twice_be_empty_or_missing() -> None:
    twice = b"From:\r\nFrom: Ali <ali@example.test>\r\nSubject: x\r\n\r\nx"
    assert facts(twice).from_addr == "ali@example.test"
    empty = b"From: <>\r\nReply-To: ali@example.test\r\nSubject: x\r\n\r\nx"
    assert (facts(empty).from_addr, message(empty).sender.email) == (None, "ali@example.test")
    missing = b"Subject: x\r\nTo: b@example.test\r\n\r\nx"
    assert (facts(missing).from_addr, message(missing).sender.email) == (None, None)


def test_missing_subject_and_message_id_are_null() -> None:
    data = b"From: a@example.test\r\n\r\nx"
    assert (facts(data).subject, facts(data).message_id) == (None, None)


def test_a_message_id_may_be_folded_twice_or_without_brackets() -> None:
    folded = b"Message-ID:\r\n <abc@example.test>\r\nFrom: a@example.test\r\n\r\nx"
    assert facts(folded).message_id == "abc@example.test"
    twice = (
        b"Message-ID: <1@example.test>\r\nMessage-ID: <2@example.test>\r\nFrom: a@b.test\r\n\r\nx"
    )
    assert facts(twice).message_id == "1@example.test"
    bare = b"Message-ID: abc@example.test\r\nFrom: a@example.test\r\n\r\nx"
    assert facts(bare).message_id == "abc@example.test"


@pytest.mark.parametrize(
    ("text", "hour_utc"),
    [
        ("Thu, 05 Mar 2026 10:15:00 +0300", 7),
        ("Thu, 05 Mar 2026 10:15:00 (Turkey Time) +0300", 7),
        ("Thu, 05 Mar 2026 10:15:00 +0300 (TRT)", 7),
        ("Thu, 05 Mar 2026 06:15:22 PM EDT", 22),
        ("Thu, 05 Mar 26 10:15:00 GMT", 10),
        ("5 Mar 2026 10:15 +0300", 7),
        ("2026-03-05T10:15:00+03:00", 7),
        ("2026-03-05 10:15:00", 10),
        ("Thu, 05 Mar 2026 10:15:00 UTC+3", 7),
    ],
)
def test_dates_are_read_in_many_forms(text: str, hour_utc: int) -> None:
    parsed = dates.parse(text)
    assert parsed is not None
    assert parsed.astimezone(UTC).strftime("%Y-%m-%d %H") == f"2026-03-05 {hour_utc:02d}"


@pytest.mark.parametrize(
    "text", ["", "dün", "Malformed Date.", "32 Foo 99999", "Thu, 99 Mar 2026 99:99:99 +9999"]
)
def test_nonsense_is_no_date(text: str) -> None:
    assert dates.parse(text) is None


def test_an_encoded_date_is_read_and_the_arrival_goes_before_it() -> None:
    data = b"Date: =?us-ascii?Q?Thu,_05_Mar_2026_10:15:00_+0300?=\r\nFrom: a@example.test\r\n\r\nx"
    assert facts(data).date == ARRIVED
    assert message(data).received_at == ARRIVED
    late = b"Date: Fri, 06 Mar 2026 10:15:00 +0300\r\nFrom: a@example.test\r\n\r\nx"
    assert facts(late).date == ARRIVED + timedelta(days=1)
    assert message(late).received_at == ARRIVED


def test_references_with_prose_commas_and_tabs_give_the_ids_alone() -> None:
    data = mail(
        "x",
        "In-Reply-To: Ali Veli's message of Thursday <1@example.test>",
        "References: <1@example.test>,\r\n\t<2@example.test> (bkz.) <2@example.test> cop",
    )
    assert facts(data).in_reply_to == "1@example.test"
    assert facts(data).references == ("1@example.test", "2@example.test")


def test_an_empty_reply_to_changes_nothing() -> None:
    assert facts(mail("x", 'Reply-To: <"">')).from_addr == "ali.veli@example.test"


def test_one_hundred_kilobytes_of_encoded_words_are_read() -> None:
    subject = b"\r\n ".join([b"=?utf-8?Q?=C5=9Fikayet?="] * 4000)
    data = b"Subject: " + subject + b"\r\nFrom: a@example.test\r\n\r\nmetin"
    assert facts(data).subject == "şikayet" * 4000
    assert message(data).text == "metin"


def test_control_characters_do_not_reach_subject_or_name() -> None:
    data = b"Subject: a\x00b\x07c\r\nFrom: =?utf-8?Q?A=00=0Dli?= <a@example.test>\r\n\r\nx"
    assert facts(data).subject == "abc"
    assert facts(data).from_name == "A li"


def test_the_sender_of_the_message_is_the_from_mailbox() -> None:
    sender = message(mail("x", "Sender: x@example.test")).sender
    assert (sender.name, sender.email) == ("Ali Veli", "ali.veli@example.test")


def test_parsing_the_date_of_the_epoch_keeps_its_zone() -> None:
    parsed = dates.parse("Thu, 01 Jan 1970 03:00:00 +0300")
    assert parsed == datetime(1970, 1, 1, tzinfo=UTC)
    assert parsed is not None
    assert parsed.utcoffset() == timedelta(hours=3)
