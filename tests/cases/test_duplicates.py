from datetime import UTC, datetime, timedelta

import pytest

from cases.duplicates import decide, decide_all
from cases.matters import Filed, Incoming, Known, Policy

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
POLICY = Policy(timedelta(days=30), attach=90, suggest=75)
TEXT = (
    "aracimin hasar dosyasi uc haftadir sonuclanmadi eksper raporu tamamlandigi halde odeme "
    "yapilmadi gereginin yapilmasini rica ederim"
)
OTHER = (
    "police yenileme teklifinde hasarsizlik indirimi uygulanmamis primin duzeltilmesini ve fazla "
    "alinan tutarin iadesini talep ediyorum"
)


def message(number: int, text: str = TEXT, **values) -> Incoming:
    defaults = {
        "id": number,
        "sha256": f"{number:064x}",
        "channel": "mail",
        "kind": "email",
        "received_at": AT,
        "keys": {1: "email"},
        "text": text,
    }
    given = defaults | values
    return Incoming(**({"own": frozenset(given["keys"])} | given))


def known(*filed: Filed) -> Known:
    out = Known()
    for one in filed:
        out.add(one)
    return out


def test_a_new_matter_opens_an_application():
    verdict = decide(message(1), Known(), POLICY)
    assert (verdict.how, verdict.suggestions) == ("opened", ())


def test_the_same_bytes_are_a_repeat():
    earlier = message(1)
    verdict = decide(message(2, sha256=earlier.sha256), known(Filed(earlier, 7)), POLICY)
    assert (verdict.how, verdict.application) == ("repeat", 7)


def test_the_same_bytes_of_another_kind_are_not_a_repeat():
    earlier = message(1, kind="text", keys={})
    verdict = decide(message(2, sha256=earlier.sha256), known(Filed(earlier, 7)), POLICY)
    assert verdict.how == "opened"


def test_a_copy_through_another_mailbox_is_a_repeat():
    earlier = message(1, message_id="a@example.test")
    copy = message(2, message_id="a@example.test", text=TEXT + " liste altbilgisi")
    assert decide(copy, known(Filed(earlier, 7)), POLICY).how == "repeat"


def test_a_mailer_that_reuses_its_message_id_loses_no_mail():
    earlier = message(1, message_id="a@example.test")
    new = message(2, message_id="a@example.test", text=OTHER)
    assert decide(new, known(Filed(earlier, 7)), POLICY).how == "opened"


def test_a_strangers_copy_of_a_message_id_is_not_a_repeat():
    earlier = message(1, message_id="a@example.test")
    new = message(2, message_id="a@example.test", keys={2: "email"})
    assert decide(new, known(Filed(earlier, 7)), POLICY).how == "opened"


def test_an_answer_to_the_senders_own_mail_joins_it():
    earlier = message(1, message_id="a@example.test")
    answer = message(2, text=OTHER, refers_to=("a@example.test",))
    verdict = decide(answer, known(Filed(earlier, 7)), POLICY)
    assert (verdict.how, verdict.application) == ("reply", 7)


def test_a_strangers_answer_does_not_join():
    earlier = message(1, message_id="a@example.test")
    answer = message(2, text=OTHER, refers_to=("a@example.test",), keys={2: "email"})
    assert decide(answer, known(Filed(earlier, 7)), POLICY).how == "opened"


def test_an_answer_to_a_mail_of_ours_joins_whoever_wrote_it():
    have = Known(sent={"bv1@sirket.example.test": 7})
    answer = message(2, refers_to=("bv1@sirket.example.test",), keys={2: "email"})
    assert decide(answer, have, POLICY).application == 7


@pytest.mark.parametrize(("keys", "how"), [({1: "email"}, "reply"), ({2: "email"}, "opened")])
def test_a_quoted_number_joins_only_a_person_of_that_application(keys, how):
    have = known(Filed(message(1), 7))
    have.by_number["2619943644"] = 7
    quoting = message(2, text=OTHER, numbers=("2619943644",), keys=keys)
    assert decide(quoting, have, POLICY).how == how


def test_much_the_same_text_of_the_same_person_is_attached_with_reasons():
    again = message(2, text="tekrar yaziyorum hala donus olmadi " + TEXT, channel="fax", kind="fax")
    verdict = decide(again, known(Filed(message(1), 7)), POLICY)
    assert (verdict.how, verdict.application) == ("near", 7)
    assert verdict.score >= 90
    assert [reason["code"] for reason in verdict.reasons] == ["same_email", "like_text"]


