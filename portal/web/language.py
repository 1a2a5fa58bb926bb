"""Which language and which colours a visitor gets: own choice, then the browser's, then Turkish."""

from fastapi import Request

from portal.web.texts import LANGUAGES, Language

LANGUAGE_COOKIE = "language"
THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")


def language_of(request: Request) -> Language:
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    for language in LANGUAGES:
        if language == chosen:
            return language
    return _accepted(request.headers.get("accept-language", ""))


def theme_of(request: Request) -> str:
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def _accepted(header: str) -> Language:
    """The best of our languages in ``tr-TR,tr;q=0.9,en;q=0.8`` (RFC 9110, 12.5.4)."""
    best, weight = LANGUAGES[0], 0.0
    for part in header[:400].split(","):
        tag, _, quality = part.strip().partition(";q=")
        for language in LANGUAGES:
            if tag.strip()[:2] == language and (found := _quality(quality)) > weight:
                best, weight = language, found
    return best


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0  # a browser that says nonsense about a language does not get to choose it
