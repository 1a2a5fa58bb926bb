"""Every table of the settings file, typed: its keys, what they mean, their defaults."""

from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Section(BaseModel):
    """Base of every table of the settings file."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Company(Section):
    """How the company names itself in messages to applicants."""

    name: str = "Örnek Sigorta"
    """Full name, as it stands in letters and mails."""
    short_name: str = "Ornek Sigorta"
    """Name at the end of an SMS."""
    phone: str = "0850 000 00 00"
    """Number that applicants may call; stands in every SMS."""
    address: tuple[str, ...] = ()
    """Lines of the postal address, in letters and for them. Empty: post is not offered."""
    legal_line: str = ""
    """Last line of a letter: legal form, registry, MERSİS number."""
    logo: Path | None = None
    """Picture (SVG or PNG) at the head of letters. Empty: the name."""
    own_addresses: tuple[str, ...] = ()
    """Our mail addresses, domains (``@example.test``) and phones: they name no applicant."""
    email: str = ""
    """Mail address for applications, shown to applicants. Empty: mail is not offered."""
    fax: str = ""
    """Fax number for applications, shown to applicants. Empty: fax is not offered."""
    social: tuple[str, ...] = ()
    """Addresses of our pages on social networks, shown to applicants."""
    data_controller: str = ""
    """Registered name and address, as the privacy notice has to give them. Empty: ``name``."""


class Database(Section):
    """Where the rows live."""

    url: SecretStr = SecretStr("")
    """SQLAlchemy URL. Empty: SQLite (WAL) in the data folder."""
    pool_size: Annotated[int, Field(ge=1, le=200)] = 10
    """Connections that one process keeps open at the most."""


class Broker(Section):
    """Dramatiq's broker: a doorbell. It may be wiped at any moment, and nothing is lost."""

    url: SecretStr = SecretStr("")
    """``redis://``, ``rediss://`` or ``unix://``; ``redis+sentinel://HOST,HOST/SERVICE`` (with TLS
    ``rediss+sentinel://``); ``amqp://`` or ``amqps://`` for RabbitMQ (extra ``rabbitmq``). Empty: a
    private redis-server of ours."""
    ca: Path | None = None
    """File (PEM) of the authority that signed the broker's certificate; empty: the well-known."""
    namespace: str = "dramatiq"
    """Prefix of all keys on Redis; on RabbitMQ the virtual host parts installations."""


class Blobs(Section):
    """Where the bytes live, under their SHA-256."""

    folder: Path | None = None
    """Empty: ``blobs`` in the data folder."""
    bucket: str = ""
    """Name of an S3 bucket, instead of the folder: for many machines (extra ``s3``)."""
    url: str = ""
    """``https://HOST[:PORT]`` of a store that speaks S3. Empty: Amazon's own."""
    region: str = "us-east-1"
    """Region of the bucket."""
    prefix: str = ""
    """Put in front of every key, where the bucket is shared with something else."""
    access_key: SecretStr = SecretStr("")
    """Empty: what the machine's role gives."""
    secret_key: SecretStr = SecretStr("")
    """Belongs to ``access_key``."""
    ca: Path | None = None
    """File (PEM) of the authority that signed the store's certificate; empty: the well-known."""
    seconds: Annotated[float, Field(ge=1, le=300)] = 20.0
    """Bound of one request to the bucket."""


class Workers(Section):
    """Background processes that ``basvuru up`` starts."""

    processes: Annotated[int, Field(ge=1, le=64)] = 1
    """Worker processes for mail, recording and sending."""
    threads: Annotated[int, Field(ge=1, le=64)] = 4
    """Threads in each of them."""
    page_threads: Annotated[int, Field(ge=1, le=64)] = 2
    """Pages that are read (OCR) at the same time; each takes one core."""
    batch: Annotated[int, Field(ge=1, le=500)] = 100
    """Rows that one claim takes at the most."""
    claim_seconds: Annotated[float, Field(ge=1, le=3600)] = 120.0
    """How long a worker that went silent holds what it claimed (documents: 30 minutes at least)."""
    sweep_seconds: Annotated[float, Field(gt=0, le=600)] = 5.0
    """How often rows that nobody answered for are rung for again."""
    attempts: Annotated[int, Field(ge=1, le=100)] = 5
    """Tries before a row that keeps failing is set aside in the quarantine."""


class Duplicates(Section):
    """When two messages of one person are one matter."""

    window_days: Annotated[int, Field(ge=1, le=365)] = 30
    """How far back near-duplicates are looked for."""
    attach_score: Annotated[float, Field(ge=50, le=100)] = 90.0
    """From this likeness on (0 to 100) the later message joins the earlier application."""
    suggest_score: Annotated[float, Field(ge=30, le=100)] = 75.0
    """From this likeness on the pair is shown to a person."""


class Acknowledgement(Section):
    """When and how an applicant is told the number."""

    quiet_from: time = time(0, 0)
    """No SMS from this time on (Europe/Istanbul) ..."""
    quiet_until: time = time(0, 0)
    """... until this time, for example 21:00 and 09:00. Equal times: no quiet hours."""
    per_sender_hour: Annotated[int, Field(ge=1)] = 20
    """Acknowledgements to one person within an hour, over all channels."""
    per_sender_day: Annotated[int, Field(ge=1)] = 60
    """Acknowledgements to one person within a day, over all channels."""
    language: Literal["tr", "en"] = "tr"
    """Language where the applicant's is not known."""


