"""Texts: shipped ones can be sent, a supervisor's are checked, versions stay."""

from dataclasses import replace

import pytest

from cases.answers import texts
from cases.answers.shipped import positions, remedies, shipped_texts
from cases.answers.texts import TextRefused

SMS = shipped_texts()["answer", "sms", "tr"]
DECISION = shipped_texts()["decision", "written", "tr"]


def test_every_shipped_text_passes_the_lint_and_has_both_languages():
    assert [t.code for t in shipped_texts().values() if texts.lint(t)] == []
    pairs = {key[:2] for key in shipped_texts()}
    assert set(shipped_texts()) == {(*pair, lang) for pair in pairs for lang in ("tr", "en")}
    assert all({"tr", "en"} == set(one) for one in (*positions().values(), *remedies().values()))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (replace(SMS, body="{number} {name} {company}"), "placeholder"),
        (replace(SMS, body="{number} www.example.com {company}"), "address"),
        (replace(SMS, body="{reasons} {company}"), "missing"),
        (replace(DECISION, body=DECISION.body.replace("{remedies}", "")), "missing"),
        (replace(DECISION, body=DECISION.body + "{number.__class__}"), "placeholder"),
        (replace(DECISION, body=DECISION.body + "{number!r}"), "placeholder"),
        (replace(DECISION, body=DECISION.body + "{"), "placeholder"),
        (replace(DECISION, subject=" "), "missing"),
        (replace(DECISION, medium="pigeon"), "medium"),
    ],
)
def test_a_text_that_could_not_be_sent_is_not_saved(world, text, rule):
    with world.database.write() as connection, pytest.raises(TextRefused) as refused:
        texts.save(connection, text, by="staff:deniz", now=world.moment)
    assert rule in {one.rule for one in refused.value.findings}


def test_a_supervisors_version_holds_until_the_shipped_one_is_restored(world):
    ours = replace(DECISION, body=DECISION.body + "\nSelamlar {company}")
    with world.database.write() as connection:
        saved = texts.save(connection, ours, by="staff:deniz", now=world.moment)
        assert saved.version == 1
        assert texts.save(connection, ours, by="staff:deniz", now=world.moment).version == 2
        assert texts.pick(connection, "decision", "letter", "tr").version == 2
        texts.restore(connection, ours, by="staff:deniz", now=world.moment)
        assert texts.pick(connection, "decision", "letter", "tr") == DECISION


def test_a_language_without_a_text_is_answered_in_turkish(world):
    with world.database.read() as connection:
        assert texts.pick(connection, "decision", "email", "de") == DECISION
        assert texts.pick(connection, "nothing", "email", "tr") is None
