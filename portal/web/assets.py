"""Static files: named by their content, so that browsers may keep them for ever.

``app.css`` is made of the files in ``static/css``, in the order of their names.
"""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

from fastapi import APIRouter, HTTPException, Request, Response

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
}
_FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    path: str
    content_type: str
    body: bytes = field(repr=False)
    packed: bytes = field(repr=False)


def asset(name: str) -> str:
    """The address of a static file: ``vendor/htmx.min.js`` -> ``/static/vendor/htmx.min.1f0c….js``.

    Raises KeyError for a file that is not there.
    """
    return f"/static/{_by_name()[name].path}"


@router.get("/static/{path:path}", include_in_schema=False)
def static(path: str, request: Request) -> Response:
    found = _by_path().get(path)
    if found is None:
        raise HTTPException(404)
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.packed, media_type=found.content_type, headers=headers)
    return Response(found.body, media_type=found.content_type, headers=headers)


@cache
def _by_name() -> Mapping[str, Asset]:
    root = resources.files("portal") / "static"
    sheets = dict(_files(root / "css"))
    files = {name: body for name, body in _files(root) if not name.startswith("css/")}
    files["app.css"] = b"\n".join(body for _, body in sorted(sheets.items()))
    return {name: _asset(name, body) for name, body in files.items()}


@cache
def _by_path() -> Mapping[str, Asset]:
    return {one.path: one for one in _by_name().values()}


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            yield from _files(entry, f"{name}/")
        elif name.rpartition(".")[2] in _TYPES:
            yield name, entry.read_bytes()


def _asset(name: str, body: bytes) -> Asset:
    stem, _, ending = name.rpartition(".")
    mark = sha256(body).hexdigest()[:12]
    return Asset(f"{stem}.{mark}.{ending}", _TYPES[ending], body, gzip.compress(body, mtime=0))
