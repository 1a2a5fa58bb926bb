"""Language and colours, kept in two cookies of the visitor's own."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from portal.services import services
from portal.web.language import LANGUAGE_COOKIE, THEME_COOKIE, THEMES
from portal.web.page import own_path, redirect
from portal.web.texts import LANGUAGES

router = APIRouter()
_YEAR = 365 * 86_400


@router.post("/preferences")
def prefer(
    request: Request,
    language: Annotated[str, Form()] = "",
    theme: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "/",
) -> RedirectResponse:
    """Remember the choice and go back to where it was made."""
    answer = redirect(own_path(to))
    for cookie, value, known in (
        (LANGUAGE_COOKIE, language, LANGUAGES),
        (THEME_COOKIE, theme, THEMES),
    ):
        if value in known:
            answer.set_cookie(
                cookie,
                value,
                _YEAR,
                httponly=True,
                samesite="lax",
                secure=services(request).is_https,
            )
    return answer
