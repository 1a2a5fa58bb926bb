"""Corrective and preventive actions, complaints per claims, and where applications come from."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from cases.causes import service as causes
from cases.lookups.contract import Record
from cases.lookups.origin import origin
from cases.reports import figures
from cases.reports.adhoc import BadChoice, Choice
from cases.reports.figures import Value, measure
from storage import tables as t
from storage.engine import Database
from storage.reporting.counting import Slice

NAMES = ("actions_open", "actions_overdue", "actions_done", "actions_effective")
BEGUN = datetime(2025, 3, 3, 9, tzinfo=UTC)


def days(first: date, last: date, **where: str) -> Slice:
    return Slice(first, last, where)


MARCH = days(date(2025, 3, 1), date(2025, 3, 31))
APRIL = days(date(2025, 4, 1), date(2025, 4, 30))
SUMMER = days(date(2025, 7, 1), date(2025, 9, 30))
NEXT = days(date(2025, 10, 1), date(2025, 12, 31))


def some_actions(database: Database) -> list[int]:
    """In the place of the year's own: one that is done and helps, one that is done and does not
    help, one that is dropped."""
    with database.write() as connection:
        for table in (t.improvement_step, t.improvement_source, t.improvement):
            connection.execute(delete(table))
        found = [
            causes.open_(
                connection,
                causes.NewImprovement(
                    kind="corrective", title="Deneme", department=department, owner="deneme",
                    due_on=date(2025, 4, 10), topic="hasar", sources=(source,),
                ),
                by="staff:deneme", now=BEGUN,
            )
            for source, department in ((1, "oto-hasar"), (2, "oto-hasar"), (3, "bt"))
        ]  # fmt: skip
        late = datetime(2025, 5, 5, 9, tzinfo=UTC)
        causes.drop(connection, found[2], "gereksiz", by="staff:deneme", now=late)
        for one, verdict in zip(found, ("effective", "ineffective"), strict=False):
            causes.done(connection, one, "belge", by="staff:deneme", now=late)
            judged = late + timedelta(days=100)
            causes.verify(connection, one, verdict, by="staff:deneme", now=judged)
    return found


def test_actions_count_on_the_days_on_which_they_stood(year: Database) -> None:
    some_actions(year)
    with year.read() as connection:
        found = {
            part.first.month: [measure(connection, NAMES, part)[()][name] for name in NAMES]
            for part in (MARCH, APRIL, SUMMER, NEXT)
        }
    nothing = Value(None, 0, 0)
    assert found[3] == [Value(3), Value(0), Value(0), nothing]
    assert found[4] == [Value(3), Value(3), Value(0), nothing]
    assert found[7] == [Value(1), Value(1), Value(0), Value(50.0, 1, 2)]
    assert found[10] == [Value(1), Value(1), Value(0), nothing]


def test_actions_are_chosen_by_what_they_have(year: Database) -> None:
    some_actions(year)
    with year.read() as connection:
        of_bt = measure(connection, NAMES, days(MARCH.first, MARCH.last, department="bt"))[()]
        of_phone = measure(connection, NAMES, days(MARCH.first, MARCH.last, channel="phone"))[()]
        behind = figures.applications(connection, "actions_open", MARCH)
    assert of_bt["actions_open"] == Value(1)
    assert of_phone["actions_open"] == Value(None)
    assert behind == [1, 2, 3]
    with pytest.raises(BadChoice):
        Choice(measures=("actions_open",), by=("channel",))


def test_complaints_per_claims_take_the_share_of_a_month(year: Database) -> None:
    week = days(date(2025, 3, 3), date(2025, 3, 9))
    p = t.policy_count.c
    with year.read() as connection:
        march = connection.execute(select(p.claims).where(p.month == MARCH.first)).scalars().all()
        found = [
            measure(connection, ("complaints_per_1000_claims",), part)[()] for part in (MARCH, week)
        ]
    claims = [one["complaints_per_1000_claims"].denominator for one in found]
    assert claims == pytest.approx([sum(march), sum(march) * 7 / 31])


def test_acknowledged_and_not_acknowledged_are_all_that_is_owed(year: Database) -> None:
    whole = days(date(2025, 1, 1), date(2025, 12, 31))
    with year.read() as connection:
        found = measure(connection, ("acknowledged", "not_acknowledged"), whole)[()]
    told, owed = found["acknowledged"].numerator, found["acknowledged"].denominator
    assert found["not_acknowledged"].value == owed - told > 0


@pytest.mark.parametrize(
    ("facts", "known"),
    [
        ({"İl": "İSTANBUL", "Acente Kodu": "A-017"}, {"province": "34", "agent": "A-017"}),
        ({"il_kodu": "6", "acente": "Deneme Sigorta Aracılık"}, {"province": "06"}),
        ({"şehir": "Gotham", "acente": "Ayşe"}, {}),
        ({"il": "Şanlıurfa"}, {"province": "63"}),
    ],
)
def test_a_system_tells_the_province_and_the_code_of_the_agent(
    facts: dict[str, str], known: dict[str, str]
) -> None:
    assert origin([Record("policy", "P1", facts)]) == known


def test_where_records_differ_nothing_is_said() -> None:
    found = [Record("policy", f"P{i}", {"il": name}) for i, name in enumerate(("Van", "Bolu"))]
    assert origin(found) == {}
