"""Rendering: one call turns a template and values into a page in the visitor's language."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from cases import masking, words
from cases.number import shown as number_shown
from cases.reports import labels
from config.turkish import Say
from ingest.registry import in_turkish
from portal.services import services
from portal.web import shown
from portal.web.assets import asset
from portal.web.language import language_of, theme_of
from portal.web.nav import PUBLIC, nav_of
from portal.web.texts import Texts
from portal.web.visitor import visitor


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """The page ``templates/TEMPLATE`` (or a fragment of one) with these values.

    Every template also sees ``t`` (texts), ``language``, ``theme``, ``me`` (who is signed in, or
    None), ``may`` (``may("handle")``), ``token`` (for forms), ``nav``, ``path``, ``company`` and
    ``now``. A name that nobody gave is an error, not an empty string.
    """
    body = _environment().get_template(template).render(_shared(request) | values)
    return HTMLResponse(body, status, headers=headers)


def texts(request: Request) -> Texts:
    """The texts in the visitor's language, for code that makes a sentence itself."""
    return Texts(language_of(request))


def said_in(language: str) -> Say:
    """How what channels and readers say to operators is shown in a language."""
    return in_turkish() if language == "tr" else str


def redirect(address: str) -> RedirectResponse:
    """After a form was taken: look at this page next (303, so that a reload sends nothing)."""
    return RedirectResponse(address, status_code=303)


def own_path(address: str, otherwise: str = "/") -> str:
    """The address when it is a path of ours; what points to another host is replaced."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if ours and address.isprintable() and "\\" not in address else otherwise


def _shared(request: Request) -> dict[str, Any]:
    house, who = services(request), visitor(request)
    language = language_of(request)
    return {
        "t": Texts(language),
        "language": language,
        "theme": theme_of(request),
        "me": who.staff,
        "may": who.may,
        "token": who.token,
        "nav": nav_of(who.may),
        "public_nav": PUBLIC,
        "path": request.url.path,
        "company": house.company,
        "now": house.now(),
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("portal"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    environment.filters |= {name: _in_language(how) for name, how in _SHOWN.items()}
    environment.filters |= {"age_since": _age_since, "number": number_shown, "word": _word}
    environment.filters |= {"label": _label, "said": _said}
    environment.filters |= {
        f"masked_{kind}": partial(masking.masked, kind)
        for kind in ("phone", "tckn", "email", "iban", "plate", "name", "handle")
    }
    environment.filters |= {
        "status": _in_language(words.status),
        "acknowledgement": _in_language(words.acknowledgement),
    }
    environment.filters["masked"] = lambda value, kind: masking.masked(kind, value)
    return environment


_SHOWN: Mapping[str, Callable[..., str]] = {
    "moment": shown.moment,
    "day": shown.day,
    "long_day": shown.long_day,
    "age": shown.age,
    "count": shown.count,
    "share": shown.share,
    "money": shown.money,
    "size": shown.size,
}


def _in_language(how: Callable[..., str]) -> Callable[..., str]:
    @pass_context
    def filtered(context: Context, value: Any, *more: Any) -> str:
        return how(value, context["language"], *more)

    return filtered


@pass_context
def _age_since(context: Context, instant: datetime | None) -> str:
    """How long ago: ``12 dk``."""
    span = None if instant is None else context["now"] - instant
    return shown.age(span, context["language"])


@pass_context
def _word(context: Context, code: str, area: str) -> str:
    """What a code is called: ``status | word("status")``."""
    found: Texts = context["t"]
    return found.word(area, code)


@pass_context
def _said(context: Context, sentence: str) -> str:
    """What a channel or a reader said, in the language of the page."""
    return said_in(context["language"])(sentence)


@pass_context
def _label(context: Context, code: Any, dimension: str) -> str:
    """What reports call a code: ``type | label("type")``."""
    return labels.names(dimension, code)[context["language"] != "tr"]