def test_the_same_text_of_another_person_is_another_matter():
    verdict = decide(message(2, keys={2: "email"}), known(Filed(message(1), 7)), POLICY)
    assert (verdict.how, verdict.suggestions) == ("opened", ())


def test_the_same_text_after_the_window_is_another_matter():
    late = message(2, received_at=AT + timedelta(days=31))
    assert decide(late, known(Filed(message(1), 7)), POLICY).how == "opened"


def test_a_short_text_that_a_longer_one_contains_is_only_suggested():
    short = message(2, text="aracimin hasar dosyasi uc haftadir sonuclanmadi")
    verdict = decide(short, known(Filed(message(1), 7)), POLICY)
    assert verdict.how == "opened"
    assert [s.application for s in verdict.suggestions] == [7]


def test_the_same_form_from_two_people_is_two_applications():
    earlier = message(1, keys={1: "phone"})
    twin = message(2, sha256=earlier.sha256, keys={2: "phone"})
    assert decide(twin, known(Filed(earlier, 7)), POLICY).how == "opened"


def test_the_same_bytes_long_after_are_another_matter():
    earlier = message(1)
    late = message(2, sha256=earlier.sha256, received_at=AT + timedelta(days=400))
    assert decide(late, known(Filed(earlier, 7)), POLICY).how == "opened"


def test_another_scan_under_the_same_message_id_is_not_hidden():
    earlier = message(1, text="", message_id="scan@example.test", files=frozenset({"a"}))
    second = message(2, text="", message_id="scan@example.test", files=frozenset({"b"}))
    assert decide(second, known(Filed(earlier, 7)), POLICY).how == "opened"


def test_two_claims_in_the_same_words_are_two_matters_and_shown_to_a_person():
    first = message(1, things=frozenset({"plate:34ABC123", "policy:1"}))
    second = message(2, text=TEXT + " ", things=frozenset({"plate:06XYZ77", "policy:1"}))
    verdict = decide(second, known(Filed(first, 7)), POLICY)
    assert verdict.how == "opened"
    assert {"code": "other_plate"} in verdict.suggestions[0].reasons


def test_two_strangers_who_name_the_same_third_person_are_not_one():
    third = {9: "phone", 8: "email"}
    first = message(1, keys={1: "email", **third}, own=frozenset({1}))
    second = message(2, keys={2: "email", **third}, own=frozenset({2}))
    verdict = decide(second, known(Filed(first, 7)), POLICY)
    assert verdict.how == "opened"
    assert [s.application for s in verdict.suggestions] == [7]


def test_a_letter_that_was_mailed_too_is_known_by_two_identifiers():
    by_mail = message(1, keys={1: "email", 9: "phone"}, own=frozenset({1}))
    letter = message(2, kind="post", keys={1: "email", 9: "phone"})
    assert decide(letter, known(Filed(by_mail, 7)), POLICY).how == "near"
    only_phone = message(3, kind="post", keys={9: "phone"})
    assert decide(only_phone, known(Filed(by_mail, 7)), POLICY).how == "opened"


def test_two_identity_numbers_are_two_people():
    first = message(1, keys={1: "phone", 5: "tckn"})
    second = message(2, keys={1: "phone", 6: "tckn"})
    assert decide(second, known(Filed(first, 7)), POLICY).how == "opened"


def test_short_texts_that_share_only_phrases_are_two_matters():
    first = message(1, text="sayin yetkili cam kirilmasi icin bilgi verilmesini rica ederim")
    second = message(2, text="sayin yetkili prim iadesi icin bilgi verilmesini rica ederim")
    assert decide(second, known(Filed(first, 7)), POLICY).how == "opened"


def test_a_few_words_say_too_little_to_be_compared():
    verdict = decide(message(2, text="tesekkurler"), known(Filed(message(1), 7)), POLICY)
    assert (verdict.how, verdict.suggestions) == ("opened", ())


def test_two_of_one_person_that_land_together_see_each_other():
    verdicts = decide_all([message(1), message(2, text=TEXT + " acil")], Known(), POLICY)
    (_, first), (_, second) = verdicts
    assert (first.how, second.how) == ("opened", "near")
    assert second.application is first.application


def test_machine_mail_opens_nothing_but_joins_what_it_answers():
    machine = message(2, is_machine=True, keys={2: "email"})
    assert decide(machine, Known(), POLICY).application is None
    answering = message(3, is_machine=True, keys={}, refers_to=("bv1@x.example.test",))
    verdict = decide(answering, Known(sent={"bv1@x.example.test": 7}), POLICY)
    assert (verdict.how, verdict.application) == ("machine", 7)
