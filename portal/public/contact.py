"""The page behind a one-time link: somebody who wrote on a network gives contact details."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cases import contact_links, contact_words
from cases.contact_links import LinkClosed
from cases.contacts import BadContact, Contact
from portal.public.accounts import client, intake
from portal.public.posted import Posted
from portal.services import services
from portal.web.language import language_of
from portal.web.page import render

router = APIRouter(prefix="/iletisim", include_in_schema=False)


@router.get("/{token}")
def details(request: Request, token: str) -> HTMLResponse:
    """What the link is for, and the fields."""
    return _page(request, token, Contact())


@router.post("/{token}", max_body_size=20_000)
def give(request: Request, token: str, posted: Posted) -> Response:
    """Take the details; the SMS with the number goes out."""
    house = services(request)
    house.limiter.check("30/hour", "contact", client(request))
    contact = Contact(
        **{name: posted.text(name)[:400] for name in ("name", "phone", "email", "policy")}
    )
    try:
        with house.database.write() as connection:
            done = contact_links.redeem(
                connection,
                token,
                contact,
                consent=posted.text("consent") == "yes",
                house=intake(request).house(),
                now=house.now(),
            )
    except BadContact as error:
        said = {
            n: contact_words.problem(c, language_of(request)) for n, c in error.problems.items()
        }
        return _page(request, token, contact, errors=said)
    except LinkClosed:
        return _page(request, token, contact)  # the page says what became of the link
    house.ring(done.to_send)
    sentence = contact_words.state("done", language_of(request), number=done.number)
    return render(
        request, "public/contact.html", state="done", sentence=sentence, number=done.number
    )


def _page(
    request: Request, token: str, contact: Contact, errors: dict[str, str] | None = None
) -> HTMLResponse:
    house, language = services(request), language_of(request)
    with house.database.read() as connection:
        look = contact_links.look(connection, token, house.now())
    status = 422 if errors else {"open": 200, "unknown": 404}.get(look.state, 410)
    return render(
        request,
        "public/contact.html",
        state=look.state,
        sentence=contact_words.state(look.state, language, number=look.number),
        number=look.number,
        consent=contact_words.consent_text(language),
        contact=contact,
        errors=errors or {},
        status=status,
    )
