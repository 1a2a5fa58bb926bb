"""What every page has: headers, languages, static files, words for errors, doors shut to others."""

import re
import string
import tomllib
from pathlib import Path

import pytest
from fastapi import HTTPException
from redis import Redis
from starlette.testclient import TestClient

from portal.app import make_app
from portal.web import shown
from portal.web.limits import Limiter
from portal.web.page import own_path
from portal.web.shell import POLICY
from portal.web.texts import LANGUAGES, catalogue
from storage.engine import Database

ROOM = Path(__file__).parents[2] / "portal"
HTML = {"Accept": "text/html"}


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_and_blanks() -> None:
    turkish, english = (catalogue(language) for language in LANGUAGES)
    assert turkish.keys() == english.keys()
    assert {k: blanks(v) for k, v in turkish.items()} == {k: blanks(v) for k, v in english.items()}


def test_every_text_that_a_template_or_the_code_names_exists() -> None:
    named: set[str] = set()
    for file in [*ROOM.glob("templates/**/*.html"), *ROOM.glob("**/*.py")]:
        named |= set(re.findall(r'\bt\("([\w.]+)"', file.read_text(encoding="utf-8")))
    assert named
    whole = {key for key in named if not key.endswith((".", "_"))}
    assert whole <= catalogue("tr").keys()
    begun = named - whole
    assert [one for one in begun if not any(k.startswith(one) for k in catalogue("tr"))] == []


def test_texts_are_kept_by_area() -> None:
    files = sorted(file.name for file in (ROOM / "texts" / "tr").iterdir())
    assert files == sorted(file.name for file in (ROOM / "texts" / "en").iterdir())
    assert all(tomllib.loads((ROOM / "texts" / "tr" / name).read_text()) for name in files)


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("", "", "tr"),
        ("", "en-GB,en;q=0.9,tr;q=0.8", "en"),
        ("", "de-DE,de;q=0.9", "tr"),
        ("", "en;q=x", "tr"),
        ("en", "tr", "en"),
        ("xx", "en", "en"),
    ],
)
def test_the_own_choice_comes_before_the_browsers(portal, cookie, accepted, language) -> None:
    portal.cookies.set("language", cookie)
    page = portal.get("/", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}"' in page.text


def test_a_choice_is_kept_and_leads_back_to_where_it_was_made(portal) -> None:
    answer = portal.post(
        "/preferences", data={"language": "en", "theme": "dark", "to": "/"}, follow_redirects=True
    )
    assert 'lang="en" data-theme="dark"' in answer.text


@pytest.mark.parametrize("to", ["//other.example.test", "https://x", "/\\x", "/a\\b", "", "/a\nb"])
def test_no_redirect_leads_to_another_host(to) -> None:
    assert own_path(to) == "/"


def test_every_answer_carries_safe_headers_and_a_trace(portal) -> None:
    for path in ("/", "/nowhere", "/healthz"):
        headers = portal.get(path).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert re.fullmatch(r"[0-9a-f]{16}", headers["X-Trace"])
        assert headers["Cache-Control"] == "no-store"
    assert "unsafe" not in POLICY


def test_templates_have_nothing_inline() -> None:
    for file in ROOM.glob("templates/**/*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", text)


def test_static_files_are_named_by_content_and_kept_for_ever(portal) -> None:
    [sheet] = re.findall(r'href="(/static/app\.[0-9a-f]{12}\.css)"', portal.get("/").text)
    answer = portal.get(sheet)
    assert "immutable" in answer.headers["Cache-Control"]
    assert "light-dark(" in answer.text
    assert portal.get("/static/app.css").status_code == 404
    assert portal.get("/static/../app.py").status_code == 404


def test_errors_are_said_in_words_with_a_code_to_quote(portal) -> None:
    page = portal.get("/nowhere", headers=HTML)
    assert page.status_code == 404
    assert "Sayfa bulunamadı" in page.text
    assert page.headers["X-Trace"] in page.text
    assert portal.get("/nowhere").json() == {"detail": "Not Found"}


def test_a_failure_is_a_page_and_tells_nothing_of_what_was_sent(house, monkeypatch) -> None:
    app = make_app(house)

    @app.get("/breaks")
    def breaks() -> None:
        raise RuntimeError("0555 000 12 34")

    page = TestClient(app).get("/breaks", headers=HTML)
    assert page.status_code == 500
    assert "Beklenmeyen bir sorun" in page.text
    assert "0555" not in page.text


def test_a_database_that_is_away_is_said(house, tmp_path) -> None:
    from dataclasses import replace

    away = Database(f"sqlite:///{tmp_path}/no/such/folder.db")
    client = TestClient(make_app(replace(house, database=away)))
    client.cookies.set("session", "x")
    page = client.get("/staff", headers=HTML)
    assert page.status_code == 503
    assert "hizmet veremiyoruz" in page.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://other.example.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[::1"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://testserver"}, 303),
        ({}, 303),
    ],
)
def test_a_post_that_another_site_asked_for_is_refused(portal, headers, status) -> None:
    sent = portal.post("/preferences", data={}, headers=headers, follow_redirects=False)
    assert sent.status_code == status


def test_tries_are_counted_for_each_who_and_what() -> None:
    limiter = Limiter()
    assert [limiter.allows("2/minute", "code", "a") for _ in range(3)] == [True, True, False]
    assert limiter.allows("2/minute", "code", "b")
    assert limiter.allows("2/minute", "other", "a")
    with pytest.raises(HTTPException):
        limiter.check("2/minute", "code", "a")


def test_tries_are_counted_without_redis_too(tmp_path) -> None:
    limiter = Limiter(Redis.from_url(f"unix://{tmp_path}/no.sock").connection_pool)
    assert [limiter.allows("1/minute", "code", "a") for _ in range(2)] == [True, False]


def test_dates_counts_and_money_are_written_as_people_here_write_them(now) -> None:
    assert shown.moment(now) == "10.03.2026 12:30"
    assert shown.moment(now, "en") == "10 Mar 2026 12:30"
    assert shown.long_day(now) == "10 Mart 2026 Salı"
    assert shown.long_day(now, "en") == "Tuesday 10 March 2026"
    assert shown.count(12345.6, "tr", 1) == "12.345,6"
    assert shown.count(12345.6, "en", 1) == "12,345.6"
    assert shown.money(123450) == "1.234,50 ₺"
    assert shown.share(0.124) == "%12"
    ages = [45, 720, 10_800, 200_000, None]
    assert [shown.age(one) for one in ages] == ["45 sn", "12 dk", "3 sa", "2 gün", "–"]
    assert shown.size(1_234_567) == "1,2 MB"
