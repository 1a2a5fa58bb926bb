"""The texts of answers, questions and notices: read, written anew, looked at as they would go."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from cases.answers import texts as book
from cases.answers.shipped import LetterText, positions, shipped_texts
from cases.answers.wording import filled, in_days
from cases.rights import Right
from config.clock import local_date
from portal.services import services
from portal.supervise.posted import Posted
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import letter_texts

router = APIRouter(prefix="/staff/texts")
Keeper = Annotated[Staff, require(Right.MANAGE_TEXTS)]


@router.get("")
def every(request: Request, _who: Keeper) -> HTMLResponse:
    """Every text, by what it is for and how it goes."""
    with services(request).database.read() as connection:
        found = book.current(connection)
    groups: dict[tuple[str, str], list[LetterText]] = {}
    for (code, medium, _), text in sorted(found.items()):
        groups.setdefault((code, medium), []).append(text)
    return render(request, "supervise/texts.html", groups=groups)


@router.get("/{code}/{medium}/{language}")
def one(request: Request, _who: Keeper, code: str, medium: str, language: str) -> HTMLResponse:
    return _form(request, _text(request, code, medium, language))


@router.post("/{code}/{medium}/{language}")
def save(
    request: Request, who: Keeper, code: str, medium: str, language: str, given: Posted
) -> Response:
    """Look at it, or write the next version: the button says which."""
    house, old = services(request), _text(request, code, medium, language)
    new = replace(
        old, title=given["title"] or old.title, subject=given["subject"],
        body=given["body"].replace("\r\n", "\n"),
    )  # fmt: skip
    if given["do"] == "look":
        return _form(request, new)
    try:
        with house.database.write() as connection:
            book.save(connection, new, by=who.actor, now=house.now())
    except book.TextRefused as error:
        t = texts(request)
        said = [f"{t.word('texts.finding', one.rule)}: {one.detail}" for one in error.findings]
        return _form(request, new, Fields(body="; ".join(said)))
    return redirect(f"/staff/texts/{code}/{medium}/{language}")


@router.post("/{code}/{medium}/{language}/restore")
def restore(request: Request, who: Keeper, code: str, medium: str, language: str) -> Response:
    """The shipped text holds again; what was written stays among the versions."""
    house = services(request)
    shipped = shipped_texts().get((code, medium, language))
    if shipped is None:
        raise HTTPException(404)
    with house.database.write() as connection:
        book.restore(connection, shipped, by=who.actor, now=house.now())
    return redirect(f"/staff/texts/{code}/{medium}/{language}")


def _text(request: Request, code: str, medium: str, language: str) -> LetterText:
    with services(request).database.read() as connection:
        found = book.current(connection).get((code, medium, language))
    if found is None:
        raise HTTPException(404)
    return found


def _form(request: Request, text: LetterText, errors: Fields | None = None) -> HTMLResponse:
    with services(request).database.read() as connection:
        versions = letter_texts.versions(connection, text.code, text.medium, text.language)
    findings = book.lint(text)
    t = texts(request)
    return render(
        request,
        "supervise/text.html",
        status=422 if errors else 200,
        text=text,
        errors=errors or Fields(),
        findings=[f"{t.word('texts.finding', one.rule)}: {one.detail}" for one in findings],
        preview="" if findings else _preview(request, text),
        versions=versions,
        placeholders=sorted(book.PLACEHOLDERS.get(text.medium, ())),
        is_shipped=text.version == 0,
    )


def _preview(request: Request, text: LetterText) -> str:
    """The text with made-up values in it, as an applicant would read it."""
    house, t = services(request), texts(request)
    today = local_date(house.now())
    english = text.language == "en"
    given = {
        "salutation": "Dear Deneme Kişi," if english else "Sayın Deneme Kişi,",
        "number": "26-0000-0000",
        "received_on": in_days(today, text.language),
        "phone": house.company.phone,
        "company": house.company.short_name if text.medium == "sms" else house.company.name,
        "decision": positions()["partly"][text.language],
        "redress": "We pay you TRY 1,000." if english else "Size 1.000 TL ödenecektir.",
        "reasons": "(What the handler writes.)" if english else "(İlgilinin yazdığı gerekçe.)",
        "remedies": "(Remedies, where needed.)" if english else "(Gerekirse başvuru yolları.)",
        "data_subject": "",
        "signatories": t("texts.signatory"),
        "link": f"{house.base_url.rstrip('/')}/anket/…",
        "until": in_days(today, text.language),
    }
    return filled(text, given)
