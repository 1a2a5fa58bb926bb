"""One application from the fax to the month's report, by keyboard, in a real browser.

Every daemon is a process; the applicant has a fax, a phone and a mailbox, the company a handler in
the claims department and a supervisor.
"""

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from peers.browser import opened, shoot
from peers.company import ADDRESS, LONG, Company, missing
from peers.keyboard import Keyboard
from peers.server import wait_until
from playwright.sync_api import Browser, Page

from config.clock import local_date

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(missing() is not None, reason=str(missing())),
]
PICTURES = "journeys"
PHONE = "+905550001234"
MAIL = "ornekkisi@example.test"
FAX = (
    "ÖRNEK SİGORTA A.Ş.",
    "Konu: Reddedilen konut hasarı",
    "Sayın Yetkili,",
    "Konut sigortamdan istediğim su basması hasarı,",
    "teminat dışı denilerek reddedildi.",
    "Bu ret kararına itiraz ediyorum, yeniden incelenmesini",
    "rica ederim. Kararın gerekçesi bana bildirilmedi.",
    "Poliçe No: 2026004217",
    "Telefon: 0555 000 12 34",
    f"E-posta: {MAIL}",
    "Deneme KİŞİ",
)
REFUSED = "Su borusundaki hasar bakım eksikliğinden doğmuştur, poliçenizin özel şartına göre."
PAID = "Tesisatçı raporunuz üzerine dosyanız yeniden incelendi; hasarınız ödenecektir."
ORDER = [
    "recorded", "looked_up", "revealed", "assessed", "routed", "asked", "applicant_replied",
    "answer_drafted", "answer_approved", "answered", "closed", "reopened", "answer_drafted",
    "answered", "closed",
]  # fmt: skip


@pytest.fixture
def claim(company: Company) -> dict[str, Any]:
    """The application that the fax has become."""
    company.bring_fax(FAX, "02120000000")
    one = company.application("fax")
    company.wait_for_text(PHONE, one["number"])
    company.wait_for_event(one["id"], "looked_up")
    return one


def test_a_refused_claim_from_the_fax_to_the_report(
    company: Company, browser: Browser, claim: dict[str, Any]
) -> None:
    number, id_ = claim["number"], claim["id"]
    unit = company.colleague("kalite", "supervisor", department="musteri-hizmetleri")
    claims = company.colleague("hasar", "handler", department="oto-disi-hasar")
    with (
        opened(browser, company.url, cookies={"session": unit.cookie}) as supervisor,
        opened(browser, company.url, cookies={"session": claims.cookie}) as handler,
    ):
        let_refusals_wait_for_approval(Keyboard(supervisor))
        assess_and_route(Keyboard(supervisor), number)
        ask(Keyboard(handler), number)
        company.wait_for_text(PHONE, "tesisatçı raporu")
        company.network.bring(PHONE, "Rapor var, yarın e-posta ile yollarım")
        company.wait_for_event(id_, "applicant_replied")
        refuse(Keyboard(handler), number)
        approve(Keyboard(supervisor), number)
        company.wait_for_event(id_, "answered")
        close(Keyboard(handler), number, "Ret")
        company.bring_mail(objection(company.outbound.taken[-1][2]))
        company.wait_for_event(id_, "reopened")
        company.wait_for_text(PHONE, "yeniden")
        pay(Keyboard(handler), number)
        company.wait_for_event(id_, "answered", times=2)
        close(Keyboard(handler), number, "Kabul")
        its_history_is_on_the_page(Keyboard(handler), company.history(id_))
        it_stands_in_the_reports(company, claim["recorded_at"], supervisor)
    assert in_order(ORDER, company.history(id_)), company.history(id_)
    [one] = company.applications()
    assert (one["status"], one["message_count"]) == ("closed", 3)
    assert MAIL in {to for _, recipients, _ in company.outbound.taken for to in recipients}


def in_order(wanted: list[str], events: list[str]) -> bool:
    rest = iter(events)
    return all(kind in rest for kind in wanted)


def let_refusals_wait_for_approval(keys: Keyboard) -> None:
    keys.page.goto("/staff/rules/approval")
    keys.choose("#position", "Ret")
    keys.press("main button.primary")
    keys.page.locator("tbody tr").wait_for()


