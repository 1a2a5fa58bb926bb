"""What a form posted: texts and files by the names of their fields."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

_FIELDS, _FILES = 300, 60
"""As many of each as are looked at; a form of ours has a tenth of that."""


@dataclass(frozen=True, slots=True)
class PostedForm:
    """Whatever was not posted is empty."""

    data: FormData = field(repr=False)

    def text(self, name: str) -> str:
        value = self.data.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        return [one for one in self.data.getlist(name) if isinstance(one, str)]

    def files(self, name: str) -> list[UploadFile]:
        return [one for one in self.data.getlist(name) if isinstance(one, UploadFile)]


async def _posted(request: Request) -> AsyncIterator[PostedForm]:
    async with request.form(max_fields=_FIELDS, max_files=_FILES) as data:
        yield PostedForm(data)


Posted = Annotated[PostedForm, Depends(_posted)]
"""For a route: ``def send(request: Request, posted: Posted) -> Response``."""
