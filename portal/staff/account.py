"""The own account: password, one-time codes, where one is signed in."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from portal.services import services
from portal.staff import codes, passwords, signing_in
from portal.web.forms import Fields
from portal.web.guard import own_session, place, signed_in
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import sessions, staff, viewlog
from storage.staff import Account
from storage.viewlog import View

router = APIRouter(prefix="/staff/account")
SignedIn = Annotated[Staff, signed_in()]


@router.get("")
def page(request: Request, who: SignedIn) -> HTMLResponse:
    return _page(request, who)


@router.post("/password")
def change_password(
    request: Request,
    who: SignedIn,
    old: Annotated[str, Form(max_length=1000)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """A new password ends every other session."""
    house, t = services(request), texts(request)
    house.limiter.check("10/hour", "password", who.login)
    errors = Fields()
    if not passwords.matches(_account(request, who).password, old):
        errors["old"] = t("account.password_wrong")
    elif complaint := passwords.complaint(password, who.login):
        errors["password"] = t(complaint)
    elif password != again:
        errors["again"] = t("account.password_differs")
    if errors:
        return _page(request, who, errors)
    stored, own = passwords.hashed(password), own_session(request)
    with house.database.write() as connection:
        staff.change(connection, who.id, {"password": stored})
        sessions.end_all(connection, who.id, but=own.id if own else "")
        view = View(who.login, "password_changed", place=place(request))
        viewlog.append(connection, view, house.now())
    return redirect("/staff/account")


@router.post("/sessions/end")
def end_others(request: Request, who: SignedIn) -> Response:
    """Sign out everywhere else."""
    house, own = services(request), own_session(request)
    with house.database.write() as connection:
        sessions.end_all(connection, who.id, but=own.id if own else "")
    return redirect("/staff/account")


@router.post("/codes")
def set_up(request: Request, who: SignedIn) -> HTMLResponse:
    """Show a new key; it counts when the first code made with it was typed."""
    house, key = services(request), codes.new_key()
    sealed = codes.seal(key, who.id, house.key).hex()
    with house.database.write() as connection:
        until = house.now() + signing_in.CODE_WITHIN * 3
        step = sessions.give_one_time(
            connection, "key", staff_id=who.id, until=until, data={"key": sealed}
        )
    return _key_page(request, who, step, key)


@router.post("/codes/confirm")
def confirm(
    request: Request,
    who: SignedIn,
    step: Annotated[str, Form(max_length=100)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """The authenticator works: from now on it is asked for. Shows the recovery codes, once."""
    house = services(request)
    house.limiter.check("20/hour", "codes", who.login)
    now = house.now()
    with house.database.read() as connection:
        found = sessions.look_at_one_time(connection, "key", step, now)
    if found is None or found.staff_id != who.id:
        return redirect("/staff/account")
    sealed = bytes.fromhex(found.data["key"])
    key = codes.unseal(sealed, who.id, house.key) or ""
    taken = codes.step_of(key, code, now)
    if taken is None:
        return _key_page(request, who, step, key, failed=True)
    recovery = codes.new_recovery()
    with house.database.write() as connection:
        sessions.use_one_time(connection, "key", step, now)
        values = {"code_key": sealed, "code_step": taken, "recovery": codes.kept(recovery)}
        staff.change(connection, who.id, values)
        viewlog.append(connection, View(who.login, "codes_set", place=place(request)), now)
    return render(request, "staff/recovery.html", recovery=recovery)


@router.post("/codes/remove")
def remove(
    request: Request, who: SignedIn, old: Annotated[str, Form(max_length=1000)] = ""
) -> Response:
    """No one-time codes any more. Asks for the password: a session alone may be stolen."""
    house = services(request)
    house.limiter.check("10/hour", "password", who.login)
    if not passwords.matches(_account(request, who).password, old):
        return _page(request, who, Fields({"codes-old": texts(request)("account.password_wrong")}))
    with house.database.write() as connection:
        staff.change(connection, who.id, {"code_key": None, "recovery": []})
        view = View(who.login, "codes_removed", place=place(request))
        viewlog.append(connection, view, house.now())
    return redirect("/staff/account")


def _account(request: Request, who: Staff) -> Account:
    with services(request).database.read() as connection:
        account = staff.by_id(connection, who.id)
    assert account is not None  # the guard found it a moment ago, and accounts are never deleted
    return account


def _page(request: Request, who: Staff, errors: Fields | None = None) -> HTMLResponse:
    own = own_session(request)
    with services(request).database.read() as connection:
        open_sessions = sessions.of_staff(connection, who.id)
    return render(
        request,
        "staff/account.html",
        status=422 if errors else 200,
        account=_account(request, who),
        sessions=open_sessions,
        own=own.id if own else "",
        errors=errors or Fields(),
        shortest=passwords.SHORTEST,
        codes_required=services(request).portal.second_factor == "required",
    )


def _key_page(
    request: Request, who: Staff, step: str, key: str, *, failed: bool = False
) -> HTMLResponse:
    address = codes.address(key, who.login, services(request).company.name)
    return render(
        request,
        "staff/codes.html",
        status=422 if failed else 200,
        step=step,
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        picture=codes.picture(address),
        failed=failed,
    )
