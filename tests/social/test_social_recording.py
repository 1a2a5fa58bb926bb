"""One post is one application, however often, on whatever way and in whatever order it is seen."""

import threading
from datetime import timedelta
from typing import Any

from peers.world import World
from social_items import AYSE, item

from storage import filings

POST = "Hasar dosyam üç haftadır bekliyor, kimse aramıyor. Yardım eder misiniz?"
EDITED = "Hasar dosyam üç haftadır bekliyor, eksper raporu da kayıp. Yardım eder misiniz?"
OTHER = "Benim poliçem de yenilenmedi, çağrı merkezinden dönüş alamadım, ne yapmalıyım?"
FIRST, SECOND, THIRD = "1900000000000000001", "1900000000000000002", "1900000000000000003"


def events(world: World, kind: str) -> list[dict[str, Any]]:
    import json

    with world.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT kind, data FROM event ORDER BY id").all()
    loaded = [
        (row.kind, row.data if isinstance(row.data, dict) else json.loads(row.data)) for row in rows
    ]
    return [data for name, data in loaded if name == kind]


def fates(world: World) -> dict[str, int]:
    days = world.ledger()
    assert all(day["balances"] for day in days)
    names = ("recorded", "attached", "ours", "marks", "quarantined")
    return {name: sum(day[name] for day in days) for name in names if any(d[name] for d in days)}


def text_that_counts(world: World) -> str:
    with world.database.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT m.match_text FROM social_item i JOIN message m ON m.id = i.counts_id"
        ).one()
    return str(row.match_text)


def test_poll_search_webhook_and_two_accounts_bring_one_application(world: World):
    world.receive(item(POST), account="brand")
    world.receive(item(POST), item(POST, facts={"mention": "1"}), account="second")
    [one] = world.receive(item(POST), account="brand")
    assert one["message_count"] == 1
    assert fates(world) == {"recorded": 1, "attached": 1}


def test_two_accounts_in_one_batch_bring_one_application(world: World):
    world.land(item(POST), account="brand")
    world.land(item(POST), account="second")
    world.drain()
    assert len(world.applications()) == 1


def test_an_edit_is_a_version_and_its_text_counts(world: World):
    world.receive(item(POST), account="brand")
    [one] = world.receive(item(EDITED, external=SECOND, first=FIRST), account="brand")
    assert one["message_count"] == 1
    [changed] = events(world, "message_changed")
    assert (changed["what"], changed["counts"]) == ("edited", changed["message"])
    assert "eksper" in text_that_counts(world)
    assert world.quarantine() == {}


def test_versions_that_land_out_of_order_count_by_what_is_newest(world: World):
    world.receive(item(EDITED, external=THIRD, first=FIRST), account="brand")
    world.receive(item(POST, external=FIRST), account="brand")
    [one] = world.receive(item("Düzeltme", external=SECOND, first=FIRST), account="brand")
    assert one["message_count"] == 1
    assert [c["what"] for c in events(world, "message_changed")] == ["edited", "edited"]
    assert "eksper" in text_that_counts(world)


def test_versions_of_one_id_count_by_the_time_of_the_edit(world: World):
    late, early = world.moment - timedelta(hours=1), world.moment - timedelta(hours=2)

    def version(text: str, mark: str, at: object) -> Any:
        facts = {"edited_at": at.isoformat()} if at else {}
        return item(text, network="facebook", external="1_2", version=mark, facts=facts)

    world.receive(version(POST, "a", None), account="page")
    world.receive(version(EDITED, "c", late), account="page")
    world.receive(version("Düzeltme", "b", early), account="page")
    assert "eksper" in text_that_counts(world)


def test_a_deletion_is_a_mark_and_removes_nothing(world: World):
    world.receive(item(POST), account="brand")
    [one] = world.receive(item("", deleted=True), account="brand")
    assert (one["status"], one["message_count"]) == ("recorded", 1)
    assert [c["what"] for c in events(world, "message_changed")] == ["deleted"]
    assert "hasar" in text_that_counts(world)
    world.receive(item("", deleted=True), account="second")
    assert len(events(world, "message_changed")) == 1


