"""Corrective and preventive actions of a made-up year, led by the services that people use.

Each month two causes are taken up, and each action goes its way: done in time or late, found
effective or not, now and then dropped.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from cases.causes import service as causes
from cases.causes.service import NewImprovement
from config.clock import local_date, start_of
from samples.year.story import Story
from storage.engine import Connection

SOURCES = 6
"""Applications that an action is opened for."""
TITLES: Mapping[str, str] = {
    "kapasite": "Hasar hattına dönemsel ek kadro",
    "surec": "Evrak akışının tek adıma indirilmesi",
    "tedarikci": "Eksper ve servis sözleşmelerine süre ölçütü",
    "iletisim": "Ret mektuplarının sade dille yeniden yazılması",
    "sistem": "Mobil uygulamada poliçe ekranının onarımı",
    "egitim": "Çağrı merkezi için dinleme eğitimi",
    "beklenti": "Değer kaybı için bilgilendirme sayfası",
    "urun": "Teminat özetinin poliçenin ilk sayfasına alınması",
}


def improve(
    connection: Connection, year: int, stories: Sequence[tuple[int, Story]], rng: Random
) -> int:
    """Open and lead actions for these (application id, story). Returns how many there are."""
    opened = 0
    closed = [(i, story, _found(story)) for i, story in stories if story.steps[-1].kind == "closed"]
    for month in range(2, 13):
        begin = date(year, month, 1)
        now = start_of(begin + timedelta(days=4)) + timedelta(hours=10)
        for cause in rng.sample(sorted(TITLES), 2):
            sources = [
                i for i, story, found in closed if found == cause and _over_before(story, now)
            ]
            if sources:
                _lead(connection, rng, cause, sources[-SOURCES:], now)
                opened += 1
    return opened


def _lead(
    connection: Connection, rng: Random, cause: str, sources: Sequence[int], now: datetime
) -> None:
    over = start_of(date(now.year + 1, 1, 1))
    new = NewImprovement(
        kind=rng.choice(("corrective", "preventive")),
        title=TITLES[cause],
        department="musteri-hizmetleri",
        owner="musteri",
        due_on=local_date(now) + timedelta(days=rng.choice((30, 45, 60, 90))),
        cause=cause,
        sources=sources,
    )
    row_id = causes.open_(connection, new, by="staff:musteri", now=now)
    done = now + timedelta(days=rng.randrange(20, 80))
    if rng.random() < 0.08:
        causes.drop(connection, row_id, "Başka bir faaliyetle aynı", by="staff:musteri", now=done)
    elif done < over:
        evidence = "Uygulamaya alındı, tutanağı dosyada"
        causes.done(connection, row_id, evidence, by="staff:musteri", now=done)
        judged = done + causes.COMPARED
        if judged < over:
            fell = causes.measure(connection, row_id, now=judged).verdict == "fell"
            verdict = "effective" if fell or rng.random() < 0.6 else "ineffective"
            causes.verify(connection, row_id, verdict, by="staff:denetci", now=judged)


def _found(story: Story) -> str | None:
    return next((s.data["cause"] for s in reversed(story.steps) if s.kind == "cause_found"), None)


def _over_before(story: Story, now: datetime) -> bool:
    """Whether it was over by then, in the sixty days before."""
    return now - timedelta(days=60) < story.steps[-1].at.astimezone(UTC) < now
