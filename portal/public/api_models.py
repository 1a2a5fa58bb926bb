"""What programs send and get at ``/api/v1``. The page of documentation is printed from these."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Header
from pydantic import BaseModel, ConfigDict, Field, model_validator

from portal.public.fields import LONGEST_TEXT, Fields, problems

Type = Literal[
    "complaint",
    "request",
    "information",
    "objection",
    "suggestion",
    "thanks",
    "data_protection",
]
Line = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(min_length=10, max_length=LONGEST_TEXT)]
FileTokens = Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=50)]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        pattern=r"^[A-Za-z0-9._-]+$",
        description="Made by the caller, one for each application or message (a UUID). The same "
        "key again changes nothing and gets the same answer: repeat whatever was not answered.",
    ),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class ApplicationIn(_Strict):
    """One application. A phone or an e-mail address has to be there; the SMS needs a mobile."""

    type: Type
    """What the applicant calls it."""
    text: Text
    """What happened, and what is expected."""
    subject: Line = ""
    name: Annotated[str, Field(min_length=1, max_length=200)]
    """Full name of the applicant."""
    phone: Line = ""
    """Any way of writing it; without country code it is Turkish."""
    email: Line = ""
    identity: Line = ""
    """Turkish identity number; data-protection requests need it."""
    policy: Line = ""
    claim: Line = ""
    notice: Line = ""
    """Version of the privacy notice that the applicant was shown (GET /privacy-notice)."""
    files: FileTokens = []
    """What `POST /files` answered."""

    @model_validator(mode="after")
    def _as_the_form_does(self) -> "ApplicationIn":
        wrong = problems(Fields.of(self.model_dump()))
        if wrong:
            raise ValueError(", ".join(f"{name}: {code}" for name, code in wrong.items()))
        return self


class MessageIn(_Strict):
    """Something to be added to an application."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    files: FileTokens = []


class Receipt(_Strict):
    """What became of it."""

    number: str | None
    """`26-1994-3644`; null while it is stored and not numbered yet: ask for the receipt again."""
    joined: bool
    """It was added to an application that was there before."""
    received_at: datetime


class Progress(_Strict):
    """Where an application stands, in the words that its applicant sees."""

    number: str
    type: str
    stage: Literal["received", "examined", "waiting", "answered", "closed"]
    received_at: datetime
    due_at: datetime | None
    """By when it is answered at the latest."""
    steps: list["StepOut"]


class StepOut(_Strict):
    what: str
    at: datetime


class FileOut(_Strict):
    """A file that waits for its application, for a day."""

    file: str
    """To be named in `files`."""
    name: str
    size: int
    content_type: str
    """What it is, found by looking into it."""


class Problem(BaseModel):
    """Why something was not taken."""

    detail: str
