import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.condition import BadCondition, Facts, asks, parse
from config import shipped
from normalizers.text.turkish import fold

LETTER = Facts(
    type="complaint",
    channel="info",
    kind="email",
    branch="trafik",
    topic="hasar/deger-kaybi",
    priority=2,
    sender="sube@sbm.example.test",
    found=frozenset({"plate", "phone"}),
    text=fold("Aracımın DEĞER  KAYBINI istiyorum; ödemem yapılmadı. Işıklar söndü."),
)


@pytest.mark.parametrize(
    "condition",
    [
        'text: "değer kaybı"',
        "text: ODEME",
        "text: IŞIK",
        "text: olmayan, ödeme",
        "metin: ödeme",
        "type: complaint, objection",
        "tür: complaint",
        "channel: email",
        "kanal: info",
        "topic: hasar",
        "konu: hasar/deger-kaybi",
        "branş: trafik ve öncelik: 2",
        "sender: sbm.example.test",
        "found: plate, claim",
        "not found: claim",
        "değil (text: iptal veya text: yenileme)",
        "always",
        "type: thanks or type: complaint and text: ödeme",
        "(type: thanks or type: complaint) and not text: iptal",
    ],
)
def test_it_holds(condition: str):
    assert parse(condition).holds(LETTER)


@pytest.mark.parametrize(
    "condition",
    [
        'text: "kaybı değer"',
        "text: kazan",
        "text: deme",
        "topic: has",
        "branch: kasko",
        "type: complaint and text: iptal",
        "not always",
        "priority: 3",
        "sender: example.com",
    ],
)
def test_it_does_not_hold(condition: str):
    assert not parse(condition).holds(LETTER)


@pytest.mark.parametrize(
    ("condition", "position"),
    [
        ("", 0),
        ('text "a"', 0),
        ('text: "a', 6),
        ("(text: a", 8),
        ("colour: red", 0),
        ("text: a b", 8),
        ("type: , b", 6),
        ('text: "!"', 6),
        ("text: a and", 11),
        ("__import__", 0),
    ],
)
def test_what_cannot_be_read_is_named(condition: str, position: int):
    with pytest.raises(BadCondition) as caught:
        parse(condition)
    assert caught.value.position == position


def test_brackets_without_end_are_refused():
    with pytest.raises(BadCondition):
        parse("(" * 500 + "always" + ")" * 500)
    with pytest.raises(BadCondition):
        parse("not " * 500 + "always")


def test_it_says_why():
    condition = parse('text: iptal, "değer kaybı" and (channel: fax or found: plate)')
    assert condition.why(LETTER) == ["değer kaybı", "plate"]
    assert parse("not text: iptal").why(LETTER) == []


def test_it_says_what_it_looks_at():
    condition = parse("type: thanks or not (text: a and branch: kasko)")
    assert [one.field for one in asks(condition)] == ["type", "text", "branch"]


words = st.sampled_from(["always", "not", "and", "or", "(", ")", "text", ":", ",", '"a b"', "x"])


@given(st.lists(words, max_size=12).map(" ".join))
def test_what_is_written_again_means_the_same(text: str):
    try:
        condition = parse(text)
    except BadCondition:
        return
    again = parse(condition.written())
    assert again.written() == condition.written()
    assert again.holds(LETTER) == condition.holds(LETTER)


def test_everything_that_is_delivered_can_be_read():
    rules = shipped.load("rules")
    for one in (*rules["suggest"], *rules["route"], *shipped.load("deadlines")["rule"]):
        parse(one["condition"])


def test_what_is_delivered_names_what_exists():
    taxonomy = shipped.load("taxonomy")
    departments = {one["code"] for one in shipped.load("departments")["department"]}
    codes = {kind: {one["code"] for one in taxonomy[kind]} for kind in taxonomy}
    rules = shipped.load("rules")
    for rule in (*rules["suggest"], *rules["route"]):
        for kind, value in rule["gives"].items():
            assert value in codes.get(kind, {value})
            assert kind != "department" or value in departments
    for topic in taxonomy["topic"]:
        assert topic.get("parent", topic["code"]) in codes["topic"]
