"""Shorthand for tests about answers: an application that stands as wanted, and an answer to it."""

from dataclasses import replace
from typing import Any

from peers.world import World, mail
from sqlalchemy import select, update

from cases.answers import drafting
from cases.answers.content import Content, Signatory
from storage import tables as t

TEXT = (
    "Hasar dosyam üç haftadır sonuçlanmadı, mağdurum, ödeme yapılmasını istiyorum."
    " Cep: 0555 000 12 34"
)
REASONS = "Hasar ödemeniz onaylanmış ve hesabınıza gönderilmiştir, gecikme için özür dileriz."
HEAD = ("Deneme Kisi", "Örnek Sokak No: 1", "34000 Deneme / İstanbul")

ANSWER = Content("email", "tr", "accepted", "decision", REASONS, remedies=("internal",))


def an_application(world: World, type_: str = "complaint", text: str = TEXT, **more: Any) -> int:
    """Received by mail, acknowledged, and given a type; returns its id."""
    headers = more.pop("headers", None)
    world.receive(mail(text, key=more.pop("key", "1"), headers=headers, **more))
    with world.database.write() as connection:
        newest = connection.execute(
            select(t.application.c.id).order_by(t.application.c.id.desc()).limit(1)
        ).scalar_one()
        connection.execute(
            update(t.application).where(t.application.c.id == newest).values(type=type_)
        )
    return int(newest)


def answer(world: World, application_id: int, by: str = "staff:elif", **changes: Any) -> int:
    """Draft and submit an answer; what is to be sent is sent. Returns the answer's id."""
    content = replace(ANSWER, **changes)
    office, now = world.tools.office, world.moment
    with world.database.write() as connection:
        answer_id = drafting.draft(connection, application_id, content, by=by, now=now)
        drafting.submit(connection, answer_id, office, by=by, now=now)
    world.drain()
    return answer_id


def a_letter(**changes: Any) -> dict[str, Any]:
    """What makes an answer a letter."""
    return {
        "medium": "letter",
        "address": HEAD,
        "signatories": (Signatory("Deneme Yönetici", "Müdür"),),
        **changes,
    }


def status(world: World, application_id: int) -> str:
    with world.database.read() as connection:
        return str(
            connection.execute(
                select(t.application.c.status).where(t.application.c.id == application_id)
            ).scalar_one()
        )


def history(world: World, application_id: int) -> list[str]:
    with world.database.read() as connection:
        return list(
            connection.execute(
                select(t.event.c.kind)
                .where(t.event.c.application_id == application_id)
                .order_by(t.event.c.seq)
            ).scalars()
        )


def data_of(world: World, application_id: int, kind: str) -> dict[str, Any]:
    """What the newest event of a kind says."""
    with world.database.read() as connection:
        return dict(
            connection.execute(
                select(t.event.c.data)
                .where(t.event.c.application_id == application_id, t.event.c.kind == kind)
                .order_by(t.event.c.seq.desc())
                .limit(1)
            ).scalar_one()
        )


def outbox(world: World, application_id: int) -> dict[str, dict[str, Any]]:
    """What was owed to the applicant, by purpose."""
    with world.database.read() as connection:
        rows = connection.execute(
            select(t.outbox).where(t.outbox.c.application_id == application_id)
        ).mappings()
        return {row["purpose"]: dict(row) for row in rows}
