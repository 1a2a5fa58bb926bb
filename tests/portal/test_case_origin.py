"""Province and intermediary in the form of an assessment, and in the history beside it."""

import re

import pytest
from peers.answering import data_of
from peers.world import mail
from sqlalchemy import select

from storage import events
from storage import tables as t
from storage.events import Event

FORM = {"type": "complaint", "branch": "trafik", "topic": "hasar/deger-kaybi"}


@pytest.fixture
def page(world, signed_in):
    [one] = world.receive(mail("Ödeme yapılmadı, mağdur oldum.", key="1"))
    client, path = signed_in("supervisor"), f"/staff/applications/{one['number']}"

    def sent(**fields: str):
        return client.post(f"{path}/acts/assess", data=FORM | fields)

    sent.shown = lambda: client.get(path).text
    return sent


def look_up(world, **found: str) -> None:
    with world.database.write() as connection:
        events.append(connection, [Event(1, "looked_up", "system", found)], world.moment)


def counted(world) -> tuple[str | None, str | None]:
    with world.database.read() as connection:
        return tuple(connection.execute(select(t.case_fact.c.province, t.case_fact.c.agent)).one())


def field(html: str, name: str) -> str:
    return re.search(rf'name="{name}_was" value="([^"]*)"', html)[1]


def test_the_form_is_filled_in_with_what_a_system_knows(page, world):
    assert (field(page.shown(), "province"), field(page.shown(), "agent")) == ("", "")
    look_up(world, province="34", agent="A017")
    html = page.shown()
    assert '<option value="34" selected>İstanbul</option>' in html
    assert re.search(r'name="agent" value="A017"', html)
    assert '<option value="A017"></option>' in html
    assert "İl: İstanbul" in html


def test_a_choice_is_shown_in_words_and_emptied_again(page, world):
    assert page(province="06", agent=" A018 ").status_code == 303
    assert counted(world) == ("06", "A018")
    assert "İl: Ankara" in page.shown()
    assert "Aracı (acente): A018" in page.shown()
    emptied = {"province": "", "province_was": "06", "agent": "", "agent_was": "A018"}
    assert page(**emptied).status_code == 303
    assert counted(world) == (None, None)
    assert "İl: Belirtilmemiş" in page.shown()


def test_who_saw_nothing_takes_back_nothing(page, world):
    look_up(world, province="34", agent="A017")
    page(province="", province_was="", agent="", agent_was="")
    assert counted(world) == ("34", "A017")
    assert "province" not in data_of(world, 1, "assessed")


def test_a_name_is_refused_and_stays_in_the_form(page, world):
    look_up(world, province="34", agent="A017")
    answer = page(province="", province_was="34", agent="Deneme Acente", agent_was="A017")
    assert answer.status_code == 422
    assert "Aracının kodunu yazın" in answer.text
    assert 'name="agent" value="Deneme Acente"' in answer.text
    assert field(answer.text, "province") == "34"
    assert '<option value="34" selected>' not in answer.text
    assert counted(world) == ("34", "A017")
