"""People at work with a whole installation, by keyboard alone: an applicant on a phone, an agent in
a call, an operator at night. Every daemon is a process, every server around them a real one."""

import re
from email.message import EmailMessage

import httpx2
import pytest
from peers import dovecot
from peers.browser import PHONE, opened, shoot
from peers.company import ADDRESS, CALL_SECRET, LONG, Company, missing
from peers.keyboard import Keyboard
from peers.server import wait_until
from playwright.sync_api import Browser, Page, expect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(missing() is not None, reason=str(missing())),
]
PICTURES = "journeys"
MS = LONG * 1_000


def test_an_applicant_on_a_phone_applies_follows_and_adds(
    company: Company, browser: Browser
) -> None:
    with opened(browser, company.url, size=PHONE) as page:
        keys = Keyboard(page)
        page.goto("/")
        shoot(page, PICTURES, "applicant-home")
        keys.press("main a[href='/apply']")
        write_application(keys, "0555 000 20 01")
        number = page.locator("#number").inner_text()
        shoot(page, PICTURES, "applicant-number")
        company.wait_for_text("+905550002001", number.replace("-", ""))
        see_status(keys, company, number, "0555 000 20 01")
        shoot(page, PICTURES, "applicant-status")
        keys.write("[name=text]", "Dekontu da göndereceğim.")
        keys.press("form[action$=message] button.primary")
        expect(page.locator(".notice.good")).to_be_visible(timeout=MS)
    one = company.application("web")
    assert (one["number"], one["message_count"]) == (number.replace("-", ""), 2)


def write_application(keys: Keyboard, phone: str) -> None:
    page = keys.page
    page.locator("input[name=type]").first.wait_for()
    keys.press("input[name=type]", "Space")
    keys.write("[name=subject]", "Ödeme gecikti")
    keys.write("[name=text]", "Hasar ödemem üç haftadır yapılmadı, dosyam bekliyor.")
    keys.write("[name=name]", "Deneme Kişi")
    keys.write("[name=phone]", phone)
    shoot(page, PICTURES, "applicant-form")
    page.locator("input[name=altcha]").wait_for(state="attached", timeout=MS)
    keys.press("form[data-once] button.primary")
    page.locator("#number").wait_for(timeout=MS)


def see_status(keys: Keyboard, company: Company, number: str, phone: str) -> None:
    """With a code that is sent to the phone on file."""
    page = keys.page
    page.goto("/status")
    keys.write("[name=number]", number)
    keys.write("[name=phone]", phone)
    with page.expect_navigation(timeout=MS):
        keys.key("Enter")
    company.wait_for_text("+905550002001", "kodunuz: ")
    [code] = re.findall(r"kodunuz: (\d{6})", company.told("+905550002001"))
    keys.write("[name=code]", code)
    keys.key("Enter")
    page.locator(f"h1:has-text('{number}')").wait_for(timeout=MS)


def test_an_agent_writes_a_call_down_while_it_lasts(company: Company, browser: Browser) -> None:
    agent = company.colleague("agent", "handler", department="cagri-merkezi")
    with opened(browser, company.url, cookies={"session": agent.cookie}) as page:
        page.goto("/staff/phone")
        expect(page.locator("#phone")).to_be_focused()
        call(company, event="ring", **{"from": "05550003001"})
        page.wait_for_url("**/staff/phone?call=*", timeout=MS)
        expect(page.locator("#name")).to_be_focused()
        call(company, event="answer", agent="agent")
        number = write_down(page)
        company.wait_for_text("+905550003001", number.replace("-", ""))
        call(company, event="end", recording="kayit/1.wav")
        page.keyboard.press("n")
        page.wait_for_url("**/staff/phone")
    one = company.application("phone")
    assert one["applicant"]["phone"] == "+905550003001"


def call(company: Company, **event: str) -> None:
    """What the telephone system posts."""
    answer = httpx2.post(
        f"{company.url}/hooks/calls/phone",
        json={"call_id": "c1"} | event,
        headers={"authorization": f"Bearer {CALL_SECRET}"},
        timeout=LONG,
    )
    assert answer.status_code == 204


def write_down(page: Page) -> str:
    """From the name on: the caller's number came with the call."""
    page.keyboard.type("Deneme Kişi")
    page.keyboard.press("Tab")
    page.keyboard.type("Çekici iki saattir gelmedi, otoyolda bekliyorum.")
    shoot(page, PICTURES, "call")
    with page.expect_navigation(timeout=MS):
        page.keyboard.press("Control+Enter")
    number = page.locator("#number").inner_text(timeout=MS)
    shoot(page, PICTURES, "call-number")
    return str(number)


def test_an_operator_finds_and_mends_a_mailbox_that_refuses_us(
    company: Company, browser: Browser
) -> None:
    """Its password was changed: the new one is put in place, and the channel started. Mails that
    came meanwhile waited there. No process is started anew."""
    operator = company.colleague("gece", "operations")
    with opened(browser, company.url, cookies={"session": operator.cookie}) as page:
        page.goto("/staff/operations")
        letters = company.mailbox.drafted([letter().as_bytes()])
        change_password(company, "another one")
        company.mailbox.kick()
        expect(page.locator(".verdict")).to_contain_text("oturum açmayı reddetti", timeout=MS)
        shoot(page, PICTURES, "channel-stuck")
        company.mailbox.reveal(letters)
        company.know_the_password("another one")
        page.reload()
        Keyboard(page).press("form[action$='/channels/mail/start'] button")
        expect(page.locator(".verdict")).not_to_contain_text("mail", timeout=MS)
    assert company.application("email")["subject"] == "Poliçem gelmedi"


def change_password(company: Company, password: str) -> None:
    users = company.mailbox.folder / "users"
    users.write_text(f"{dovecot.USER}:{{PLAIN}}{password}\n", encoding="utf-8")


def letter() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Deneme Kisi <deneme@example.test>", ADDRESS
    mail["Subject"], mail["Message-ID"] = "Poliçem gelmedi", "<police@example.test>"
    mail.set_content("Poliçemi iki haftadır bekliyorum. Telefon: 0555 000 40 01")
    return mail


def test_an_operator_sees_what_could_not_be_read_and_why(
    company: Company, browser: Browser
) -> None:
    """An SMS whose gateway does not say who wrote it is kept, and says what to set where."""
    operator = company.colleague("gece", "operations")
    head = {"x-kannel-time": "2026-03-10 09:30:00", "content-type": "text/plain"}
    httpx2.post(company.sms_hook, content=b"Cevap bekliyorum", headers=head, timeout=LONG)
    with opened(browser, company.url, cookies={"session": operator.cookie}) as page:
        wait_until(lambda: company.quarantined() == 1, "the quarantine", LONG)
        page.goto("/staff/quarantine")
        page.get_by_text("send-sender").wait_for()
        shoot(page, PICTURES, "quarantine")
        keys = Keyboard(page)
        keys.press("input[name=ids]", "Space")
        page.once("dialog", lambda question: question.accept())
        keys.press("#items button.danger")
        page.get_by_text("Karantina boş").wait_for(timeout=MS)
