"""The duplicates desk, in process: who sees which pair, what is masked, what is recorded."""

import re

import pytest
from peers.answering import status
from peers.world import mail
from sqlalchemy import select, update

from cases.differences import differences
from storage import routing
from storage import tables as t

DESK = "/staff/duplicates"
TEXT = (
    "Aracımın hasar dosyası üç haftadır sonuçlanmadı. Eksper raporu tamamlandığı halde ödeme "
    "yapılmadı. Gereğinin yapılmasını rica ederim. Plaka {plate}. Cep: 0555 000 12 34"
)


@pytest.fixture
def pair(world) -> str:
    for key, plate in (("1", "34 ABC 123"), ("2", "06 DEF 456")):
        world.receive(mail(TEXT.format(plate=plate), key=key))
        world.later(minutes=10)
    with world.database.write() as connection:
        connection.execute(update(t.application).values(department=None))
        return f"{DESK}/{connection.execute(select(t.suggestion.c.id)).scalar_one()}"


def _looks(world, what) -> list[int]:
    with world.database.read() as connection:
        rows = select(t.view_log.c.application_id).where(t.view_log.c.what == what)
        return list(connection.execute(rows).scalars())


def test_both_are_shown_masked_with_why_and_the_difference_marked(world, signed_in, pair) -> None:
    page = signed_in("handler").get(DESK).text
    assert "0555 000 12 34" not in page
    assert "0555 *** ** 34" in page
    assert "plaka farklı" in page
    assert re.findall(r"<mark>(.*?)</mark>", page) == ["34", "123.", "06", "456."]
    assert sorted(_looks(world, "viewed")) == [1, 2]


def test_one_reason_opens_both_and_stands_in_the_record(world, signed_in, pair) -> None:
    client = signed_in("handler")
    no_reason = client.post(f"{pair}/reveal", data={"reason": " "})
    assert "Neden açtığınızı yazın." in client.get(no_reason.headers["location"]).text
    client.post(f"{pair}/reveal", data={"reason": "Başvuruyu inceliyorum"})
    assert "0555 000 12 34" in client.get(DESK).text
    assert sorted(_looks(world, "revealed")) == [1, 2]
    world.later(minutes=31)
    assert "0555 000 12 34" not in signed_in("handler").get(DESK).text


@pytest.mark.parametrize(("decision", "stands"), [("join", "duplicate"), ("apart", "recorded")])
def test_decided_and_undone_on_the_next_page(world, signed_in, pair, decision, stands) -> None:
    client = signed_in("handler")
    done = client.post(f"{pair}/{decision}")
    page = client.get(done.headers["location"]).text
    assert status(world, 2) == stands
    assert f'action="{pair}/undo"' in page
    assert "Bekleyen çift yok" in page
    assert f'action="{pair}/undo"' in client.get(f"{DESK}/decided").text
    undone = client.post(f"{pair}/undo")
    assert f'action="{pair}/join"' in client.get(undone.headers["location"]).text
    assert status(world, 2) == "recorded"


def test_of_two_who_decide_at_once_the_second_is_told(signed_in, pair) -> None:
    signed_in("handler").post(f"{pair}/apart")
    second = signed_in("supervisor").post(f"{pair}/join")
    page = signed_in("supervisor").get(second.headers["location"]).text
    assert "az önce karar verildi" in page
    assert "Deneme handler" in page


def test_the_next_pair_follows_and_one_left_for_later_comes_again(world, signed_in, pair) -> None:
    world.receive(mail(TEXT.format(plate="35 GHI 789"), key="3"))
    with world.database.write() as connection:
        connection.execute(update(t.application).values(department=None))
    client = signed_in("handler")
    shown = re.search(rf"{DESK}/(\d+)/join", client.get(DESK).text)
    assert shown
    next_page = client.get(f"{DESK}?after={shown[1]}").text
    following = re.search(rf"{DESK}/(\d+)/join", next_page)
    assert following
    assert following[1] != shown[1]
    assert "Sırada" in next_page


def test_other_departments_and_who_is_complained_about_see_no_pair(world, signed_in, pair) -> None:
    supervisor = signed_in("supervisor")
    with world.database.write() as connection:
        connection.execute(
            update(t.application).where(t.application.c.id == 1).values(department="hukuk")
        )
        routing.add_conflict(connection, 2, "supervisor", "Deneme", by="staff:x", now=world.moment)
    for client in (supervisor, signed_in("handler", login="t", department="tahsilat")):
        assert "Bekleyen çift yok" in client.get(DESK).text
        assert client.get(pair).status_code == 403
        assert client.post(f"{pair}/join").status_code == 403
    assert _looks(world, "viewed") == []
    lawyer = signed_in("handler", login="h", department="hukuk")
    assert f'action="{pair}/join"' in lawyer.get(DESK).text


def test_words_differ_whatever_their_case_and_punctuation() -> None:
    mine, theirs = differences("Ödeme YAPILMADI, bekliyorum.", "odeme yapılmadı hâlâ bekliyorum")
    assert [one.text for one in mine if one.differs] == []
    assert [one.text for one in theirs if one.differs] == ["hâlâ"]
    assert "".join(one.text for one in theirs) == "odeme yapılmadı hâlâ bekliyorum"


@pytest.mark.timeout(10)
def test_long_texts_are_compared_as_far_as_their_bound() -> None:
    mine, theirs = differences("a b " * 20_000, "b c " * 20_000)
    assert "".join(one.text for one in mine) == "a b " * 20_000
    assert any(one.differs for one in theirs)