class Deadlines(Section):
    """How days are counted, and who hears when time becomes short."""

    half_day_counts: bool = True
    """Whether a half holiday (free from 13:00) is a working day."""
    complaint_unit: str = "musteri-hizmetleri"
    """Department that hears of every warning from 80 per cent on, and of what nobody else has."""
    answers_for_law: str = "uyum"
    """Department that also hears of legal deadlines that ran out."""
    mail_to: dict[str, str] = {}
    """Department code -> address that is told of new warnings: counts only, no personal data. What
    administrators wrote into the table of departments goes before this."""


class Answers(Section):
    """What is said to applicants after the acknowledgement, and how an application ends."""

    quiet_from: time = time(21, 0)
    """No SMS with answers, questions or surveys from this time on (Europe/Istanbul) ..."""
    quiet_until: time = time(9, 0)
    """... until this time. Equal times: no quiet hours."""
    sms_parts: Annotated[int, Field(ge=1, le=6)] = 3
    """Most parts of an SMS that carries an answer or a question."""
    consumer_limits: dict[str, int] = {}
    """Year -> TL below which a consumer dispute goes to the arbitral committee; beside those that
    are shipped."""
    remind_after_days: Annotated[int, Field(ge=1, le=60)] = 3
    """Silence after which an applicant is reminded of a question."""
    reminders: Annotated[int, Field(ge=0, le=5)] = 1
    """Reminders before a question counts as met with silence, and a person looks at it."""
    call_attempts: Annotated[int, Field(ge=1, le=10)] = 3
    """Attempts to phone before another way is taken."""
    call_gap_hours: Annotated[float, Field(ge=0, le=24)] = 2.0
    """Hours that must lie between two attempts, so that they are at different times of day."""
    quiet_close_days: Annotated[int, Field(ge=1, le=365)] = 15
    """Silence after an answer, in days, after which it may be closed as *no reply*."""
    survey: bool = False
    """Whether applicants are asked how their application was handled. A lawyer decides."""
    survey_after_days: Annotated[int, Field(ge=0, le=60)] = 2
    """Days after closing on which they are asked."""
    survey_valid_days: Annotated[int, Field(ge=1, le=90)] = 14
    """Days for which the link can be used."""
    survey_rest_days: Annotated[int, Field(ge=0, le=730)] = 90
    """Days within which nobody is asked twice."""
    survey_sms_number: str = ""
    """Number that takes SMS (1 to 5). Empty: surveys go by mail only."""


class Sms(Section):
    """The SMS gateway. ``options`` are the gateway's own settings: ``basvuru gateway describe``."""

    gateway: str = "console"
    """console, kannel, netgsm, verimor, iletimerkezi, twilio, smpp, or a plugin's."""
    sender: Annotated[str, Field(pattern=r"^[A-Za-z0-9 .\-*]{3,11}$")] = "ORNEK"
    """Registered alphanumeric sender id, 3 to 11 ASCII characters."""
    options: dict[str, Any] = {}
    """Settings of the chosen gateway."""
    per_second: Annotated[float, Field(gt=0)] = 20.0
    """SMS handed over per second at the most."""
    price: Annotated[float, Field(ge=0)] = 0.0
    """Price of one part, in the currency of ``daily_cap``."""
    daily_cap: Annotated[float, Field(ge=0)] = 0.0
    """Spending on SMS within a day after which they are held until tomorrow. 0: no cap."""
    give_up_hours: Annotated[float, Field(gt=0)] = 24.0
    """After this time an SMS that could not be handed over becomes an open duty."""


class Mail(Section):
    """Outgoing mail (acknowledgements where there is no mobile number)."""

    host: str = ""
    """SMTP server. Empty: mails are written to ``outgoing`` in the data folder."""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    """SMTP port."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is protected."""
    username: str = ""
    """Empty: no login."""
    password: SecretStr = SecretStr("")
    """SMTP password."""
    from_address: str = "basvuru@example.test"
    """Address that our mails come from."""


class Ocr(Section):
    """How pages are read."""

    engine: str = "auto"
    """auto (tesserocr where it is installed, else tesseract), tesseract, tesserocr, null, or a
    plugin's."""
    languages: str = "tur"
    """Tesseract languages, joined by ``+``."""
    dpi: Annotated[int, Field(ge=100, le=600)] = 300
    """Resolution at which PDF pages are rendered."""
    max_pages: Annotated[int, Field(ge=1)] = 200
    """Pages of one document that are read; the rest is kept and marked."""
    page_seconds: Annotated[float, Field(gt=0)] = 120.0
    """Time limit for one page."""
    document_seconds: Annotated[float, Field(gt=0, le=1500)] = 1200.0
    """Time limit for one document; what takes longer is set aside."""
    memory_mb: Annotated[int, Field(ge=200)] = 4000
    """Address space of the process that reads documents; what needs more is set aside."""
    review_below: Annotated[float, Field(ge=0, le=100)] = 80.0
    """Pages read with less confidence than this go to the reading desk."""


