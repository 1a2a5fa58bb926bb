"""Signing in as people do it: without script, by keyboard, with a code."""

import pyotp
import pytest
from peers.browser import complaints, opened

from storage import invitations

pytestmark = pytest.mark.slow
PASSWORD = "dört sözcük bir parola"


@pytest.fixture
def first_link(house):
    with house.database.write() as connection:
        return invitations.invite_first(connection, house.now())


def make_first(page, link):
    page.goto(link)
    page.get_by_label("Ad soyad").fill("İlk Yönetici")
    page.get_by_label("Kullanıcı adı").fill("ilk")
    page.get_by_label("Yeni parola", exact=True).fill(PASSWORD)
    page.get_by_label("Yeni parola (yeniden)").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Devam").click()


def test_from_the_first_start_to_a_colleague_without_script(site, browser, first_link) -> None:
    with opened(browser, site.url, script=False) as page:
        make_first(page, first_link)
        page.get_by_role("link", name="Çalışanlar").click()
        page.get_by_role("link", name="Yeni çalışan").click()
        page.get_by_label("Ad soyad").fill("Deneme Kişi")
        page.get_by_label("Kullanıcı adı").fill("deneme")
        page.get_by_label("Başvuru sorumlusu").check()
        page.get_by_role("button", name="Hesabı aç").click()
        link = page.get_by_label("Bağlantı").input_value()
        with page.expect_navigation():
            page.get_by_role("button", name="Oturumu kapat").click()
        page.goto(link.replace("http://127.0.0.1:8600", site.url))
        page.get_by_label("Yeni parola", exact=True).fill(PASSWORD)
        page.get_by_label("Yeni parola (yeniden)").fill(PASSWORD)
        page.get_by_role("button", name="Devam").click()
        page.get_by_role("heading", name="Canlı pano").wait_for()
        assert page.get_by_role("link", name="Çalışanlar").count() == 0


def test_by_keyboard_alone_with_one_time_codes(site, browser, house, world, first_link) -> None:
    with opened(browser, site.url) as page:
        make_first(page, first_link)
        page.goto("/staff/account")
        page.get_by_role("button", name="Kodları kur").press("Enter")
        key = page.locator("code").inner_text().replace(" ", "")
        assert complaints(page) == []
        page.get_by_label("Uygulamanın gösterdiği kod").focus()
        page.keyboard.type(pyotp.TOTP(key).at(house.now()))
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Sakladım").wait_for()
        assert complaints(page) == []
        with page.expect_navigation():
            page.get_by_role("button", name="Oturumu kapat").press("Enter")
        world.later(seconds=60)
        page.get_by_label("Kullanıcı adı").focus()
        page.keyboard.type("ilk")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_label("6 haneli kod").wait_for()
        assert complaints(page) == []
        page.keyboard.type(pyotp.TOTP(key).at(house.now()))
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Canlı pano").wait_for()


def test_what_cannot_be_undone_is_asked_first(site, browser, house, first_link) -> None:
    with opened(browser, site.url) as page:
        make_first(page, first_link)
        page.goto("/staff/departments/hukuk")
        page.once("dialog", lambda question: question.dismiss())
        page.get_by_role("button", name="Birimi kapat").click()
        assert page.url.endswith("/staff/departments/hukuk")
        page.once("dialog", lambda question: question.accept())
        page.get_by_role("button", name="Birimi kapat").click()
        page.wait_for_url("**/staff/departments")
