"""The stand-ins as ``basvuru demo`` runs them: some people write, and our answers come back."""

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.contract import WebhookRequest
from ingest.testkit.standins import graph, linkedin, x
from ingest.testkit.standins.graph_data import IG, PAGE

COMPLAINT = "Hasar dosyam üç haftadır sonuçlanmadı, kimse bilgi vermiyor. Ne yapmam gerekiyor?"
REQUEST = "Poliçemin yenileme teklifinde hasarsızlık indirimim görünmüyor, düzeltir misiniz?"
MESSAGE = "Merhaba, eksper randevuma kimse gelmedi. Yeni bir gün verilmesini rica ediyorum."


class X:
    """A mention, one that was edited, and a direct message."""

    def __init__(self) -> None:
        self._server = x.XStandin()

    def table(self) -> Mapping[str, Any]:
        return {
            "access_token": x.TOKEN,
            "refresh_token": x.REFRESH,
            "client_id": "demo",
            "base_url": self._server.url,
            "poll_seconds": 2.0,
        }

    def speak(self) -> Sequence[WebhookRequest]:
        self._server.post(f"@{x.USERNAME} {COMPLAINT}")
        edited = self._server.post(
            f"@{x.USERNAME} Poliçem yenilenmedi", author="1700000000000000077"
        )
        self._server.users["1700000000000000077"] = "baska_musteri"
        self._server.edit(edited, f"@{x.USERNAME} {REQUEST}")
        self._server.write(MESSAGE)
        return ()

    def heard(self) -> Sequence[str]:
        return [str(sent["text"]) for sent in self._server.sent]

    def stop(self) -> None:
        self._server.stop()


class _Meta:
    def __init__(self) -> None:
        self._server = graph.GraphServer()
        self._data = self._server.data
        self._running = True

    def table(self) -> Mapping[str, Any]:
        return {
            "page_id": PAGE,
            "page_token": graph.TOKEN,
            "app_secret": graph.APP_SECRET,
            "verify_token": graph.VERIFY_TOKEN,
            "graph_url": self._server.url,
            "poll_seconds": 2.0,
        }

    def heard(self) -> Sequence[str]:
        return [str(sent["text"]) for sent in self._data.sent]

    def stop(self) -> None:
        if self._running:
            self._running = False
            self._server.stop()


class Facebook(_Meta):
    """A visitor's post, a comment on a post of ours, and a message."""

    def speak(self) -> Sequence[WebhookRequest]:
        ours = self._data.post_by(PAGE, "Kış lastiği kampanyamız başladı")
        self._data.post_by("70001", COMPLAINT)
        self._data.comment_by("70002", REQUEST, ours)
        self._data.message_by("70003", MESSAGE)
        return ()


class Instagram(_Meta):
    """A comment on a picture of ours, and a message."""

    def table(self) -> Mapping[str, Any]:
        return {**super().table(), "instagram_id": IG}

    def speak(self) -> Sequence[WebhookRequest]:
        ours = self._data.media_by(IG, "Yeni ürünümüz")
        self._data.ig_comment_by("70004", COMPLAINT, ours)
        self._data.message_by("70005", MESSAGE, platform="instagram")
        return ()


class LinkedIn:
    """A comment, and a post that names the company."""

    def __init__(self) -> None:
        self._server = linkedin.LinkedInStandin()

    def table(self) -> Mapping[str, Any]:
        return {
            "organization": linkedin.ORGANIZATION,
            "access_token": linkedin.TOKEN,
            "refresh_token": linkedin.REFRESH,
            "client_id": "demo",
            "client_secret": linkedin.SECRET,
            "calls_per_day": 100_000,
            "base_url": self._server.url,
            "poll_seconds": 2.0,
        }

    def speak(self) -> Sequence[WebhookRequest]:
        self._server.comment(COMPLAINT)
        self._server.mention(REQUEST)
        return ()

    def heard(self) -> Sequence[str]:
        return [str(sent["text"]) for sent in self._server.sent]

    def stop(self) -> None:
        self._server.stop()
