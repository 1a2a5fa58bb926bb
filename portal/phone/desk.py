"""The call screen: what is said is written down in the order in which people talk.

The same screen takes what cannot be read by a program: the counter, a letter, a message on a
network.
"""

from dataclasses import asdict, replace
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cases import status_access
from cases.joining import digits
from cases.words import TYPES
from config.clock import ISTANBUL, local
from ingest import forms
from portal.intake import receipt
from portal.phone.access import Agent, phone_account
from portal.phone.recognised import at_the_line, recognised
from portal.public import form_key
from portal.public.accounts import intake
from portal.public.fields import Fields, problems
from portal.public.posted import Posted, PostedForm
from portal.services import services
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import calls
from storage.calls import Call

router = APIRouter(prefix="/staff/phone", include_in_schema=False)
MEDIA = ("phone", "counter", "post", "fax", "email", "social", "other")
"""How it reached the colleague who writes it down."""
_KEPT = ("medium", "received", "joins", "call")
"""What the screen holds besides the fields of a form."""
_OLDEST = timedelta(days=365)


@router.get("")
def screen(request: Request, who: Agent, call: int = 0) -> HTMLResponse:
    """An empty screen, what was begun before, or the call that rings."""
    house = services(request)
    with house.database.read() as connection:
        begun = calls.draft(connection, who.login)
        found = calls.find(connection, call) if call else None
    key, given = form_key.issue(intake(request).secret, house.now()), dict[str, str]()
    if begun and (not call or begun[1].get("call") == str(call)):
        key, given = begun[0], dict(begun[1])
    elif found:
        given = {"phone": found.caller, "call": str(found.id)}
    return _screen(request, who, given, key, call=found)


@router.post("")
def record(request: Request, who: Agent, posted: Posted) -> Response:
    """Write it down: it lands, and its number is read out on the next page."""
    house, (account, _) = services(request), phone_account(request)
    key, given = posted.text("key"), _given(posted)
    if form_key.shown_at(intake(request).secret, key) is None:
        key = form_key.issue(intake(request).secret, house.now())
    elif receipt(house.database, account, f"desk:{key}"):
        return redirect(f"/staff/phone/recorded/{key}")
    errors = problems(Fields.of(given), by_hand=True) | _wrong(given, house.now())
    if errors:
        return _screen(request, who, given, key, errors=errors, call=_call(request, given))
    call = _call(request, given)
    item = forms.item(
        "phone", f"desk:{key}", _form(who, given, call), _received(given.get("received", ""))
    )
    intake(request).take(account, "phone", item, ())
    found = receipt(house.database, account, f"desk:{key}")
    with house.database.write() as connection:
        calls.drop_draft(connection, who.login)
        if call and found and found.application_id:
            calls.note(connection, call.id, application_id=found.application_id)
    return redirect(f"/staff/phone/recorded/{key}")


@router.post("/draft")
def keep(request: Request, who: Agent, posted: Posted) -> Response:
    """Keep what was written so far; a browser that dies loses nothing."""
    house = services(request)
    with house.database.write() as connection:
        calls.save_draft(
            connection, who.login, posted.text("key")[:64], _given(posted), house.now()
        )
    return Response(status_code=204)


@router.post("/draft/drop")
def drop(request: Request, who: Agent) -> Response:
    """Begin anew."""
    with services(request).database.write() as connection:
        calls.drop_draft(connection, who.login)
    return redirect("/staff/phone")


def _given(posted: PostedForm) -> dict[str, str]:
    names = (*Fields.__dataclass_fields__, *_KEPT)
    return {name: text for name in names if (text := posted.text(name).strip()[:20_000])}


def _form(who: Staff, given: dict[str, str], call: Call | None) -> forms.Form:
    said = Fields.of(given)
    medium = given.get("medium", "phone")
    form = forms.Form(
        **asdict(said), medium=medium, entered_by=who.login, proved=digits(given.get("joins", ""))
    )
    if call is None:
        return form
    return replace(form, call=str(call.id), recording=call.recording)


def _wrong(given: dict[str, str], now: datetime) -> dict[str, str]:
    found = {}
    if given.get("medium", "phone") not in MEDIA:
        found["medium"] = "wrong"
    if given.get("received"):
        moment = _received(given["received"])
        if moment is None or not now - _OLDEST <= moment <= now:
            found["received"] = "wrong"
    joins = digits(given.get("joins", ""))
    if joins and not status_access.may_be_number(joins):
        found["joins"] = "wrong"
    return found


def _received(text: str) -> datetime | None:
    """What a date field says (``2026-11-25T09:30``, on Istanbul's clock); None: now."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ISTANBUL) if text else None
    except ValueError:
        return None  # said beside the field


def _call(request: Request, given: dict[str, str]) -> Call | None:
    row = given.get("call", "")
    if not (row.isascii() and row.isdigit() and len(row) < 18):
        return None
    with services(request).database.read() as connection:
        return calls.find(connection, int(row))


def _screen(
    request: Request,
    who: Staff,
    given: dict[str, str],
    key: str,
    *,
    errors: dict[str, str] | None = None,
    call: Call | None = None,
) -> HTMLResponse:
    say, house = texts(request), services(request)
    phone_account(request)
    return render(
        request,
        "phone/desk.html",
        said=Fields.of(given),
        medium=given.get("medium", "phone"),
        received=given.get("received", ""),
        latest=f"{local(house.now()):%Y-%m-%dT%H:%M}",
        joins=given.get("joins", ""),
        key=key,
        call=call,
        found=recognised(request, who, given.get("phone", "")),
        line=at_the_line(request, who),
        types=[("", say("phone.type_later")), *((c, say(f"apply.type.{c}")) for c in TYPES)],
        media=[(code, say(f"phone.medium.{code}")) for code in MEDIA],
        errors={n: say(f"phone.wrong.{n}_{c}") for n, c in (errors or {}).items()},
        status=422 if errors else 200,
    )
