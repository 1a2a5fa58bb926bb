from datetime import UTC, datetime, time, timedelta

from cases.acknowledgement import Contact, Rules, plan, quiet_end

OPEN = Rules(time(0), time(0), per_hour=2, per_day=3)
NIGHT = Rules(time(21), time(9), per_hour=20, per_day=20)
NOON = datetime(2026, 3, 10, 9, tzinfo=UTC)  # 12:00 in Istanbul
PHONE, EMAIL = "+905550001234", "deneme@example.test"


def decide(contact=Contact(PHONE, EMAIL), rules=OPEN, recent=(), ours=False, now=NOON):  # noqa: B008
    return plan(contact, rules, recent=recent, from_ourselves=ours, now=now)


def test_a_mobile_number_gets_an_sms_at_once():
    found = decide()
    assert (found.medium, found.state, found.recipient, found.due_at) == (
        "sms",
        "pending",
        PHONE,
        None,
    )


def test_without_a_mobile_number_it_goes_by_mail():
    assert decide(Contact(None, EMAIL)).medium == "email"


def test_without_any_way_the_duty_stays_open():
    found = decide(Contact())
    assert (found.medium, found.state) == ("none", "no_phone")


def test_we_never_acknowledge_ourselves():
    assert decide(ours=True).state == "suppressed"


def test_one_person_gets_no_more_than_the_budget():
    minutes = [NOON - timedelta(minutes=m) for m in (5, 10)]
    assert decide(recent=minutes).state == "suppressed"
    assert decide(recent=[NOON - timedelta(hours=h) for h in (2, 3)]).state == "pending"
    assert decide(recent=[NOON - timedelta(hours=h) for h in (2, 3, 4)]).state == "suppressed"


def test_quiet_hours_hold_an_sms_until_morning():
    late = datetime(2026, 3, 10, 20, tzinfo=UTC)  # 23:00 in Istanbul
    assert quiet_end(late, NIGHT) == datetime(2026, 3, 11, 6, tzinfo=UTC)
    early = datetime(2026, 3, 10, 3, tzinfo=UTC)  # 06:00
    assert quiet_end(early, NIGHT) == datetime(2026, 3, 10, 6, tzinfo=UTC)
    assert quiet_end(NOON, NIGHT) is None
    assert decide(rules=NIGHT, now=late).due_at == datetime(2026, 3, 11, 6, tzinfo=UTC)


def test_a_mail_is_not_held_by_quiet_hours():
    late = datetime(2026, 3, 10, 20, tzinfo=UTC)
    assert decide(Contact(None, EMAIL), NIGHT, now=late).due_at is None