def test_a_deletion_before_the_post_waits_for_it(world: World):
    assert world.receive(item("", deleted=True), account="brand") == []
    assert fates(world) == {"marks": 1}
    [one] = world.receive(item(POST), account="brand")
    assert one["message_count"] == 1
    assert [c["what"] for c in events(world, "message_changed")] == ["deleted"]


def test_what_we_wrote_is_ours_and_no_poison(world: World):
    own = {"own": "1"}
    assert world.receive(item("Kampanyamız başladı", facts=own), account="brand") == []
    assert fates(world) == {"ours": 1}
    assert world.quarantine() == {}
    world.receive(item("Kampanyamız başladı", facts=own), account="second")
    assert fates(world) == {"ours": 2}


def test_our_answer_stands_in_the_application_that_it_answers(world: World):
    world.receive(item(POST), account="brand")
    answer = item("Size ulaşacağız", external=SECOND, reply_to=FIRST, facts={"own": "1"})
    [one] = world.receive(answer, account="brand")
    assert one["message_count"] == 1
    assert fates(world) == {"recorded": 1, "ours": 1}
    [one] = world.receive(item("Teşekkürler", external=THIRD, reply_to=SECOND), account="brand")
    assert one["message_count"] == 2


def test_our_echo_in_a_direct_conversation_stands_in_its_application(world: World):
    world.receive(item(POST, kind="dm", thread="42-99"), account="brand")
    echo = item("Merhaba", kind="dm", external=SECOND, thread="42-99", facts={"own": "1"})
    assert len(world.receive(echo, account="brand")) == 1
    assert fates(world) == {"recorded": 1, "ours": 1}


def test_the_same_person_goes_on_in_the_thread(world: World):
    world.receive(item(POST, thread=FIRST), account="brand")
    world.receive(item(OTHER, external=SECOND, thread=FIRST), account="brand")
    [one] = world.receive(item("Hâlâ bekliyorum", external=THIRD, reply_to=FIRST), account="brand")
    assert one["message_count"] == 3


def test_somebody_else_in_the_thread_has_an_application_of_his_own_and_is_suggested(world: World):
    world.receive(item(POST), account="brand")
    reply = item(OTHER, external=SECOND, thread=FIRST, reply_to=FIRST, author=AYSE)
    assert len(world.receive(reply, account="brand")) == 2
    with world.database.read() as connection:
        [pair] = filings.pairs(connection)
    assert [reason["code"] for reason in pair["reasons"]] == ["answers_other"]


def test_a_renamed_account_is_the_same_person(world: World):
    world.receive(item(POST, thread="42-99", kind="dm", facts={"handle": "eski"}), account="brand")
    more = item(OTHER, external=SECOND, thread="42-99", kind="dm", facts={"handle": "yeni"})
    assert len(world.receive(more, account="brand")) == 1


def test_a_thread_goes_on_in_a_new_application_when_the_old_one_is_closed(world: World):
    world.receive(item(POST, kind="dm", thread="42-99"), account="brand")
    with world.database.write() as connection:
        connection.exec_driver_sql("UPDATE application SET status = 'closed'")
    more = item(OTHER, kind="dm", external=SECOND, thread="42-99")
    assert len(world.receive(more, account="brand")) == 2


def test_versions_that_are_recorded_at_the_same_time_are_one_application(world: World):
    for account in ("brand", "second", "third"):
        for external, text in ((FIRST, POST), (SECOND, EDITED), (THIRD, OTHER)):
            world.land(item(text, external=external, first=FIRST), account=account)
    world.stages["mail"].run(None)
    with world.database.read() as connection:
        raws = [row[0] for row in connection.exec_driver_sql("SELECT raw_id FROM work")]
    threads = [threading.Thread(target=world.stages["record"].run, args=([raw],)) for raw in raws]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.drain()
    [one] = world.applications()
    assert one["message_count"] == 1
    assert "policem" in text_that_counts(world)
    assert fates(world) == {"recorded": 1, "attached": 8}
