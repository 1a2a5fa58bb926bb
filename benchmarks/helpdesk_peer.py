"""The same mails through django-helpdesk, for a ratio of the same run.

It is no part of Başvuru and is not installed with it. Whoever wants the comparison gives the
Python of an environment that has it::

    python -m venv DIR && DIR/bin/pip install django-helpdesk django-mailbox psycopg2-binary

``get_email`` reads an IMAP box into tickets and acknowledges each by mail, with the settings that
it comes with and what it needs to take in strangers.
"""

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from peers.dovecot import USER, Dovecot
from peers.postgres import Postgres
from peers.smtp import MailServer
from way import Figures, cpu

SETTINGS = """
SECRET_KEY = "benchmark"
USE_TZ = True
SITE_ID = 1
ROOT_URLCONF = "peer_urls"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
LOGIN_URL, MEDIA_URL, STATIC_URL = "/login/", "/media/", "/static/"
MEDIA_ROOT = {media!r}
INSTALLED_APPS = [
    *("django.contrib." + name for name in (
        "admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "humanize", "sites",
    )),
    "rest_framework", "helpdesk",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [{{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {{"context_processors": [
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
        "django.template.context_processors.request",
    ]}},
}}]
DATABASES = {{"default": {{
    "ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "USER": "app",
    "PORT": {postgres}, "NAME": {database!r},
}}}}
EMAIL_HOST, EMAIL_PORT, DEFAULT_FROM_EMAIL = "127.0.0.1", {smtp}, "destek@example.test"
HELPDESK_TEAMS_MODE_ENABLED = False
HELPDESK_VALIDATE_ATTACHMENT_TYPES = False
"""
URLS = """
from django.urls import include, path
urlpatterns = [path("helpdesk/", include("helpdesk.urls", namespace="helpdesk"))]
"""
QUEUE = """
from helpdesk.models import Queue
Queue.objects.create(
    title="destek", slug="destek", email_address="destek@example.test", locale="en",
    allow_public_submission=True, allow_email_submission=True, email_box_interval=0,
    email_box_type="imap", email_box_host="127.0.0.1", email_box_port={port},
    email_box_user={user!r}, email_box_pass={password!r}, email_box_imap_folder="INBOX",
)
"""


ASCII_PASSWORD = "ascii-only"
"""It can send no other."""


class Helpdesk:
    """``python``: of the environment that django-helpdesk is in. ``folder``: for its files."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._python, self._folder = python, folder

    def run(self, bodies: Sequence[bytes]) -> Figures:
        with (
            Dovecot(password=ASCII_PASSWORD) as dovecot,
            Postgres(durable=True) as postgres,
            MailServer() as smtp,
        ):
            self._set_up(dovecot, postgres, smtp)
            start, start_cpu = self._read_box()  # of an empty box: what starting costs
            dovecot.deliver(bodies)
            servers = {
                "dovecot": dovecot.pid,
                "postgres": postgres.pid,
            }
            before = {name: cpu(pid) for name, pid in servers.items()}
            seconds, spent_cpu = self._read_box()
            spent = {name: cpu(pid) - before[name] for name, pid in servers.items()}
            spent["get_email"] = spent_cpu - start_cpu
            if not smtp.taken:
                raise RuntimeError(f"it acknowledged nothing: {self._log.read_text()[-2000:]}")
            return Figures(len(bodies), seconds - start, spent, len(smtp.taken))

    def _read_box(self) -> tuple[float, float]:
        """Seconds that it takes, and its CPU."""
        before, start = _ended_children(), time.monotonic()
        self._manage("get_email")
        return time.monotonic() - start, _ended_children() - before

    @property
    def _log(self) -> Path:
        return self._folder / "peer.log"

    def _set_up(self, dovecot: Dovecot, postgres: Postgres, smtp: MailServer) -> None:
        self._folder.mkdir()
        settings = SETTINGS.format(
            media=str(self._folder / "media"),
            postgres=postgres.port,
            database=postgres.new_database().rpartition("/")[2],
            smtp=smtp.port,
        )
        (self._folder / "peer_settings.py").write_text(settings)
        (self._folder / "peer_urls.py").write_text(URLS)
        self._manage("migrate")
        self._manage("loaddata", "emailtemplate.json")
        queue = QUEUE.format(port=dovecot.imap_port, user=USER, password=ASCII_PASSWORD)
        self._manage("shell", "-c", queue)

    def _manage(self, *command: str) -> None:
        where = {"DJANGO_SETTINGS_MODULE": "peer_settings", "PYTHONPATH": str(self._folder)}
        with self._log.open("ab") as log:
            subprocess.run(
                [self._python, "-m", "django", *command],
                check=True,
                cwd=self._folder,
                env=os.environ | where,
                stdout=log,
                stderr=log,
            )


def _ended_children() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system