def assess_and_route(keys: Keyboard, number: str) -> None:
    """The fax beside what was read from it; suggestions are taken as they are."""
    page = keys.page
    page.goto(f"/staff/applications/{number}")
    keys.key("g")
    page.get_by_text("Kişisel veriler açık").wait_for()
    drawn = "(document.querySelector('.sheet img') ?? {}).naturalWidth > 0"
    wait_until(lambda: page.evaluate(drawn), "the page of the fax", LONG)
    page.get_by_text("Yürürlükte").wait_for()
    page.get_by_text("Öneri: İtiraz").wait_for()
    shoot(page, PICTURES, "fax-read")
    keys.key("d")
    assert page.evaluate("document.activeElement.id") == "assess-type"
    keys.press("#act-assess button.primary")
    page.wait_for_url("**done=assess")
    keys.key("b")
    keys.choose("#route-department", "Oto D")
    keys.press("#act-route button.primary")
    page.wait_for_url("**done=route")


def ask(keys: Keyboard, number: str) -> None:
    keys.page.goto(f"/staff/applications/{number}")
    keys.key("g")
    keys.page.get_by_text("Kişisel veriler açık").wait_for()
    keys.key("s")
    keys.choose("#ask-medium", "SMS")
    keys.write("#ask-question", "Elinizde tesisatçı raporu var mı?")
    keys.press("#act-ask button.primary")
    keys.page.wait_for_url("**done=ask")


def refuse(keys: Keyboard, number: str) -> None:
    """A refusal: what goes with it by law is put there, and a second person reads it."""
    answer(keys, number, "Ret", REFUSED)
    keys.page.get_by_text("Onay bekleyen yanıt").wait_for()


def pay(keys: Keyboard, number: str) -> None:
    answer(keys, number, "Kabul", PAID)


def answer(keys: Keyboard, number: str, position: str, reasons: str) -> None:
    page = keys.page
    page.goto(f"/staff/applications/{number}")
    keys.key("y")
    keys.choose("#answer-medium", "E-posta")
    keys.choose("#answer-position", position)
    keys.write("#answer-reasons", reasons)
    keys.press("#act-answer button[formaction$=preview]")
    page.locator("#act-answer .preview").wait_for()
    shoot(page, PICTURES, "answer-preview")
    keys.press("#act-answer button[formaction$=send]")
    page.wait_for_url("**done=send")


def approve(keys: Keyboard, number: str) -> None:
    keys.page.goto(f"/staff/applications/{number}")
    keys.page.get_by_text("Onay bekleyen yanıt").wait_for()
    keys.key("o")
    keys.page.wait_for_url("**done=approve")


def close(keys: Keyboard, number: str, outcome: str) -> None:
    keys.page.goto(f"/staff/applications/{number}")
    keys.key("x")
    keys.choose("#close-outcome", outcome)
    keys.press("#act-close button.primary")
    keys.page.wait_for_url("**done=close")


def objection(answered: EmailMessage) -> EmailMessage:
    """What the applicant writes back to our refusal, as a mail program does."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Deneme Kisi <{MAIL}>", ADDRESS
    mail["Subject"] = f"Re: {answered['Subject']}"
    mail["Message-ID"] = "<itiraz@example.test>"
    mail["In-Reply-To"] = mail["References"] = answered["Message-ID"]
    mail["Date"] = datetime.now(UTC)
    mail.set_content("Bu cevabı kabul etmiyorum, tesisatçı raporu bakımın yapıldığını söylüyor.")
    return mail


def its_history_is_on_the_page(keys: Keyboard, events: list[str]) -> None:
    keys.press("summary:has(+ ol.timeline)")
    steps = keys.page.locator("ol.timeline li")
    steps.last.scroll_into_view_if_needed()
    assert steps.count() == len(events)
    shoot(keys.page, PICTURES, "history")


def it_stands_in_the_reports(company: Company, recorded_at: datetime, page: Page) -> None:
    """In the day's, and in the month's, which reconciles with the history."""
    day = local_date(recorded_at).isoformat()
    assert report(company, "daily", day)["received"] == 1
    month = report(company, "monthly", day)
    balance = {"opening": 0, "received": 1, "reopened": 1, "closed": 2, "closing": 0}
    assert month == balance | {"balances": True}
    company.house.cli("report", "verify")
    page.goto("/staff/reports/1")
    page.locator("main h1").wait_for()
    shoot(page, PICTURES, "report")


def report(company: Company, kind: str, day: str) -> dict[str, Any]:
    made = company.house.json("report", kind, "--date", day)
    assert made["balance"]["balances"]
    return dict(made["balance"])