class Scanning(Section):
    """The virus scanner that is asked about attached files. It informs, and never holds anything
    up: files that it could not be asked about are marked so."""

    clamd: str = ""
    """``unix:///run/clamav/clamd.ctl`` or ``tcp://HOST:PORT``. Empty: files are not scanned."""
    seconds: Annotated[float, Field(gt=0, le=60)] = 10.0
    """Time within which it has to answer."""
    largest_mb: Annotated[int, Field(ge=1, le=4000)] = 25
    """Its StreamMaxLength: files that are larger are not sent, and marked as not scanned."""


ReportKind = Literal["daily", "weekly", "monthly", "quarterly", "review"]


class Responsible(Section):
    """Somebody of the complaints unit, as the quarterly return names them."""

    name: str
    """Name and surname."""
    title: str = ""
    """Title."""
    phone: str = ""
    """Phone."""
    email: str = ""
    """Mail address."""


class Reports(Section):
    """Reports that are made by themselves. Schedules are cron, on an Istanbul clock."""

    daily: str = "15 6 * * *"
    """When yesterday's report is made. Empty: never."""
    weekly: str = "30 6 * * 1"
    """When last week's report is made."""
    monthly: str = "0 7 1 * *"
    """When last month's report is made."""
    quarterly: str = "0 8 1 1,4,7,10 *"
    """When the regulator's return on last quarter is made; it is due ten days after the quarter."""
    review: str = "0 9 5 1,4,7,10 *"
    """When the pack for the management review is made."""
    recipients: dict[ReportKind, tuple[str, ...]] = {}
    """Mail addresses for each of them: ``daily = ["..."]``. They get PDF and XLSX."""
    language: Literal["tr", "en"] = "tr"
    """Language of what is mailed."""
    responsible: tuple[Responsible, ...] = ()
    """Persons of the complaints unit (at least two), for the quarterly return."""


class Portal(Section):
    """The web."""

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8600
    """Port to listen on."""
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    """Addresses or networks of proxies: what they say in X-Forwarded-For is who asks."""
    base_url: str = ""
    """Address under which others reach us (gateways post receipts there). Empty: host and port."""
    idle_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    """A session of staff ends when nothing was opened for this long ..."""
    session_hours: Annotated[float, Field(gt=0, le=168)] = 12.0
    """... and after this time in any case."""
    second_factor: Literal["optional", "required"] = "optional"
    """Whether staff who sign in with a password must have one-time codes too."""


class Operations(Section):
    """Objectives, and who is told when something is wrong."""

    number_seconds: Annotated[float, Field(gt=0)] = 60.0
    """Within this time after landing 95 of 100 applications should have their number."""
    sms_seconds: Annotated[float, Field(gt=0)] = 120.0
    """Within this time after landing 95 of 100 SMS should be handed over."""
    mail_to: tuple[str, ...] = ()
    """Mail addresses that are told, once when trouble begins and once when it is over."""
    webhook: SecretStr = SecretStr("")
    """Address that gets the same as JSON."""
    after_seconds: Annotated[float, Field(ge=0)] = 60.0
    """Trouble that is over within this time is not told."""
    metrics_token: SecretStr = SecretStr("")
    """What Prometheus sends as bearer token. Empty: /metrics answers only this machine."""


class Oidc(Section):
    """Sign-in of staff at an identity provider (OpenID Connect). Accounts and roles stay ours."""

    issuer: str = ""
    """Address of the provider, like ``https://login.example.test/realms/staff``. Empty: none."""
    client_id: str = ""
    """What the provider calls us."""
    client_secret: SecretStr = SecretStr("")
    """Password of ours at the provider."""
    label: str = ""
    """What the button says; empty: a general text."""
    login_claim: str = "email"
    """Claim of the ID token that is the login of one of our accounts."""


class Logs(Section):
    """Logging. Never personal data, whatever the level."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severe level that is written."""
    format: Literal["auto", "json", "console"] = "auto"
    """auto: readable on a terminal, JSON elsewhere."""


class Tracing(Section):
    """Traces of OpenTelemetry, from source to SMS (extra ``tracing``)."""

    endpoint: str = ""
    """``http://HOST:4318/v1/traces`` of a collector (OTLP over HTTP). Empty: none."""
    token: SecretStr = SecretStr("")
    """Sent to it as a bearer token."""
    share: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Part of the messages that are traced; every process chooses the same ones."""


class Secrets(Section):
    """Keys. Empty: made once and kept in the data folder, mode 0600."""

    number_key: SecretStr = SecretStr("")
    """Key of the permutation behind application numbers. Change it only at a year's end."""
    index_key: SecretStr = SecretStr("")
    """Key of the blind index over phones, mail addresses and identity numbers. Never change it."""
    callback_key: SecretStr = SecretStr("")
    """Signs the addresses at which gateways call us back."""
    portal_key: SecretStr = SecretStr("")
    """Seals the keys of one-time codes of staff. Changed: they set them up anew."""
