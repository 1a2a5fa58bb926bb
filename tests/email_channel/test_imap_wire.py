"""Reading what imaplib makes of FETCH responses."""

from datetime import timedelta

from ingest.channels.email.wire import BODIES, DATES, SIZES, Part, parse_fetch


def test_items_may_come_in_any_order_around_the_literal() -> None:
    answer: list[Part] = [
        (b'3 (UID 7 INTERNALDATE " 1-Jan-2026 09:00:00 +0300" BODY[] {5}', b"one\r\n"),
        b")",
        (b"4 (BODY[] {5}", b"two\r\n"),
        b' FLAGS (\\Seen) INTERNALDATE "02-Feb-2026 09:00:00 +0000" UID 8)',
    ]
    first, second = parse_fetch(answer, BODIES)
    assert (first.uid, first.body) == (7, b"one\r\n")
    assert (second.uid, second.body) == (8, b"two\r\n")
    assert first.received_at is not None
    assert first.received_at.isoformat() == "2026-01-01T09:00:00+03:00"
    assert first.received_at.utcoffset() == timedelta(hours=3)


def test_nil_empty_and_quoted_bodies_are_told_apart() -> None:
    answer: list[Part] = [
        b"1 (UID 1 BODY[] NIL)",
        b'2 (UID 2 BODY[] "")',
        rb'3 (BODY[] "say \"UID 9\" \\" UID 3)',
        (b"4 (UID 4 BODY[] {0}", b""),
        b")",
    ]
    bodies = {mail.uid: mail.body for mail in parse_fetch(answer, BODIES)}
    assert bodies == {1: None, 2: b"", 3: rb'say "UID 9" ' + b"\\", 4: b""}


def test_what_nobody_asked_for_is_passed_over() -> None:
    answer: list[Part] = [
        b"5 (UID 5 FLAGS (\\Seen))",
        b"6 (FLAGS ())",
        None,
        b"7 (UID 7 RFC822.SIZE 12)",
    ]
    assert [(mail.uid, mail.size) for mail in parse_fetch(answer, SIZES)] == [(7, 12)]
    assert list(parse_fetch(answer, BODIES)) == []
    assert list(parse_fetch([None], BODIES)) == []


def test_a_response_without_uid_is_passed_over() -> None:
    assert list(parse_fetch([(b"4 (BODY[] {5}", b"UID 9"), b")"], BODIES)) == []


def test_dates_are_aware_or_absent() -> None:
    for text, expected in (
        (b"01-Jan-2026 09:00:00 -0000", "2026-01-01T09:00:00+00:00"),
        (b"99-Foo-2026 09:00:00 +0300", None),
        (b"31-Feb-2026 09:00:00 +0300", None),
    ):
        (mail,) = parse_fetch([b'1 (UID 1 INTERNALDATE "' + text + b'")'], DATES)
        assert (mail.received_at and mail.received_at.isoformat()) == expected
